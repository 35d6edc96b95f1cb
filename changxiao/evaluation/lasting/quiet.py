"""不再反复: former repeat spots at which nothing was found since, by anybody. Pure.

A spot (`spots`) is quiet once all its cases are closed, so many days have passed since the last
closing, and no find of its kind, whatever its channel, lies within its metres after that.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from changxiao.evaluation.lasting.assembling import Seen
from changxiao.evaluation.lasting.problems import rows_by
from changxiao.evaluation.lasting.spots import Spot, spots

ALL = 1_000_000


@dataclass(frozen=True, slots=True)
class Quiet:
    """安静点位: its spot, the days (since 1970-01-01) of its first find and its last closing."""

    spot: Spot
    found: float
    closed: float


def quiet(told: Seen, *, until: float, days: float, times: int) -> Iterator[Quiet]:
    """不再反复的点位, the most often first: came back `times` at least, and were clean for `days`
    before `until` and ever since."""
    of_kind = dict(rows_by(told.problems.kind))
    places = {number: row for row, number in enumerate(told.numbers)}
    for spot in spots(told, most=ALL):
        if spot.times < times:
            break
        rows = np.array([places[number] for number in spot.numbers])
        closed = float(told.problems.closed[rows].max())  # NaN while one is open
        if closed <= until - days and not _found_since(told, rows, of_kind[spot.kind], closed):
            yield Quiet(spot, float(told.problems.found[rows].min()), closed)


def _found_since(
    told: Seen, rows: NDArray[np.intp], alike: NDArray[np.intp], closed: float
) -> bool:
    """Also what was found before and is still open."""
    problems = told.problems
    later = alike[
        ((problems.found[alike] > closed) | np.isnan(problems.closed[alike]))
        & np.isfinite(problems.x[alike])
    ]
    if not len(later):
        return False
    metres, _days = told.asked.reach.of(str(problems.kind[rows[0]]))
    tree = cKDTree(np.column_stack([problems.x[rows], problems.y[rows]]))
    nearest, _which = tree.query(np.column_stack([problems.x[later], problems.y[later]]))
    return bool((nearest <= metres).any())
