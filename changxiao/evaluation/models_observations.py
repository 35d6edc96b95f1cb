"""观测: what was counted elsewhere, a row each, as the sheet that told of it last has it."""

from __future__ import annotations

from datetime import UTC
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from changxiao.kernel.scope import ScopedManager


class Observation(models.Model):
    """观测: `numerator` of `denominator` at a junction, unit or place; `item` and `kind` name it.

    The log has the sheets (`observing.folding`); a row points at the entry of the last one.
    """

    item = models.CharField(_("观测编号"), max_length=64)
    kind = models.CharField(_("观测项目"), max_length=40)
    subject_kind = models.CharField(_("对象类别"), max_length=10)
    subject = models.CharField(_("对象代码"), max_length=64)
    department = models.CharField(_("负责单位"), max_length=64, blank=True)
    district = models.CharField(_("区代码"), max_length=12, blank=True)
    street = models.CharField(_("街道代码"), max_length=12, blank=True)
    observed_at = models.DateTimeField(_("观测时间"))
    numerator = models.BigIntegerField(_("符合数或得分"))
    denominator = models.BigIntegerField(_("观测数或满分"))
    file = models.CharField(_("文件"), max_length=120)
    entry = models.ForeignKey("ledger.Entry", models.PROTECT, related_name="+")

    objects: ClassVar[models.Manager[Observation]] = ScopedManager(
        "changxiao.evaluation.access.reach_scores"
    )
    everything: ClassVar[models.Manager[Observation]] = models.Manager()

    class Meta:
        verbose_name = _("观测")
        base_manager_name = "everything"
        ordering = ["-observed_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["item", "kind"], name="observation_once")]
        indexes = [models.Index(fields=["-observed_at", "-id"], name="observation_newest")]

    def __str__(self) -> str:
        return f"{self.item} {self.kind}"

    def told(self) -> dict[str, str | int]:
        """一行, as a sheet's entry has it."""
        at = self.observed_at.astimezone(UTC).replace(tzinfo=None)
        names = ("item", "kind", "subject_kind", "subject", "department", "district", "street")
        return {
            **{name: getattr(self, name) for name in names},
            "observed_at": at.isoformat(timespec="seconds") + "Z",
            "numerator": self.numerator,
            "denominator": self.denominator,
        }
