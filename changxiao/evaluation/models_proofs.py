"""证据文件: what stands behind the answer of a gap task, or behind an item of a score sheet."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from changxiao.evaluation.models_gaps import GapTask
from changxiao.evaluation.models_scores import ScoreSheet


class Proof(models.Model):
    """证据文件 of the media vault, for exactly one of `gap` and `sheet` (`item`: of the scheme).

    Read through the task, the sheet or the evaluation that it belongs to; the file itself through
    `access.may_see_photo`.
    """

    gap = models.ForeignKey(GapTask, models.PROTECT, null=True, related_name="proofs")
    sheet = models.ForeignKey(ScoreSheet, models.PROTECT, null=True, related_name="proofs")
    item = models.CharField(_("项目"), max_length=40, blank=True)
    photo = models.ForeignKey("ledger.Photo", models.PROTECT, related_name="+")
    added_by = models.CharField(_("上传人"), max_length=64)
    added_at = models.DateTimeField(_("上传时间"))

    class Meta:
        verbose_name = _("证据文件")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(gap__isnull=False, sheet__isnull=True, item="")
                | Q(gap__isnull=True, sheet__isnull=False) & ~Q(item=""),
                name="proof_of_one",
            ),
            models.UniqueConstraint(fields=["gap", "photo"], name="proof_of_gap_once"),
            models.UniqueConstraint(fields=["sheet", "item", "photo"], name="proof_of_sheet_once"),
        ]

    def __str__(self) -> str:
        return f"{self.gap_id or self.sheet_id} {self.item}"
