"""奖惩决定: of one appearance on a list of a sealed evaluation."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from changxiao.evaluation.rewards.rules import HONOR_WORDS, OUTCOME_WORDS, HonorState, Outcome
from changxiao.kernel.scope import ScopedManager


class HonorDecision(models.Model):
    """奖惩决定: `honor` and `group` name the appearance, `proposal` what the rules proposed then,
    `measure` what is done instead where the outcome is `other`."""

    Outcome, State = Outcome, HonorState

    evaluation = models.ForeignKey("evaluation.Evaluation", models.PROTECT, related_name="+")
    honor = models.CharField(_("榜单"), max_length=40)
    group = models.CharField(_("对象"), max_length=64)
    proposal = models.CharField(_("建议"), max_length=200)
    outcome = models.CharField(_("决定"), max_length=8)
    measure = models.CharField(_("措施"), max_length=200, blank=True)
    state = models.CharField(_("现状"), max_length=8)
    reason = models.TextField(_("理由"))
    decided_by = models.CharField(_("决定人"), max_length=64)
    decided_at = models.DateTimeField(_("决定时间"))
    opinion = models.TextField(_("复核意见"), blank=True)
    confirmed_by = models.CharField(_("复核人"), max_length=64, blank=True)
    confirmed_at = models.DateTimeField(_("复核时间"), null=True)

    objects: ClassVar[models.Manager[HonorDecision]] = ScopedManager(
        "changxiao.evaluation.access.reach_of_evaluation"
    )
    everything: ClassVar[models.Manager[HonorDecision]] = models.Manager()

    class Meta:
        verbose_name = _("奖惩决定")
        base_manager_name = "everything"
        ordering = ["evaluation", "honor", "group"]
        constraints = [
            models.UniqueConstraint(
                fields=["evaluation", "honor", "group"], name="honor_decision_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.evaluation_id}/{self.honor}/{self.group}"

    @property
    def state_words(self) -> str:
        """现状，写成字."""
        return str(HONOR_WORDS[HonorState(self.state)])

    @property
    def words(self) -> str:
        """决定，写成字: what is done."""
        if self.outcome == Outcome.OTHER:
            return self.measure
        granted = self.outcome == Outcome.GRANT and self.proposal
        return self.proposal if granted else str(OUTCOME_WORDS[Outcome(self.outcome)])
