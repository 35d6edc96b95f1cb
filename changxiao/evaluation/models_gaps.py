"""差距任务: one thing that was found short, who answers for it, until when, and what was done."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from changxiao.evaluation.gaps.flow import GAP_WORDS, GapState
from changxiao.evaluation.gaps.rules import Lost
from changxiao.kernel.scope import ScopedManager


class GapTask(models.Model):
    """差距任务: `source` is the score sheet or the evaluation it comes from, `kind` and `group` the
    ranked one that answers for it; `minus` the points lost, as text, and `rows` each deduction (an
    older task has none: `what` and `evidence` are its one). A shortcoming has `figures`, and no
    title or words but its reader's (`gaps.shortcomings`)."""

    State = GapState

    class Origin(models.TextChoices):
        """由来."""

        SCORE = "score", _("外部扣分")
        SHORTCOMING = "shortcoming", _("通报短板")

    number = models.CharField(_("编号"), max_length=80, unique=True)
    key = models.CharField(_("方案"), max_length=40)
    period = models.CharField(_("周期"), max_length=10)
    origin = models.CharField(_("由来"), max_length=12, choices=Origin)
    source = models.CharField(_("来源"), max_length=80)
    kind = models.CharField(max_length=16)
    group = models.CharField(_("责任对象"), max_length=64)
    item = models.CharField(_("项目"), max_length=40)
    title = models.CharField(_("项目名称"), max_length=120, blank=True)
    minus = models.CharField(_("扣分"), max_length=16, blank=True)
    rows = models.JSONField(_("各处扣分"), default=list, blank=True)
    figures = models.JSONField(_("短板数字"), default=dict, blank=True)
    what = models.CharField(_("问题"), max_length=800, blank=True)
    evidence = models.CharField(_("证据"), max_length=400, blank=True)
    state = models.CharField(_("现状"), max_length=10, default=GapState.OPEN)
    made_by = models.CharField(_("下达人"), max_length=64)
    made_at = models.DateTimeField(_("下达时间"))
    due_at = models.DateTimeField(_("答复期限"))
    answer = models.TextField(_("答复"), blank=True)
    proof = models.CharField(_("整改证据"), max_length=400, blank=True)
    answered_by = models.CharField(_("答复人"), max_length=64, blank=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True)
    opinion = models.TextField(_("办理意见"), blank=True)
    judged_by = models.CharField(_("认可人"), max_length=64, blank=True)
    judged_at = models.DateTimeField(_("认可时间"), null=True)
    head = models.ForeignKey("ledger.Entry", models.PROTECT, related_name="+", db_index=False)

    objects: ClassVar[models.Manager[GapTask]] = ScopedManager(
        "changxiao.evaluation.access.reach_gaps"
    )
    everything: ClassVar[models.Manager[GapTask]] = models.Manager()

    class Meta:
        verbose_name = _("差距任务")
        base_manager_name = "everything"
        ordering = ["due_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "group", "item"],
                condition=Q(origin="shortcoming") & ~Q(state=GapState.CANCELLED),
                name="gap_task_once",
            )
        ]
        indexes = [
            models.Index(fields=["key", "period"], name="gap_task_of"),
            models.Index(fields=["due_at", "id"], name="gap_task_due"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def stream(self) -> str:
        return f"gap:{self.number}"

    @property
    def deductions(self) -> tuple[Lost, ...]:
        """各处扣分; none of a shortcoming."""
        if self.origin != self.Origin.SCORE:
            return ()
        own = [{"minus": self.minus, "what": self.what, "evidence": self.evidence}]
        return tuple(Lost.read(one) for one in self.rows or own)

    @property
    def state_words(self) -> str:
        """现状，写成字."""
        return str(GAP_WORDS[GapState(self.state)])
