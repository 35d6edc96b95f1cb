"""手机时钟: what a claimed time is worth, in words for a case's story (reliability.md §6.2, 7).

Limits run from the server's time; the claim is kept as it came. It is told where the phone's clock
was wrong, and where the act, by the phone's own clock, lay long before it was sent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from changxiao.kernel.words import gettext as _
from changxiao.ledger.models import Entry

TOLERATED = timedelta(minutes=2)
OLD = timedelta(hours=72)
_DAY, _HOUR, _MINUTE = 86400, 3600, 60


def facts(entry: Entry, body: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """时钟说明: how wrong the phone was when it sent, and how late it sent."""
    skew = timedelta(seconds=body.get("_act", {}).get("skew", 0))
    if abs(skew) > TOLERATED:
        words = _("快 %(much)s") if skew > timedelta(0) else _("慢 %(much)s")
        yield _("手机时钟"), words % {"much": roughly(abs(skew))}
    if entry.occurred_at is None:
        return
    apart = entry.recorded_at - (entry.occurred_at - skew)
    if apart > OLD:
        yield _("现场时间"), _("早于上传 %(much)s") % {"much": roughly(apart)}
    elif apart < -TOLERATED:
        yield _("现场时间"), _("晚于上传 %(much)s，请核对") % {"much": roughly(-apart)}


def roughly(long: timedelta) -> str:
    """约数: days, hours or minutes, whichever says it best."""
    seconds = long.total_seconds()
    if seconds >= _DAY * 0.95:
        return _("%(n)d 天") % {"n": round(seconds / _DAY)}
    if seconds >= _HOUR:
        return _("%(n)d 小时") % {"n": round(seconds / _HOUR)}
    return _("%(n)d 分钟") % {"n": max(1, round(seconds / _MINUTE))}
