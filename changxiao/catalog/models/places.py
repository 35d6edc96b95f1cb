"""场所类型 of communities: what kind of place each is, as the city says."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class PlaceKind(models.Model):
    """场所类型: of one community; a community without a row is of no kind yet."""

    class Kind(models.TextChoices):
        """类型."""

        BUSINESS = "business", _("商区")
        GATED = "gated", _("高档商住小区")
        OPEN = "open", _("开放式小区")
        BUILDING = "building", _("楼宇")

    community_code = models.CharField(_("社区代码"), max_length=24, unique=True)
    kind = models.CharField(_("场所类型"), max_length=10, choices=Kind.choices)

    class Meta:
        verbose_name = _("场所类型")

    def __str__(self) -> str:
        return f"{self.community_code} {self.kind}"

    @property
    def stream(self) -> str:
        """记录流."""
        return f"place_kind:{self.community_code}"
