"""机构 orgs as a Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrgsConfig(AppConfig):
    """机构."""

    name = "changxiao.orgs"
    verbose_name = _("机构")

    def ready(self) -> None:
        """Checks register themselves when they are imported."""
        from changxiao.orgs import checks  # noqa: F401
