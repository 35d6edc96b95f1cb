"""巡查 patrols as a Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PatrolsConfig(AppConfig):
    """巡查."""

    name = "changxiao.patrols"
    verbose_name = _("巡查")
