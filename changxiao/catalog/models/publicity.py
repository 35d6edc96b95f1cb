"""公开规则: what the public may read of each kind of case, a row a category or sub-category."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from changxiao.catalog.models.subjects import Category, Subcategory


class PublicRule(models.Model):
    """公开规则: when cases of a kind may be read by everybody, and how exactly their place.

    The nearest row decides: the sub-category's, its category's, the city's (which names neither).
    Whether one case is read at all, a person decides besides (`cases.actions.publish`).
    """

    class View(models.TextChoices):
        """何时公开."""

        NONE = "none", _("不公开")
        CLOSED = "closed", _("办结后公开")
        LIVE = "live", _("办理中就公开")

    class Place(models.TextChoices):
        """位置公开到什么程度: neighbours are never pointed at on a map."""

        EXACT = "exact", _("准确位置")
        COARSE = "coarse", _("大致位置（约250米）")
        HIDDEN = "hidden", _("不上地图")

    class Photos(models.TextChoices):
        """照片: whether pictures are shown besides, and who must have looked at them."""

        NONE = "none", _("不公开照片")
        LOOKED = "looked", _("由人看过后公开")
        SURE = "sure", _("检测有把握的自动公开")

    category = models.OneToOneField(
        Category, models.PROTECT, null=True, blank=True, related_name="public_rule"
    )
    subcategory = models.OneToOneField(
        Subcategory, models.PROTECT, null=True, blank=True, related_name="public_rule"
    )
    view = models.CharField(_("何时公开"), max_length=8, choices=View)
    place = models.CharField(_("公开位置"), max_length=8, choices=Place)
    photos = models.CharField(_("公开照片"), max_length=8, choices=Photos, default=Photos.LOOKED)

    class Meta:
        verbose_name = _("公开规则")
        constraints = [
            models.CheckConstraint(
                condition=Q(category__isnull=True) | Q(subcategory__isnull=True),
                name="public_rule_one_subject",
            ),
            models.UniqueConstraint(
                models.Value(1),
                condition=Q(category__isnull=True, subcategory__isnull=True),
                name="public_rule_one_city",
            ),
            # A machine alone decides for no kind that nobody named.
            models.CheckConstraint(
                condition=~Q(photos="sure")
                | Q(category__isnull=False)
                | Q(subcategory__isnull=False),
                name="public_rule_sure_is_named",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.view}, {self.place}"

    @property
    def key(self) -> str:
        """键: "e0110", "e01", or "*" for the city's own."""
        subject = self.subcategory or self.category
        return subject.key if subject else "*"

    @property
    def stream(self) -> str:
        """记录流."""
        return f"public_rule:{self.key}"
