"""责任表与核实规则: who handles what where, and which reports are looked at before filing."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from changxiao.catalog.models.criteria import FilingCriterion
from changxiao.catalog.models.subjects import Category, Subcategory
from changxiao.orgs.models.dated import Dated, DatedQuerySet

_SUBJECTS = ("criterion", "subcategory", "category")


def _exactly_one() -> Q:
    one = Q(pk__in=[])
    for chosen in _SUBJECTS:
        one |= Q(**{f"{name}__isnull": name != chosen for name in _SUBJECTS})
    return one


class Responsibility(Dated):
    """责任: criterion, sub-category or category × area (code prefix) × days → unit.

    `origin` says whether the row came with the responsibility table or from an ownership ruling
    权属裁定 that a leader gave on a case; `basis` names the document or the case.
    """

    class Origin(models.TextChoices):
        TABLE = "table", _("责任表")
        RULING = "ruling", _("权属裁定")

    criterion = models.ForeignKey(
        FilingCriterion, models.PROTECT, null=True, blank=True, related_name="responsibilities"
    )
    subcategory = models.ForeignKey(
        Subcategory, models.PROTECT, null=True, blank=True, related_name="responsibilities"
    )
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="responsibilities"
    )
    area_code = models.CharField(_("区划代码"), max_length=24, blank=True, default="")
    unit = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="responsibilities")
    section = models.ForeignKey(
        "orgs.ContractSection", models.PROTECT, null=True, blank=True, related_name="+"
    )
    priority = models.PositiveSmallIntegerField(_("次序"), default=0)
    origin = models.CharField(max_length=8, choices=Origin.choices, default=Origin.TABLE)
    basis = models.CharField(_("依据"), max_length=200, blank=True, default="")

    objects = DatedQuerySet["Responsibility"].as_manager()

    class Meta:
        verbose_name = _("责任")
        indexes = [
            models.Index(fields=["subcategory", "area_code"], name="responsibility_subject"),
        ]
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(condition=_exactly_one(), name="responsibility_one_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} → {self.unit}"

    @property
    def subject(self) -> FilingCriterion | Subcategory | Category:
        """对象: whichever of the three the row names."""
        found = self.criterion or self.subcategory or self.category
        assert found is not None, "the constraint responsibility_one_subject holds"
        return found

    @property
    def stream(self) -> str:
        """记录流: who answered for one subject in one area, one after the other."""
        subject = self.subject
        name = subject.code if isinstance(subject, FilingCriterion) else subject.key
        return f"responsibility:{name}@{self.area_code or '*'}"


class ConfirmRule(models.Model):
    """核实规则: whether a report of this channel (and sub-category) is confirmed before filing."""

    channel = models.CharField(_("来源"), max_length=12)
    subcategory = models.ForeignKey(
        Subcategory, models.PROTECT, null=True, blank=True, related_name="confirm_rules"
    )
    needed = models.BooleanField(_("须核实"))

    class Meta:
        verbose_name = _("核实规则")
        constraints = [
            models.UniqueConstraint(fields=["channel", "subcategory"], name="confirm_rule_once"),
            models.UniqueConstraint(
                fields=["channel"],
                condition=Q(subcategory__isnull=True),
                name="confirm_rule_one_default",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.subcategory or '*'}: {self.needed}"

    @property
    def stream(self) -> str:
        """记录流: of a channel, or of a channel and sub-category."""
        return f"confirm_rule:{self.channel}:{self.subcategory.key if self.subcategory else ''}"
