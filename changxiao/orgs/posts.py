"""岗位 Post: what a person may do, not who the person is (domain.md §5.2; GB/T 22239 8.1.5 for the
three administrators who are never the same person)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Post(models.TextChoices):
    """岗位: the posts of the two centres, the handling side, those above, the administrators."""

    COLLECTOR = "collector", _("监督员")
    INTAKE = "intake", _("受理员")
    SHIFT_LEADER = "shift_leader", _("值班长")
    CENTER_DIRECTOR = "center_director", _("监督中心主任")
    DISPATCHER = "dispatcher", _("派遣员")
    COMMAND_DIRECTOR = "command_director", _("指挥中心主任")
    HANDLER = "handler", _("处置人员")
    UNIT_LEAD = "unit_lead", _("处置部门负责人")
    INSPECTOR = "inspector", _("督查员")
    LEADER = "leader", _("领导")
    CITY_ADMIN = "city_admin", _("系统管理员")
    SECURITY_ADMIN = "security_admin", _("安全管理员")
    AUDITOR = "auditor", _("审计员")


ADMINISTRATORS = (Post.CITY_ADMIN.value, Post.SECURITY_ADMIN.value, Post.AUDITOR.value)
