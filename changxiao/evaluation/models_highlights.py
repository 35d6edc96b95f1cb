"""亮点的表: former repeat spots that a person picked for a bulletin."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from changxiao.kernel.scope import ScopedManager


class Highlight(models.Model):
    """亮点: of one evaluation, with what was true of the spot when it was picked; `spot` is its
    first case. Taken down (`dropped_at`) it may be picked again."""

    evaluation = models.ForeignKey("evaluation.Evaluation", models.PROTECT, related_name="+")
    spot = models.CharField(_("点位"), max_length=64)
    numbers = models.JSONField(_("案卷"), default=list)
    category = models.CharField(_("小类"), max_length=20)
    community = models.CharField(_("社区"), max_length=20)
    times = models.PositiveIntegerField(_("复发次数"))
    first_date = models.DateField(_("首次发现"))
    closed_date = models.DateField(_("最后结案"))
    days = models.PositiveIntegerField(_("安静天数"))
    visits = models.PositiveIntegerField(_("巡查天数"))
    picked_by = models.CharField(_("选定人"), max_length=64)
    picked_at = models.DateTimeField(_("选定时间"))
    dropped_at = models.DateTimeField(_("撤下时间"), null=True)

    objects: ClassVar[models.Manager[Highlight]] = ScopedManager(
        "changxiao.evaluation.access.reach_of_evaluation"
    )
    everything: ClassVar[models.Manager[Highlight]] = models.Manager()

    class Meta:
        verbose_name = _("亮点")
        base_manager_name = "everything"
        ordering = ["evaluation", "-times", "spot"]
        constraints = [
            models.UniqueConstraint(fields=["evaluation", "spot"], name="highlight_once")
        ]

    def __str__(self) -> str:
        return f"{self.evaluation_id}/{self.spot}"
