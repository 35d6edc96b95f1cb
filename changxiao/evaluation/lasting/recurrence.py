"""复发: the same sub-category within so many metres and days after a case was closed.

Counted is who does not look harder where somebody wants it: residents, and rounds drawn by lot
(`Problems.counts`). The finds of ordinary patrols are weighed by the hours patrolled instead
(`per_hour`). A case closed so lately that its days are not over yet is not in the rate; the
survival curve (`survival`) has a use for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from changxiao.evaluation.lasting.problems import Codes, Floats, Problems, rows_by

METRES, DAYS = 50.0, 30.0
Rows = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Reach:
    """范围: r metres and d days of each sub-category; the others have `metres` and `days`."""

    metres: float = METRES
    days: float = DAYS
    of_kind: Mapping[str, tuple[float, float]] | None = None

    def of(self, kind: str) -> tuple[float, float]:
        """一类的范围: its own row, else the common one."""
        return (self.of_kind or {}).get(kind, (self.metres, self.days))


@dataclass(frozen=True, slots=True)
class Recurred:
    """复发数: of one group. `closed` are cases whose days are over, `again` those of them that came
    back; whole numbers, so that a rate is divided and rounded elsewhere, once."""

    group: str
    again: int
    closed: int


def first_again(problems: Problems, reach: Reach | None = None) -> Floats:
    """距复发天数: for each case, days from closing to the next counted find of its kind within its
    metres; infinite where there is none, NaN where the case is open."""
    found = np.full(len(problems), np.inf)
    early, late = pairs(problems, reach)
    np.minimum.at(found, early, problems.found[late] - problems.closed[early])
    found[np.isnan(problems.closed)] = np.nan
    return found


def pairs(problems: Problems, reach: Reach | None = None) -> tuple[Rows, Rows]:
    """复发对: places of closed cases, and of the counted finds after them, of their kind and within
    its metres; however late."""
    reach = reach or Reach()
    found = [
        rows[_within(problems.only(rows), reach.of(kind)[0])]
        for kind, rows in rows_by(problems.kind)
    ]
    early, late = np.concatenate(found, axis=1) if found else np.empty((2, 0), np.intp)
    return early, late


def _within(same: Problems, metres: float) -> Rows:
    """Of one kind: every pair of neighbours is asked both ways round."""
    placed = np.flatnonzero(np.isfinite(same.x) & np.isfinite(same.y))
    spots = np.column_stack([same.x[placed], same.y[placed]])
    near = placed[cKDTree(spots).query_pairs(metres, output_type="ndarray")].T
    both = np.concatenate([near, near[::-1]], axis=1)
    early, late = both
    # NaN, of an open case, is not before anything.
    return both[:, (same.found[late] > same.closed[early]) & same.counts[late]]


def recurrence(
    problems: Problems,
    *,
    until: float,
    reach: Reach | None = None,
    by: Codes | None = None,
    again: Floats | None = None,
) -> list[Recurred]:
    """复发率的两个数: of each group (or value of `by`), in the order of its code.

    `until` is the day up to which finds are known; `again` what `first_again` told, where it was
    asked before.
    """
    reach = reach or Reach()
    again = first_again(problems, reach) if again is None else again
    days = np.empty(len(problems))
    for kind, rows in rows_by(problems.kind):
        days[rows] = reach.of(kind)[1]
    over = problems.closed + days <= until  # also false where it is open
    back = over & (again <= days)
    return [
        Recurred(group, int(back[rows].sum()), int(over[rows].sum()))
        for group, rows in rows_by(problems.group if by is None else by)
    ]


def per_hour(finds: Floats, hours: Floats) -> Floats:
    """每巡查时发现数: finds of patrols for each hour patrolled in the grid, NaN where nobody
    walked. Looking twice as long finds more, and is no worse by this."""
    rates = np.full(len(finds), np.nan)
    np.divide(finds, hours, out=rates, where=hours > 0)
    return rates
