"""批量时限 vectorised working time: the lines of `worktime` read for whole columns with numpy.

The same intervals and marks as the scalar way, so the answers are equal row by row. A random
binary search misses the cache, therefore a table leads from an even bucket to the interval.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from changxiao.kernel.limits import FINEST, LARGEST, TimeUnit
from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _
from changxiao.kernel.worktime_line import Line

if TYPE_CHECKING:
    from changxiao.kernel.worktime import WorkCalendar

Whole = NDArray[np.int64]
_BLOCK = 1 << 15  # rows worked on at a time: their columns stay in the processor's cache
_LARGEST_TABLE = 1 << 20
# Above the float error of any limit, below the distance of any four-decimal limit from a half.
_HALF_UP = 0.5 + 1e-6


class _Steps:
    """Which interval a value lies in: an index into ascending `edges`, found by bucket."""

    def __init__(self, edges: Whole) -> None:
        self.edges = edges
        gaps = np.diff(edges)
        least = int(gaps[gaps > 0].min()) if (gaps > 0).any() else 1
        self.width = max(least, int(edges[-1] - edges[0]) // _LARGEST_TABLE + 1)
        buckets = int(edges[-1] - edges[0]) // self.width + 2
        first = edges[0] + np.arange(buckets, dtype=np.int64) * self.width
        self.table = np.searchsorted(edges, first, side="right") - 1
        self.ahead = np.append(edges[1:], np.iinfo(np.int64).max)
        # At most one edge a bucket unless the table had to be coarse; then steps repeat.
        self.single = self.width == least

    def at(self, values: Whole) -> Whole:
        """The last edge not above each value."""
        bucket = np.minimum((values - self.edges[0]) // self.width, len(self.table) - 1)
        index: Whole = self.table[bucket]
        while True:
            step = self.ahead[index] <= values
            index = index + step
            if self.single or not step.any():
                return index


class _Twin:
    """A line as numpy columns."""

    def __init__(self, line: Line) -> None:
        self.starts = np.array(line.starts, dtype=np.int64)
        self.lengths = np.array(line.lengths, dtype=np.int64)
        self.marks = np.array(line.marks, dtype=np.int64)
        self.by_start, self.by_mark = _Steps(self.starts), _Steps(self.marks)

    def position(self, moments: Whole) -> Whole:
        i = self.by_start.at(moments)
        found: Whole = self.marks[i] + np.minimum(moments - self.starts[i], self.lengths[i])
        return found

    def moment(self, positions: Whole) -> Whole:
        # The last mark below the position: whole numbers, so the last one not above it less one.
        i = self.by_mark.at(positions - 1)
        found: Whole = self.starts[i] + np.minimum(positions - self.marks[i], self.lengths[i])
        return found


def due_many(
    calendar: WorkCalendar, starts: ArrayLike, amounts: ArrayLike, unit: TimeUnit
) -> Whole:
    """批量到期: epoch seconds at which `amounts` of `unit`, started at `starts`, are used up.

    Refused `limit_out_of_range` where an amount is outside 0.0001 to 10,000.
    """
    begins, given = np.broadcast_arrays(
        np.asarray(starts, dtype=np.int64), np.asarray(amounts, dtype=np.float64)
    )
    if not ((given >= float(FINEST)) & (given <= float(LARGEST))).all():
        raise Refused(
            "limit_out_of_range",
            _("时限数值须在 0.0001 至 10000 之间：请改正后重试。"),
            field="amount",
        )
    due = np.empty(begins.shape, dtype=np.int64)
    length = calendar.unit_seconds(unit)
    for rows in _blocks(begins):
        exact = np.floor(given[rows] * length + _HALF_UP).astype(np.int64)
        seconds = np.maximum(exact, 1)
        due[rows] = _after(calendar, begins[rows], seconds, unit)
    return due


def elapsed_many(
    calendar: WorkCalendar, starts: ArrayLike, ends: ArrayLike, unit: TimeUnit
) -> Whole:
    """批量已用秒数: seconds of the unit's line between two columns of epoch seconds."""
    begins, stops = np.broadcast_arrays(
        np.asarray(starts, dtype=np.int64), np.asarray(ends, dtype=np.int64)
    )
    elapsed: Whole = stops - begins
    if not begins.size or _runs_on(unit):
        return elapsed
    twin = _twin(_covering(calendar, np.append(begins, stops), unit))
    for rows in _blocks(begins):
        elapsed[rows] = twin.position(stops[rows]) - twin.position(begins[rows])
    return elapsed


def _after(calendar: WorkCalendar, begins: Whole, seconds: Whole, unit: TimeUnit) -> Whole:
    if _runs_on(unit):
        return begins + seconds
    line = _covering(calendar, begins, unit)
    positions = _twin(line).position(begins) + seconds
    while positions.max() > line.top:
        line = calendar.grown(unit, line, later=True)
        positions = _twin(line).position(begins) + seconds
    return _twin(line).moment(positions)


def _runs_on(unit: TimeUnit) -> bool:
    return unit in {TimeUnit.URGENT_HOUR, TimeUnit.URGENT_DAY}


def _covering(calendar: WorkCalendar, moments: Whole, unit: TimeUnit) -> Line:
    first = calendar.line(unit, int(moments.min()))
    return calendar.line(unit, int(moments.max()), years=first.years)


def _twin(line: Line) -> _Twin:
    if line.vector is None:
        line.vector = _Twin(line)
    twin: _Twin = line.vector
    return twin


def _blocks(column: Whole) -> list[slice]:
    return [slice(at, at + _BLOCK) for at in range(0, len(column), _BLOCK)]
