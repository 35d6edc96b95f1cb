"""反弹: what a campaign or an inspection only borrowed.

Three spans of days: before it, right after it, and later. What fell right after and has come back
later was borrowed. The same rise, from one span to the next, is looked up around every other day on
which nothing of the kind was near: the share of equal draws from those that rise at least as much
says how easily chance would have done it (a permutation test; Phipson and Smyth 2010 for the +1).
Count finds that nobody makes more of on purpose: residents', and of rounds drawn by lot.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from changxiao.evaluation.lasting.problems import Flags, Floats

SPAN = 7  # days
DRAWS = 2000
Days = NDArray[np.int64]
Campaign = tuple[int, int]  # its first and its last day, places in the row of days


@dataclass(frozen=True, slots=True)
class Rebound:
    """反弹: finds a day `before`, right `after` and `later`; `usual` the mean rise from span to
    span on other days, and `chance` how often those rise as much. NaN where too little is known."""

    before: float
    after: float
    later: float
    usual: float
    chance: float

    @property
    def rise(self) -> float:
        """回升: finds a day more later than right after, beyond what other days show."""
        return self.later - self.after - self.usual

    @property
    def flat(self) -> float:
        """不反弹: right after ÷ later, at most 1; 1 where nothing is found later."""
        if math.isnan(self.later) or self.later <= self.after:
            return 1.0 if self.later <= self.after else math.nan
        return self.after / self.later


def rebound(finds: Floats, campaigns: Sequence[Campaign], *, span: int = SPAN) -> Rebound:
    """反弹: of `finds` on each day, around the campaigns that have all three spans on record."""
    total = np.concatenate([[0.0], np.cumsum(finds)])

    def mean(begin: int) -> float:
        return float(total[begin + span] - total[begin]) / span

    inside = [(a, b) for a, b in campaigns if a >= span and b + 2 * span < len(finds)]
    starts = np.arange(0, len(finds) - 2 * span + 1)
    rises = (total[starts + 2 * span] - 2 * total[starts + span] + total[starts]) / span
    others = rises[_quiet(starts, campaigns, span)]
    if not inside or not len(others):
        return Rebound(*[math.nan] * 5)
    before = float(np.mean([mean(a - span) for a, _b in inside]))
    after = float(np.mean([mean(b + 1) for _a, b in inside]))
    later = float(np.mean([mean(b + 1 + span) for _a, b in inside]))
    drawn = others[_draws(len(others), len(inside))].mean(axis=1)
    chance = float((1 + (drawn >= later - after).sum()) / (1 + DRAWS))
    return Rebound(before, after, later, float(others.mean()), chance)


@lru_cache(16)
def _draws(size: int, campaigns: int) -> Days:
    """Places of equal draws: the same for each of seven hundred communities."""
    return np.random.default_rng(0).integers(0, size, (DRAWS, campaigns))


def _quiet(starts: Days, campaigns: Sequence[Campaign], span: int) -> Flags:
    """Starts of two spans that touch neither a campaign nor the span right after one."""
    quiet = np.ones(len(starts), bool)
    for first, last in campaigns:
        quiet &= (starts + 2 * span <= first) | (starts > last + span)
    return quiet
