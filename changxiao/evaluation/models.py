"""评价的表: schemes and their versions, evaluations, objections. What was computed lies in a folder
of the home; its digest is in the ledger."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from changxiao.evaluation.flow import STATE_WORDS, State
from changxiao.evaluation.models_gaps import GapTask  # noqa: F401 - its table is ours
from changxiao.evaluation.models_highlights import Highlight  # noqa: F401 - its table is ours
from changxiao.evaluation.models_observations import Observation  # noqa: F401 - its table is ours
from changxiao.evaluation.models_proofs import Proof  # noqa: F401 - its table is ours
from changxiao.evaluation.models_rewards import HonorDecision  # noqa: F401 - its table is ours
from changxiao.evaluation.models_scores import ScoreSheet  # noqa: F401 - its table is ours
from changxiao.kernel.scope import ScopedManager


class SchemeVersion(models.Model):
    """方案版本: the text of a scheme (TOML), as it was saved; never changed afterwards."""

    key = models.CharField(_("方案"), max_length=40)
    version = models.PositiveIntegerField(_("版本"))
    title = models.CharField(_("名称"), max_length=80)
    text = models.TextField(_("内容"))
    note = models.CharField(_("说明"), max_length=400, blank=True)
    saved_by = models.CharField(_("修改人"), max_length=64)
    saved_at = models.DateTimeField(_("修改时间"))
    head = models.ForeignKey("ledger.Entry", models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("方案版本")
        ordering = ["key", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["key", "version"], name="scheme_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.key} v{self.version}"


class Evaluation(models.Model):
    """评价: one version of a scheme over one period; a later revision stands beside the sealed one.

    `result` is what the ranking pages show, `digest` what it came to, `size` and `root` the log
    that it was counted from.
    """

    number = models.CharField(_("评价号"), max_length=80, unique=True)
    scheme = models.ForeignKey(SchemeVersion, models.PROTECT, related_name="+")
    key = models.CharField(_("方案"), max_length=40)
    period = models.CharField(_("周期"), max_length=10)
    revision = models.PositiveSmallIntegerField(_("修订"), default=1)
    state = models.CharField(_("现状"), max_length=10, default=State.WAITING)
    asked_by = models.CharField(_("计算人"), max_length=64)
    asked_at = models.DateTimeField(_("计算时间"))
    step = models.CharField(max_length=40, blank=True)
    share = models.PositiveSmallIntegerField(default=0)  # per cent done
    beat_at = models.DateTimeField(null=True)
    computed_at = models.DateTimeField(_("算成时间"), null=True)
    sentence = models.CharField(_("原因"), max_length=400, blank=True)
    result = models.JSONField(_("结果"), default=dict)
    digest = models.CharField(_("摘要"), max_length=80, blank=True)
    size = models.PositiveBigIntegerField(_("总账条数"), null=True)
    root = models.CharField(_("总账根"), max_length=64, blank=True)
    published_at = models.DateTimeField(_("公示时间"), null=True)
    object_until = models.DateTimeField(_("申诉截止"), null=True)
    sealed_at = models.DateTimeField(_("封存时间"), null=True)
    changed = models.BooleanField(default=False)  # by an objection, and not computed again yet
    head = models.ForeignKey(
        "ledger.Entry", models.PROTECT, null=True, related_name="+", db_index=False
    )

    objects: ClassVar[models.Manager[Evaluation]] = ScopedManager(
        "changxiao.evaluation.access.reach"
    )
    everything: ClassVar[models.Manager[Evaluation]] = models.Manager()

    class Meta:
        verbose_name = _("评价")
        base_manager_name = "everything"
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["key", "period", "revision"],
                condition=~Q(state=State.DROPPED),
                name="evaluation_once",
            )
        ]
        indexes = [
            models.Index(fields=["-asked_at", "-id"], name="evaluation_newest"),
            models.Index(
                fields=["id"],
                condition=Q(state__in=[State.WAITING, State.RUNNING]),
                name="evaluation_to_do",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def stream(self) -> str:
        return f"evaluation:{self.number}"

    @property
    def state_words(self) -> str:
        """现状，写成字."""
        return str(STATE_WORDS[State(self.state)])

    @property
    def busy(self) -> bool:
        """还在算."""
        return self.state in {State.WAITING, State.RUNNING}


class Objection(models.Model):
    """申诉: of a ranked unit against one cell of a published ranking; decided by two persons.

    Upheld, it adds `numerator` and `denominator` (whole numbers, mostly below 0) to the cell's
    counts; `before` and `after` are the group's score without and with that.
    """

    class State(models.TextChoices):
        """现状."""

        RAISED = "raised", _("待处理")
        PROPOSED = "proposed", _("待复核")
        UPHELD = "upheld", _("成立")
        REJECTED = "rejected", _("不成立")

    evaluation = models.ForeignKey(Evaluation, models.PROTECT, related_name="+")
    n = models.PositiveSmallIntegerField(_("序号"))
    group = models.CharField(_("被评对象"), max_length=64)
    indicator = models.CharField(_("指标"), max_length=40)
    state = models.CharField(_("现状"), max_length=10, choices=State, default=State.RAISED)
    raised_by = models.CharField(_("申诉人"), max_length=64)
    raised_at = models.DateTimeField(_("申诉时间"))
    reason = models.TextField(_("理由"))
    upheld = models.BooleanField(_("拟成立"), null=True)
    numerator = models.IntegerField(_("分子调整"), default=0)
    denominator = models.IntegerField(_("分母调整"), default=0)
    proposed_by = models.CharField(_("处理人"), max_length=64, blank=True)
    proposed_at = models.DateTimeField(_("处理时间"), null=True)
    opinion = models.TextField(_("处理意见"), blank=True)
    confirmed_by = models.CharField(_("复核人"), max_length=64, blank=True)
    confirmed_at = models.DateTimeField(_("复核时间"), null=True)
    before = models.CharField(_("调整前得分"), max_length=16, blank=True)
    after = models.CharField(_("调整后得分"), max_length=16, blank=True)

    objects: ClassVar[models.Manager[Objection]] = ScopedManager(
        "changxiao.evaluation.access.reach_of_evaluation"
    )
    everything: ClassVar[models.Manager[Objection]] = models.Manager()

    class Meta:
        verbose_name = _("申诉")
        base_manager_name = "everything"
        ordering = ["evaluation", "n"]
        constraints = [
            models.UniqueConstraint(fields=["evaluation", "n"], name="objection_number_once"),
            models.UniqueConstraint(
                fields=["evaluation", "group", "indicator"],
                condition=Q(state__in=["raised", "proposed"]),
                name="objection_one_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.evaluation_id}/{self.n}"

    @property
    def open(self) -> bool:
        """还没有了结."""
        return self.state in {self.State.RAISED, self.State.PROPOSED}
