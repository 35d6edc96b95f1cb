"""投递的共同列: of whatever the worker sends until it is taken."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Attempted(models.Model):
    """在途: `send_at` is when it is tried next; while an attempt lasts it lies ahead, so that one
    which was killed is tried again. Its `state` is its own, `waiting` until it has ended."""

    send_at = models.DateTimeField(_("发送时间"))
    tries = models.PositiveSmallIntegerField(_("次数"), default=0)
    ended_at = models.DateTimeField(_("结束时间"), null=True)
    error = models.CharField(_("失败原因"), max_length=300, blank=True)

    class Meta:
        abstract = True


def ended_or_waiting(name: str) -> models.CheckConstraint:
    """已结束或在等: never both and never neither."""
    return models.CheckConstraint(
        condition=Q(state="waiting", ended_at__isnull=True)
        | (~Q(state="waiting") & Q(ended_at__isnull=False)),
        name=name,
    )
