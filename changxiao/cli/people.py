"""命令行所指的人, and the act of the command line itself."""

from __future__ import annotations

from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _
from changxiao.orgs.models import Staff


def staff_named(username: str) -> Staff:
    """人员 by username; Refused `staff_unknown`."""
    found = Staff.objects.filter(username=username).first()
    if found is None:
        message = _("没有用户“%(user)s”，请核对用户名") % {"user": username}
        raise Refused("staff_unknown", message, field="user")
    return found


def act() -> Act:
    """命令行的动作."""
    return Act.system("cli")
