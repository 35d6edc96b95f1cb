"""巡查的表: a walk of one collector over one duty grid, and a find that a walk may have missed."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from changxiao.kernel.scope import ScopedManager


class Patrol(models.Model):
    """巡查: from `started_at` to `finished_at`, of which the shift's end may have put the last.

    Those two count. Where a phone without a network told them, `…_recorded_at` is when the server
    heard of it, by its own clock.
    """

    class Ended(models.TextChoices):
        """怎样结束: by the collector himself, or by the sweep at the end of his shift."""

        SELF = "self", _("本人结束")
        SHIFT = "shift", _("到点自动结束")

    number = models.CharField(_("巡查号"), max_length=16, unique=True)
    collector = models.CharField(_("监督员"), max_length=64)
    duty_grid_code = models.CharField(_("责任网格"), max_length=24)
    community_code = models.CharField(max_length=20)
    started_at = models.DateTimeField(_("开始时间"))
    started_recorded_at = models.DateTimeField(_("开始收到时间"), null=True)
    shift_end_at = models.DateTimeField(_("下班时刻"))
    finished_at = models.DateTimeField(_("结束时间"), null=True)
    finished_recorded_at = models.DateTimeField(_("结束收到时间"), null=True)
    ended = models.CharField(_("怎样结束"), max_length=8, blank=True, choices=Ended)
    lon = models.FloatField(null=True)  # where it began, WGS-84, as the phone told
    lat = models.FloatField(null=True)
    head = models.ForeignKey(
        "ledger.Entry", models.PROTECT, null=True, related_name="+", db_index=False
    )
    n = models.PositiveIntegerField(default=0)

    objects: ClassVar[models.Manager[Patrol]] = ScopedManager("changxiao.patrols.access.reach")
    everything: ClassVar[models.Manager[Patrol]] = models.Manager()

    class Meta:
        verbose_name = _("巡查")
        base_manager_name = "everything"
        indexes = [
            models.Index(fields=["duty_grid_code", "started_at"], name="patrol_grid"),
            models.Index(fields=["started_at", "id"], name="patrol_started"),
            models.Index(
                fields=["shift_end_at"], condition=Q(finished_at=None), name="patrol_running"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["collector"], condition=Q(finished_at=None), name="patrol_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(finished_at=None) | Q(finished_at__gte=F("started_at")),
                name="patrol_ends_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def stream(self) -> str:
        return f"patrol:{self.number}"

    def minutes(self, now: datetime) -> int:
        """在岗分钟 until `now` at most."""
        return max(0, int(((self.finished_at or now) - self.started_at).total_seconds() // 60))


class MissedReport(models.Model):
    """漏报: what others found where a collector had just walked; proposed, decided by people."""

    class State(models.TextChoices):
        """现状."""

        PROPOSED = "proposed", _("待认定")
        DISMISSED = "dismissed", _("不认定")
        CONFIRMED = "confirmed", _("已认定")
        OBJECTED = "objected", _("申诉待复核")
        UPHELD = "upheld", _("维持认定")
        OVERTURNED = "overturned", _("撤销认定")

    case = models.OneToOneField(
        "cases.Case", models.PROTECT, related_name="+", verbose_name=_("案卷")
    )
    patrol = models.ForeignKey(Patrol, models.PROTECT, related_name="missed")
    state = models.CharField(_("现状"), max_length=10, choices=State, default=State.PROPOSED)
    proposed_at = models.DateTimeField(_("提出时间"))
    decided_by = models.CharField(_("认定人"), max_length=64, blank=True)
    decided_at = models.DateTimeField(_("认定时间"), null=True)
    reason = models.TextField(_("认定理由"), blank=True)
    object_until = models.DateTimeField(_("申诉截止"), null=True)
    objection = models.TextField(_("申诉理由"), blank=True)
    objected_at = models.DateTimeField(_("申诉时间"), null=True)
    judged_by = models.CharField(_("复核人"), max_length=64, blank=True)
    judged_at = models.DateTimeField(_("复核时间"), null=True)
    opinion = models.TextField(_("复核意见"), blank=True)
    head = models.ForeignKey(
        "ledger.Entry", models.PROTECT, null=True, related_name="+", db_index=False
    )
    n = models.PositiveIntegerField(default=0)

    objects: ClassVar[models.Manager[MissedReport]] = ScopedManager(
        "changxiao.patrols.access.reach_missed"
    )
    everything: ClassVar[models.Manager[MissedReport]] = models.Manager()

    class Meta:
        verbose_name = _("漏报")
        base_manager_name = "everything"
        indexes = [models.Index(fields=["state", "-proposed_at", "-id"], name="missed_state")]
        constraints = [
            models.CheckConstraint(
                condition=Q(judged_by="") | ~Q(judged_by=F("decided_by")),
                name="missed_judged_by_another",
            )
        ]

    def __str__(self) -> str:
        return f"missed:{self.case_id}"

    @property
    def stream(self) -> str:
        """记录流."""
        return f"missed:{self.case.number}"

    @property
    def counts(self) -> bool:
        """计入漏报率: confirmed, and not overturned."""
        return self.state in {self.State.CONFIRMED, self.State.OBJECTED, self.State.UPHELD}
