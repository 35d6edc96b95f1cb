"""何时发: digests 汇总, quiet hours 免打扰, pauses between attempts. Pure; told the time.

All moments of a person's day are the city's (`kernel.day`): the caller passes local times and gets
local times back.
"""

from __future__ import annotations

import random
from datetime import datetime, time, timedelta

from django.db import models
from django.utils.translation import pgettext_lazy

from changxiao.kernel.quiet import Quiet, on

MORNING = time(8)
FIRST, LONGEST = 30.0, 6 * 3600.0  # seconds before the second attempt, and at most
JITTER = 0.2


class Digest(models.TextChoices):
    """汇总: at once, by the hour, or once a day."""

    NOW = "now", pgettext_lazy("digest", "立即")
    HOURLY = "hourly", pgettext_lazy("digest", "每小时汇总")
    DAILY = "daily", pgettext_lazy("digest", "每天 8:00 汇总")


def send_at(local: datetime, *, quiet: Quiet, digest: str, urgent: bool) -> datetime:
    """何时发出: urgent at once; else the digest's next moment, and never in the quiet hours."""
    if urgent:
        return local
    return quiet.over(_gathered(local, digest))


def _gathered(local: datetime, digest: str) -> datetime:
    if digest == Digest.HOURLY:
        return local.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    if digest == Digest.DAILY:
        return on(local if local.time() < MORNING else local + timedelta(days=1), MORNING)
    return local


def pause(tries: int, chance: float | None = None) -> timedelta:
    """下次尝试前的间隔: twice as long each time, a fifth more or less so that no herd comes."""
    seconds = min(FIRST * 2 ** (max(tries, 1) - 1), LONGEST)
    drawn = random.random() if chance is None else chance  # noqa: S311 - no secret
    return timedelta(seconds=seconds * (1 - JITTER + 2 * JITTER * drawn))
