"""外部得分表: a sheet of scores from outside, as it was handed in; what came of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from changxiao.evaluation.scoring.flow import SHEET_WORDS, SheetState
from changxiao.kernel.scope import ScopedManager


class ScoreSheet(models.Model):
    """分数表: of one scheme and period; `lines` never change after it was handed in."""

    State = SheetState

    number = models.CharField(_("编号"), max_length=80, unique=True)
    key = models.CharField(_("方案"), max_length=40)
    period = models.CharField(_("周期"), max_length=10)
    state = models.CharField(_("现状"), max_length=10, default=SheetState.PROPOSED)
    file = models.CharField(_("文件"), max_length=120)
    lines = models.JSONField(_("各行"))
    submitted_by = models.CharField(_("提交人"), max_length=64)
    submitted_at = models.DateTimeField(_("提交时间"))
    note = models.CharField(_("说明"), max_length=400, blank=True)
    decided_by = models.CharField(_("复核人"), max_length=64, blank=True)
    decided_at = models.DateTimeField(_("复核时间"), null=True)
    opinion = models.CharField(_("复核意见"), max_length=400, blank=True)
    head = models.ForeignKey("ledger.Entry", models.PROTECT, related_name="+", db_index=False)

    objects: ClassVar[models.Manager[ScoreSheet]] = ScopedManager(
        "changxiao.evaluation.access.reach_scores"
    )
    everything: ClassVar[models.Manager[ScoreSheet]] = models.Manager()

    class Meta:
        verbose_name = _("外部得分表")
        base_manager_name = "everything"
        ordering = ["-submitted_at", "-id"]
        indexes = [models.Index(fields=["key", "period"], name="score_sheet_of")]

    def __str__(self) -> str:
        return self.number

    @property
    def stream(self) -> str:
        return f"scores:{self.number}"

    @property
    def state_words(self) -> str:
        """现状，写成字."""
        return str(SHEET_WORDS[SheetState(self.state)])
