"""机构的清扫 jobs: counters and sessions that are over go; nobody asks for them again."""

from __future__ import annotations

from datetime import datetime

from django.contrib.sessions.models import Session

from changxiao.orgs import throttle


def sweep_expired(now: datetime) -> int:
    """清理过期: throttle counters and sign-in sessions; how many rows went. Safe to run twice."""
    gone, _tables = Session.objects.filter(expire_date__lt=now).delete()
    return gone + throttle.prune(now)
