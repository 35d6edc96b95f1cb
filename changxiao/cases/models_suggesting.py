"""建议模型的表: what the city's own closed cases taught, one row a training, never changed; and how
often what a version suggested was taken."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class SuggestionModel(models.Model):
    """建议模型: a version; `heads` are the scores of what it learnt, the bytes are model files.

    Which version suggests is the city's policy `suggestion_version`, so it can be taken back.
    """

    version = models.PositiveIntegerField(_("版本"), unique=True)
    trained_at = models.DateTimeField(_("训练时间"))
    trained_by = models.CharField(_("训练人"), max_length=64)
    cases = models.PositiveIntegerField(_("案卷数"))
    until = models.DateTimeField(_("案卷截至"))
    heads = models.JSONField(_("成绩"), default=dict)
    subcategory = models.BinaryField()
    criterion = models.BinaryField(null=True)
    unit = models.BinaryField(null=True)
    head = models.ForeignKey("ledger.Entry", models.PROTECT, related_name="+")

    class Meta:
        app_label = "cases"
        verbose_name = _("建议模型")
        ordering = ["-version"]

    def __str__(self) -> str:
        return str(self.version)


class Training(models.Model):
    """训练任务: asked for from the page, done by a process of the worker's; how far it is, and what
    came of it: a version, or a sentence."""

    class State(models.TextChoices):
        """进度."""

        WAITING = "waiting", _("排队中")
        RUNNING = "running", _("训练中")
        DONE = "done", _("已完成")
        FAILED = "failed", _("没有完成")
        CANCELLED = "cancelled", _("已取消")

    state = models.CharField(_("进度"), max_length=10, choices=State, default=State.WAITING)
    asked_by = models.CharField(_("申请人"), max_length=64)
    asked_at = models.DateTimeField(_("申请时间"))
    step = models.CharField(_("正在做"), max_length=12, blank=True)
    done = models.PositiveSmallIntegerField(default=0)  # of `actions.suggesting.STEPS`
    started_at = models.DateTimeField(null=True)
    beat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    sentence = models.CharField(_("原因"), max_length=400, blank=True)
    version = models.PositiveIntegerField(_("版本"), null=True)

    class Meta:
        app_label = "cases"
        verbose_name = _("训练任务")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"

    @property
    def open(self) -> bool:
        """未了结."""
        return self.state in {self.State.WAITING, self.State.RUNNING}


class SuggestionUse(models.Model):
    """建议采用: of one suggestion of one act, which place in it what was taken had.

    Counted from entries (`jobs.count_suggestions`), so no report waits for it; a row an entry and
    head, so that an entry heard twice counts once.
    """

    entry = models.ForeignKey("ledger.Entry", models.PROTECT, related_name="+")
    head = models.CharField(max_length=12)
    version = models.PositiveIntegerField(_("版本"))
    month = models.CharField(_("月份"), max_length=7)  # of the city's clock, "2026-11"
    label = models.CharField(_("首条建议"), max_length=24)
    rank = models.PositiveSmallIntegerField(_("采用名次"))  # 1 the first, 2 or 3, 0 none of them

    class Meta:
        app_label = "cases"
        verbose_name = _("建议采用")
        constraints = [
            models.UniqueConstraint(fields=["entry", "head"], name="suggestion_use_once")
        ]
        indexes = [models.Index(fields=["version", "head", "month"], name="suggestion_use_month")]

    def __str__(self) -> str:
        return f"{self.version} {self.head} {self.label} {self.rank}"
