"""立案标准 FilingCriterion: the condition, its limit and its closing condition (GB/T 30428.4).

A sub-category has several (2.7 on average in the Yuncheng standard); a limit on the sub-category
alone would be wrong. A criterion is versioned: an edit ends the row and opens the next one with the
same code, so that a case keeps pointing at the words it was filed under.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from changxiao.catalog.models.limited import Limited
from changxiao.catalog.models.subjects import Subcategory
from changxiao.kernel.refused import Refused
from changxiao.orgs.models.dated import Dated, DatedQuerySet


class NeedKind(models.TextChoices):
    """结案材料: what a closing condition may ask for; cases keep photos under the same words."""

    BEFORE = "before", _("处置前")
    AFTER = "after", _("处置后")
    NEAR = "near", _("近景")
    FAR = "far", _("远景")
    DOCUMENT = "document", _("材料")
    READING = "reading", _("读数")
    WITNESS = "witness", pgettext_lazy("evidence", "见证人")


@dataclass(frozen=True, slots=True)
class Need:
    """结案材料一项. Written as its kind, a reading with name, unit and bounds:
    `after`, `witness`, `reading:噪声:dB(A):..55`, `reading:余氯:mg/L:0.3..4`."""

    kind: str
    name: str = ""
    unit: str = ""
    least: Decimal | None = None
    most: Decimal | None = None

    @classmethod
    def read(cls, written: str) -> Need:
        """读取一项; Refused `needs_unknown` for the kind, `need_unreadable` for the rest."""
        kind, *about = (part.strip() for part in written.split(":"))
        if kind not in NeedKind.values:
            message = gettext("结案材料“%(roles)s”不存在：可用 %(known)s")
            values = {"roles": written[:60], "known": "、".join(NeedKind.values)}
            raise Refused("needs_unknown", message % values, field="closing_needs")
        if kind != NeedKind.READING:
            if about:
                raise _unreadable(written)
            return cls(kind)
        if len(about) != 3 or not 0 < len(about[0]) <= 20 or not 0 < len(about[1]) <= 12:
            raise _unreadable(written)
        least, most = _bounds(about[2], written)
        return cls(kind, about[0], about[1], least, most)

    def __str__(self) -> str:
        if self.kind != NeedKind.READING:
            return self.kind
        return ":".join(
            (self.kind, self.name, self.unit, f"{_told(self.least)}..{_told(self.most)}")
        )

    @property
    def words(self) -> str:
        """说法: as a page names it: 处置后照片, 材料, 噪声读数（≤ 55 dB(A)）, 见证人."""
        label = str(NeedKind(self.kind).label)
        if self.kind in {NeedKind.WITNESS, NeedKind.DOCUMENT}:
            return label
        if self.kind != NeedKind.READING:
            return gettext("%(role)s照片") % {"role": label}
        return gettext("%(name)s读数（%(range)s）") % {"name": self.name, "range": self.range}

    @property
    def range(self) -> str:
        """范围: the bounds with their unit."""
        if self.least is not None and self.most is not None:
            return f"{_told(self.least)}–{_told(self.most)} {self.unit}"
        if self.most is not None:
            return f"≤ {_told(self.most)} {self.unit}"
        return f"≥ {_told(self.least)} {self.unit}"

    def holds(self, value: Decimal) -> bool:
        """达标: the value lies within the bounds, ends included."""
        return (self.least is None or self.least <= value) and (
            self.most is None or value <= self.most
        )


def _bounds(written: str, whole: str) -> tuple[Decimal | None, Decimal | None]:
    ends = written.split("..")
    if len(ends) != 2 or not any(ends):
        raise _unreadable(whole)
    try:
        least, most = (Decimal(end) if end else None for end in ends)
    except InvalidOperation:
        raise _unreadable(whole) from None
    told = [end for end in (least, most) if end is not None]
    if not all(end.is_finite() for end in told) or told != sorted(told):
        raise _unreadable(whole)
    return least, most


def _told(end: Decimal | None) -> str:
    return "" if end is None else f"{end.normalize():f}"


def _unreadable(written: str) -> Refused:
    message = gettext(
        "结案材料“%(need)s”无法识别：照片、材料和见证人只写代码，"
        "读数写成 reading:名称:单位:下限..上限（如 reading:噪声:dB(A):..55，至少写一端）"
    )
    return Refused("need_unreadable", message % {"need": written[:60]}, field="closing_needs")


def before_and_after() -> list[str]:
    """默认结案材料: a photo before and one after, at the place (domain.md §4)."""
    return [NeedKind.BEFORE.value, NeedKind.AFTER.value]


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

    @property
    def needs(self) -> list[Need]:
        """结案材料 as asked for, in the order written."""
        return [Need.read(written) for written in self.closing_needs]

    def in_force(self, day: date) -> bool:
        """当日是否有效."""
        return self.holds_on(day)
