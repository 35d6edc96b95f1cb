"""反复点位: places to which the same sub-category keeps coming back. Pure.

Cases that came back within their metres and days are tied to the finds they came back as; what
hangs together is one spot.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from changxiao.evaluation.lasting.assembling import Seen
from changxiao.evaluation.lasting.recurrence import pairs


@dataclass(frozen=True, slots=True)
class Spot:
    """反复点位: its sub-category, its cases from the first to the last, how many of them came back,
    and its middle in degrees."""

    kind: str
    group: str
    numbers: tuple[str, ...]
    times: int
    lon: float
    lat: float


def spots(told: Seen, *, group: str = "", most: int = 50) -> list[Spot]:
    """反复点位, the most often first; of one group where it is named: those in which a case of that
    group came back."""
    early, late = pairs(told.problems, told.asked.reach)
    days = np.array([told.asked.reach.of(str(one))[1] for one in told.problems.kind[early]], float)
    soon = told.problems.found[late] - told.problems.closed[early] <= days
    early, late = early[soon], late[soon]
    if group:
        early, late = _touching(told, early, late, group)
    if not len(early):
        return []
    rows, places = np.unique(np.concatenate([early, late]), return_inverse=True)
    size = len(rows)
    ties = coo_array(
        (np.ones(len(early)), (places[: len(early)], places[len(early) :])), (size,) * 2
    )
    _count, label = connected_components(ties, directed=False)
    back = np.isin(rows, early)
    by_times = np.argsort(-np.bincount(label, weights=back), kind="stable")[:most]
    return [_spot(told, rows[label == one], back[label == one]) for one in by_times]


def _touching(
    told: Seen, early: NDArray[np.intp], late: NDArray[np.intp], group: str
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    mine = told.problems.group[early] == group
    return early[mine], late[mine]


def _spot(told: Seen, rows: NDArray[np.intp], back: NDArray[np.bool_]) -> Spot:
    by_time = rows[np.argsort(told.problems.found[rows], kind="stable")]
    first = by_time[0]
    return Spot(
        str(told.problems.kind[first]),
        str(told.problems.group[first]),
        tuple(str(one) for one in told.numbers[by_time]),
        int(back.sum()),
        float(told.problems.x[rows].mean()) / told.scale.east,
        float(told.problems.y[rows].mean()) / told.scale.north,
    )
