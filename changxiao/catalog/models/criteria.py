"""立案标准 FilingCriterion: the condition, its limit and its closing condition (GB/T 30428.4).

A sub-category has several (2.7 on average in the Yuncheng standard); a limit on the sub-category
alone would be wrong. A criterion is versioned: an edit ends the row and opens the next one with the
same code, so that a case keeps pointing at the words it was filed under.
"""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from changxiao.catalog.models.limited import Limited
from changxiao.catalog.models.subjects import Subcategory
from changxiao.orgs.models.dated import Dated, DatedQuerySet


class PhotoRole(models.TextChoices):
    """结案材料: what a closing condition may ask for; cases store photos under the same words."""

    BEFORE = "before", _("处置前")
    AFTER = "after", _("处置后")
    NEAR = "near", _("近景")
    FAR = "far", _("远景")
    DOCUMENT = "document", _("材料")
    READING = "reading", _("读数")


def before_and_after() -> list[str]:
    """默认结案材料: a photo before and one after, at the place (domain.md §4)."""
    return [PhotoRole.BEFORE.value, PhotoRole.AFTER.value]


class CriterionQuerySet(DatedQuerySet["FilingCriterion"]):
    """立案标准查询."""

    def current(self) -> CriterionQuerySet:
        """现行: the one version of each code that is in force."""
        return self.filter(until_date__isnull=True)

    def of(self, subcategory: Subcategory) -> CriterionQuerySet:
        """小类的现行标准, most serious grade first, later stages of a chain left out."""
        rows = self.current().filter(subcategory=subcategory, is_first=True)
        return rows.order_by("code")


class FilingCriterion(Limited, Dated):
    """立案标准: one condition under one sub-category, with limit, evidence and successor."""

    class Grade(models.TextChoices):
        """程度: some cities grade limits by how bad it is (domain.md §4)."""

        SLIGHT = "slight", _("轻微")
        NORMAL = "normal", _("一般")
        SERIOUS = "serious", _("严重")

    code = models.CharField(_("代码"), max_length=24)
    version = models.PositiveSmallIntegerField(_("版次"), default=1)
    subcategory = models.ForeignKey(Subcategory, models.PROTECT, related_name="criteria")
    condition = models.TextField(_("立案条件"))
    condition_en = models.TextField(_("立案条件（英文）"), blank=True, default="")
    grade = models.CharField(_("程度"), max_length=8, choices=Grade.choices, default=Grade.NORMAL)
    urgent = models.BooleanField(_("紧急"), default=False)
    closing_condition = models.TextField(_("结案条件"), blank=True, default="")
    closing_needs = models.JSONField(_("结案材料"), default=before_and_after, blank=True)
    capture_rule = models.TextField(_("采集要求"), blank=True, default="")
    stage_name = models.CharField(_("阶段"), max_length=40, blank=True, default="")
    is_first = models.BooleanField(_("首阶段"), default=True)
    successor = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="predecessors",
        verbose_name=_("后续阶段"),
    )
    source = models.CharField(_("出处"), max_length=200, blank=True, default="")

    objects = CriterionQuerySet.as_manager()

    class Meta:
        verbose_name = _("立案标准")
        ordering = ["code", "version"]
        indexes = [models.Index(fields=["subcategory", "until_date"], name="criterion_current")]
        constraints = [
            *Limited.Meta.constraints,
            *Dated.Meta.constraints,
            models.UniqueConstraint(fields=["code", "version"], name="criterion_version_once"),
            models.UniqueConstraint(
                fields=["code"],
                condition=Q(until_date__isnull=True),
                name="criterion_one_version_in_force",
            ),
            models.CheckConstraint(
                condition=Q(successor__isnull=True) | ~Q(successor=F("id")),
                name="criterion_not_its_own_successor",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subcategory.name}：{self.condition}"

    @property
    def stream(self) -> str:
        """记录流: all versions of a criterion share one stream."""
        return f"criterion:{self.code}"

    def in_force(self, day: date) -> bool:
        """当日是否有效."""
        return self.holds_on(day)
