"""巡查和漏报的规则: what a phone's own times are worth, and was the place of a find walked just
before, in the same shift? Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

LIVE = timedelta(minutes=1)
TOLERATED = timedelta(minutes=2)
OLD = timedelta(hours=72)


def counted(at: datetime, claimed: datetime | None, skew: int | None) -> datetime:
    """计入时间: when it was by the phone, put right by how far its clock was ahead (`skew`, in
    seconds) as it sent; `at`, the server's, where the phone says nothing, sends live, or says what
    cannot be: later than now, or over 72 hours ago (`cases.phone_clock` tells of the same border).
    """
    if claimed is None:
        return at
    told = claimed - timedelta(seconds=skew or 0)
    if abs(at - told) <= LIVE or told > at + TOLERATED or at - told > OLD:
        return at
    return min(told, at)


@dataclass(frozen=True, slots=True)
class Walk:
    """一次巡查: whose, from when, until when (None: still walking), and when his shift ended."""

    key: int
    collector: str
    started_at: datetime
    finished_at: datetime | None
    shift_end_at: datetime
    own_end: bool = True  # ended by himself and not by the clock


def missed_by(walks: Iterable[Walk], found_at: datetime, within: timedelta) -> Walk | None:
    """漏报人的巡查: the last walk that its collector himself had finished before the find, not
    longer ago than `within` and in a shift that was not over; None where nobody had.

    A walk that is still going on may yet come to the place, and one that the clock ended says
    nothing of how far it went. At the very end of the span it still counts.
    """
    able = [
        walk
        for walk in walks
        if walk.own_end
        and walk.finished_at is not None
        and walk.finished_at <= found_at <= walk.finished_at + within
        and found_at < walk.shift_end_at
    ]
    return max(able, key=lambda walk: (walk.finished_at, walk.key), default=None)


def kinds_of(written: str) -> frozenset[str]:
    """应主动发现的小类: keys of the policy, "*" for all of them."""
    return frozenset(written.split())


def must_find(key: str, kinds: frozenset[str]) -> bool:
    """是否应主动发现."""
    return "*" in kinds or key in kinds
