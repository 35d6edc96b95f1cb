"""时间轴 Line: the one engine under every unit: prefix sums of counted seconds, read both ways.

A line is a row of intervals on the UTC axis, each with the count reached at its start (its mark).
Office hours are a line whose intervals are the windows; calendar days are a line whose intervals
are the stretches between two clock changes of the zone. Pure; seconds are the resolution.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _

DAY = 86_400
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = EPOCH.toordinal()
_SECOND = timedelta(seconds=1)
_MONTH_DAY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")

MONDAY_TO_FRIDAY = 0b0011111
EVERY_DAY = 0b1111111


@dataclass(frozen=True, slots=True)
class Window:
    """工作时段: one stretch of working time a day, in the city's wall-clock time.

    An `end` not after `start` lies on the next day (night squads; 00:00–00:00 is a whole day).
    `weekdays` is a mask, bit 0 is Monday. `from_date`/`to_date` ("MM-DD", both included) are the
    season and may run over the year's end. `holidays`: works by its mask, whatever the day table
    says. Otherwise a holiday has no window, and a make-up day (调休) that the mask leaves out is
    worked like a Monday. Refused `window_unreadable` for a season or a mask that means nothing.
    """

    start: time
    end: time
    weekdays: int = MONDAY_TO_FRIDAY
    from_date: str = "01-01"
    to_date: str = "12-31"
    holidays: bool = False

    def __post_init__(self) -> None:
        seasons = (self.from_date, self.to_date)
        if not all(map(_MONTH_DAY.fullmatch, seasons)) or not 0 < self.weekdays <= EVERY_DAY:
            raise Refused(
                "window_unreadable",
                _("工作时段无法读取：季节写“05-01”这样的月-日，星期掩码在 1 至 127 之间。"),
                field="window",
            )

    def seconds(self) -> tuple[int, int]:
        """起止秒: start and end as seconds after local midnight; the end may pass 86,400."""
        start, end = _of_day(self.start), _of_day(self.end)
        return start, end if end > start else end + DAY

    def covers(self, day: date, is_workday: bool | None) -> bool:
        """当日是否适用: `is_workday` is the day table's word, None where it says nothing."""
        if not self._in_season(day):
            return False
        named = bool(self.weekdays >> day.weekday() & 1)
        if self.holidays or is_workday is None:
            return named
        return is_workday and (named or bool(self.weekdays & 1))

    def _in_season(self, day: date) -> bool:
        # 02-29 goes with 02-28, so that a season "to 02-28" leaves no hole every fourth year.
        today = min(f"{day:%m-%d}", "02-28") if day.month == 2 else f"{day:%m-%d}"
        if self.from_date <= self.to_date:
            return self.from_date <= today <= self.to_date
        return today >= self.from_date or today <= self.to_date


class Line:
    """时间轴: counted seconds between `lo` and `hi` (UTC epoch seconds, `hi` excluded)."""

    __slots__ = ("hi", "lengths", "lo", "marks", "starts", "top", "vector", "years")

    def __init__(
        self, pieces: Iterable[tuple[int, int, int]], *, lo: int, hi: int, years: tuple[int, int]
    ) -> None:
        self.starts, self.lengths, self.marks = [lo], [0], [0]
        for start, length, mark in pieces:
            self.starts.append(start)
            self.lengths.append(length)
            self.marks.append(mark)
        self.lo, self.hi, self.years = lo, hi, years
        self.top = self.marks[-1] + self.lengths[-1]
        self.vector: Any = None  # numpy twin, made by worktime_vector when first asked for

    def position(self, moment: int) -> int:
        """计数: seconds counted from `lo` to the moment."""
        i = bisect_right(self.starts, moment) - 1
        return self.marks[i] + min(moment - self.starts[i], self.lengths[i])

    def moment(self, position: int) -> int:
        """反查: the first moment at which the count reaches `position` (0 < position ≤ top)."""
        i = bisect_left(self.marks, position) - 1
        return self.starts[i] + min(position - self.marks[i], self.lengths[i])

    def between(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """计入区间: the counted intervals inside [start, end)."""
        for i in range(max(bisect_right(self.starts, start) - 1, 0), len(self.starts)):
            if self.starts[i] >= end:
                return
            left = max(start, self.starts[i])
            right = min(end, self.starts[i] + self.lengths[i])
            if right > left:
                yield left, right


def epoch(moment: datetime) -> int:
    """秒数: UTC epoch seconds of an aware moment, cut to the second (23:59:59.999 is :59).

    Refused `time_naive` for a moment without an offset.
    """
    try:
        return (moment - EPOCH) // _SECOND
    except TypeError:
        raise Refused(
            "time_naive",
            _("时间“%(text)s”没有时区：请写成 2026-03-02T09:00+08:00。")
            % {"text": moment.isoformat()},
            field="start",
        ) from None


def window_line(
    windows: Sequence[Window], days: Mapping[date, bool], zone: tzinfo, years: tuple[int, int]
) -> Line:
    """工作时间轴: the windows of the years `years` (both included), merged where they overlap."""
    lo, hi = _bounds(zone, years)
    found = sorted(_spans(windows, days, zone, years))
    return Line(_marked(_merged(found, lo, hi)), lo=lo, hi=hi, years=years)


def wall_line(zone: tzinfo, years: tuple[int, int]) -> Line:
    """自然日时间轴: wall-clock seconds. The hour that a clock repeats counts once."""
    lo, hi = _bounds(zone, years)
    pieces: list[tuple[int, int, int]] = []
    changes = list(_changes(zone, lo, hi))
    reached = 0
    for (start, offset), (end, _next) in zip(changes, [*changes[1:], (hi, 0)], strict=True):
        mark = start + offset - (lo + changes[0][1])
        # Set back, the clock stands still until it shows a time that it has not shown before.
        skip = max(reached - mark, 0)
        pieces.append((start + skip, end - start - skip, mark + skip))
        reached = mark + end - start
    return Line(pieces, lo=lo, hi=hi, years=years)


def _of_day(at: time) -> int:
    return at.hour * 3600 + at.minute * 60 + at.second


def _utc(local: int, zone: tzinfo) -> int:
    """The moment at which the zone's clocks first show `local` (seconds of a naive epoch)."""
    shown = EPOCH.replace(tzinfo=zone) + timedelta(seconds=local)
    return epoch(shown)


def _bounds(zone: tzinfo, years: tuple[int, int]) -> tuple[int, int]:
    first, last = date(years[0], 1, 1), date(years[1] + 1, 1, 1)
    return tuple((_utc((d.toordinal() - _EPOCH_DAY) * DAY, zone)) for d in (first, last))  # type: ignore[return-value]


def _spans(
    windows: Sequence[Window], days: Mapping[date, bool], zone: tzinfo, years: tuple[int, int]
) -> Iterator[tuple[int, int]]:
    day = date(years[0], 1, 1) - timedelta(days=1)  # last night's window reaches into the year
    last = date(years[1], 12, 31)
    timed = [(window, *window.seconds()) for window in windows]
    while day <= last:
        midnight = (day.toordinal() - _EPOCH_DAY) * DAY
        early, late = _utc(midnight, zone), _utc(midnight + 2 * DAY, zone)
        steady = late - early == 2 * DAY
        for window, start, end in timed:
            if window.covers(day, days.get(day)):
                if steady:
                    yield early + start, early + end
                else:
                    yield _utc(midnight + start, zone), _utc(midnight + end, zone)
        day += timedelta(days=1)


def _merged(spans: list[tuple[int, int]], lo: int, hi: int) -> Iterator[tuple[int, int]]:
    open_start, open_end = lo, lo
    for span_start, span_end in spans:
        start, end = max(span_start, lo), min(span_end, hi)
        if start > open_end:
            if open_end > open_start:
                yield open_start, open_end
            open_start, open_end = start, end
        else:
            open_end = max(open_end, end)
    if open_end > open_start:
        yield open_start, open_end


def _marked(spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int, int]]:
    mark = 0
    for start, end in spans:
        yield start, end - start, mark
        mark += end - start


def _offset(zone: tzinfo, moment: int) -> int:
    offset = (EPOCH + timedelta(seconds=moment)).astimezone(zone).utcoffset()
    assert offset is not None
    return offset // _SECOND


def _changes(zone: tzinfo, lo: int, hi: int) -> Iterator[tuple[int, int]]:
    """The zone's offsets between two moments: (from when, offset). A week holds at most one."""
    now, offset = lo, _offset(zone, lo)
    yield lo, offset
    while now < hi:
        ahead = min(now + 7 * DAY, hi)
        changed = _offset(zone, ahead)
        if changed != offset:
            left, right = now, ahead
            while right - left > 1:
                middle = (left + right) // 2
                if _offset(zone, middle) == offset:
                    left = middle
                else:
                    right = middle
            if right < hi:
                yield right, changed
            offset = changed
        now = ahead
