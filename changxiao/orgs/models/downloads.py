"""下载 Download: a long list that the worker writes as xlsx, for the one who asked for it."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from changxiao.kernel.scope import ScopedManager
from changxiao.orgs.models.people import Staff


class Download(models.Model):
    """下载: which list, with which filter, how far it is, and until when it may be fetched."""

    class State(models.TextChoices):
        """进度."""

        WAITING = "waiting", _("排队中")
        RUNNING = "running", _("生成中")
        READY = "ready", _("可下载")
        FAILED = "failed", _("未能生成")

    staff = models.ForeignKey(Staff, models.CASCADE, related_name="downloads")
    name = models.CharField(_("列表"), max_length=24)
    wanted = models.JSONField(_("筛选"), default=dict)
    language = models.CharField(_("语言"), max_length=10)
    state = models.CharField(
        _("进度"), max_length=8, choices=State.choices, default=State.WAITING, db_index=True
    )
    total = models.PositiveIntegerField(_("行数"))
    done = models.PositiveIntegerField(_("已写"), default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField(_("申请时间"))
    started_at = models.DateTimeField(_("开始时间"), null=True)
    beat_at = models.DateTimeField(_("最近进展"), null=True)
    expires_at = models.DateTimeField(_("到期时间"), db_index=True)

    objects = models.Manager["Download"]()
    visible = ScopedManager("changxiao.orgs.access.reach_downloads")

    class Meta:
        verbose_name = _("下载")
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(done__lte=models.F("total")), name="orgs_download_done"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.state} {self.done}/{self.total}"

    @property
    def settled(self) -> bool:
        return self.state in {self.State.READY, self.State.FAILED}

    def seconds_left(self, now: datetime) -> int | None:
        """剩余秒数, at the pace so far; None before there is one."""
        if self.started_at is None or not self.done:
            return None
        spent = (now - self.started_at).total_seconds()
        return round(spent / self.done * (self.total - self.done))
