"""地方时: facts are told in UTC; days, weeks and months are the city's. No Django.

A zone is a short list of differences from UTC, each from a moment on: China has one, others two a
year. Columns of numpy and expressions of Ibis are moved by the same list.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import ibis
import ibis.expr.types as ir
import numpy as np
from numpy.typing import NDArray

SECOND = 1_000_000  # microseconds
DAY = 86_400 * SECOND
EPOCH = datetime(1970, 1, 1)  # naive, as facts are
FIRST = datetime(2000, 1, 1, tzinfo=UTC)
YEARS = 40


@dataclass(frozen=True, slots=True)
class LocalTime:
    """地方时: `seconds[i]` to be added to UTC from `starts[i]` on (microseconds since 1970)."""

    starts: tuple[int, ...]
    seconds: tuple[int, ...]

    def days(self, micros: NDArray[np.int64]) -> NDArray[np.float64]:
        """地方日 since 1970-01-01, with its fraction."""
        which = np.searchsorted(self.starts, micros, side="right") - 1
        ahead = np.array(self.seconds)[np.maximum(which, 0)] * SECOND
        return np.asarray((micros + ahead) / DAY, np.float64)

    def of_column(self, column: ir.TimestampValue) -> ir.TimestampValue:
        """地方时间 of a column in UTC."""
        ahead: ir.IntegerValue = ibis.literal(self.seconds[-1])
        if len(self.starts) > 1:
            cases = [
                (column < EPOCH + timedelta(microseconds=start), s)
                for start, s in zip(self.starts[1:], self.seconds, strict=False)
            ]
            ahead = ibis.cases(*cases, else_=self.seconds[-1])
        return column + ahead.as_interval("s")


@lru_cache(8)
def local_time(zone: ZoneInfo) -> LocalTime:
    """某时区的地方时: from 2000 to 2040; before and after that the nearest difference holds."""
    starts, seconds = [0], [_ahead(FIRST, zone)]
    for number in range(YEARS * 366):
        day = FIRST + timedelta(days=number)
        if _ahead(day, zone) != seconds[-1]:
            change = _change(day - timedelta(days=1), zone)
            starts.append(_micros(change))
            seconds.append(_ahead(change, zone))
    return LocalTime(tuple(starts), tuple(seconds))


def _change(day: datetime, zone: ZoneInfo) -> datetime:
    """The minute within the day after `day` at which the difference changes."""
    low, high = 0, 1440
    before = _ahead(day, zone)
    while high - low > 1:
        middle = (low + high) // 2
        if _ahead(day + timedelta(minutes=middle), zone) == before:
            low = middle
        else:
            high = middle
    return day + timedelta(minutes=high)


def _ahead(at: datetime, zone: ZoneInfo) -> int:
    offset = at.astimezone(zone).utcoffset()
    assert offset is not None
    return int(offset.total_seconds())


def _micros(at: datetime) -> int:
    return int(at.timestamp()) * SECOND
