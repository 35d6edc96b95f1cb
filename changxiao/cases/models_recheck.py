"""抽查的表: a verified case that was drawn by lot to be looked at again by another collector."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from changxiao.kernel.scope import ScopedManager


class Recheck(models.Model):
    """抽查: `first` verified, `collector` looks again ("": whoever of the place may)."""

    class State(models.TextChoices):
        OPEN = "open", _("待抽查")
        AGREES = "agrees", _("相符")
        DIFFERS = "differs", _("不符，待值班长处理")
        FOLLOWED = "followed", _("不符，已重新上报")
        EXCUSED = "excused", _("不符，不计")
        LAPSED = "lapsed", _("案卷已离开核查后，失效")

    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="rechecks")
    # The lot was drawn over this entry: each is drawn once.
    entry = models.OneToOneField("ledger.Entry", models.PROTECT, related_name="+")
    first = models.CharField(_("核查人"), max_length=64)
    collector = models.CharField(_("抽查人"), max_length=64, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    drawn_at = models.DateTimeField()
    due_at = models.DateTimeField(_("应抽查时间"), null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.CharField(max_length=64, blank=True)
    decided_by = models.CharField(max_length=64, blank=True)
    follow_up = models.ForeignKey("cases.Case", models.PROTECT, null=True, related_name="+")

    objects: ClassVar[models.Manager[Recheck]] = ScopedManager(
        "changxiao.cases.access.rechecks_reach"
    )
    everything: ClassVar[models.Manager[Recheck]] = models.Manager()

    class Meta:
        verbose_name = _("抽查")
        base_manager_name = "everything"
        indexes = [
            models.Index(fields=["collector", "state"], name="recheck_collector"),
            models.Index(fields=["state", "drawn_at", "id"], name="recheck_state"),
            models.Index(fields=["due_at"], condition=Q(state="open"), name="recheck_due"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(state="open"), name="recheck_one_open"
            ),
            models.CheckConstraint(
                condition=~Q(first=F("collector")) & ~Q(first=F("done_by")),
                name="recheck_by_another",
            ),
        ]
