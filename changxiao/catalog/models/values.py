"""城市取值: the numbers that a city sets, and the stamp that says when any rule last changed."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CityPolicy(models.Model):
    """政策取值: a value in place of the default of `policy.DEFAULTS`."""

    key = models.CharField(_("名称"), max_length=40, unique=True)
    value = models.CharField(_("取值"), max_length=2000)

    class Meta:
        verbose_name = _("政策取值")

    def __str__(self) -> str:
        return f"{self.key} = {self.value}"

    @property
    def stream(self) -> str:
        """记录流."""
        return f"policy:{self.key}"


class CatalogStamp(models.Model):
    """目录版本: one row, raised by every edit; processes compare it before they trust a cache."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    version = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = _("目录版本")
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="catalog_stamp_one_row")
        ]

    def __str__(self) -> str:
        return str(self.version)
