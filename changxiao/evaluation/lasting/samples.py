"""样城: simulated streets whose patrols are as many, but steady or all before an inspection.

A spot that nobody has passed for long falls into disorder sooner. A patrol that passes finds it,
else a resident does after some days; it is closed the day after. `blitz` is the share of all visits
that are made in the three days before the inspection of each month: 0 is a steady street.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from changxiao.evaluation.lasting.problems import Flags, Floats, Problems
from changxiao.evaluation.lasting.rebound import Campaign, rebound
from changxiao.evaluation.lasting.recurrence import Reach, first_again, recurrence
from changxiao.evaluation.lasting.steadiness import steadiness
from changxiao.evaluation.lasting.survival import kept

SPOTS, DAYS, MONTH, BLITZ_DAYS = 300, 720, 30, 3
VISITS = 0.10  # a spot a day, on average
FORGOTTEN = 8.0  # days after which a spot is as good as never visited
HAZARD = 0.05  # a day, of a spot that is forgotten
RESIDENT = 1 / 6  # a day, that a resident speaks of what is open
WINDOW = 30.0  # days that a closed case is watched


@dataclass(frozen=True, slots=True)
class Street:
    """样街: its cases, who found them, the days of its visits, and of its inspections."""

    problems: Problems
    own: Flags
    visits: Floats
    inspections: list[Campaign]


def street(blitz: float, *, seed: int, spots: int = SPOTS) -> Street:
    """样街: two years of it, the same for the same seed."""
    rng = np.random.default_rng(seed)
    last = np.zeros(spots)  # the day of the last visit
    broken = np.zeros(spots, bool)
    found: list[int] = []
    spot: list[int] = []
    own: list[bool] = []
    visits: list[float] = []
    for day in range(DAYS):
        passed = rng.random(spots) < VISITS * _weight(day, blitz)
        spoken = broken & ~passed & (rng.random(spots) < RESIDENT)
        seen = broken & (passed | spoken)
        found += [day] * int(seen.sum())
        own += passed[seen].tolist()
        spot += np.flatnonzero(seen).tolist()
        visits += (day + rng.random(int(passed.sum()))).tolist()
        broken &= ~seen
        last[passed] = day
        away = 1 - np.exp(-(day - last) / FORGOTTEN)
        broken |= ~seen & (rng.random(spots) < HAZARD * away)
    return Street(_cases(found, spot), np.array(own, bool), np.array(visits), _inspections())


def _weight(day: int, blitz: float) -> float:
    in_blitz = day % MONTH >= MONTH - BLITZ_DAYS
    return (1 - blitz) + (blitz * MONTH / BLITZ_DAYS if in_blitz else 0.0)


def _inspections() -> list[Campaign]:
    return [(day - BLITZ_DAYS + 1, day) for day in range(MONTH - 1, DAYS, MONTH)]


def _cases(found: list[int], spot: list[int]) -> Problems:
    size = len(found)
    texts = np.full(size, "", object)
    x = np.array(spot, float) * 1000  # every spot a place of its own
    days = np.array(found, float)
    return Problems(texts, texts, x, np.zeros(size), days, days + 1, np.ones(size, bool))


def parts(one: Street) -> dict[str, float]:
    """五部分 of the index, of one street."""
    until = float(DAYS)
    again = first_again(one.problems, Reach())
    watched = np.minimum(again, until - one.problems.closed)
    curve = kept(watched, again <= until - one.problems.closed)
    (counted,) = recurrence(one.problems, until=until, reach=Reach(days=WINDOW))
    spoken = one.problems.found[~one.own].astype(int)
    back = rebound(np.bincount(spoken, minlength=DAYS).astype(float), one.inspections)
    return {
        "kept": curve.mean_within(WINDOW) / WINDOW,
        "once": 1 - counted.again / counted.closed,
        "flat": back.flat,
        "steady": steadiness(one.visits),
        "first": float(one.own.mean()),
    }
