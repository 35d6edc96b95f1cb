"""工作时间 working time: what a limit means on the clock, and the calendar that answers for it.

Units after the Yuncheng standards (2024): 紧急工作时 continuous hours; 紧急工作日 continuous 24 h;
工作时 hours inside the working windows; 工作日 one office day, on office windows even for a squad
with longer ones; 自然日 the same wall-clock time so many calendar days later. A limit that ends
exactly with a window is due at that end (18:00, not 08:00 of the next morning). Whole seconds; a
moment is cut to its second. Moments are aware; answers are UTC. Pure: no table, no clock.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import ROUND_HALF_UP
from fractions import Fraction
from functools import cache, lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from changxiao.kernel.limits import Limit, TimeUnit, parse_limit, split_limit
from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _
from changxiao.kernel.worktime_line import (
    DAY,
    EPOCH,
    EVERY_DAY,
    MONDAY_TO_FRIDAY,
    Line,
    Window,
    epoch,
    wall_line,
    window_line,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

__all__ = [
    "EVERY_DAY",
    "MONDAY_TO_FRIDAY",
    "OFFICE",
    "Limit",
    "TimeUnit",
    "Window",
    "WorkCalendar",
    "parse_limit",
    "split_limit",
]

# Yuncheng standards (2024): 08:00-12:00 and 14:00-18:00, eight hours a working day.
OFFICE = (Window(time(8), time(12)), Window(time(14), time(18)))
FIRST_YEAR, LAST_YEAR = 1900, 2200
CONTINUOUS = frozenset({TimeUnit.URGENT_HOUR, TimeUnit.URGENT_DAY})


@dataclass(frozen=True, eq=False)
class WorkCalendar:
    """工作日历: windows, the day table and the zone of one kind of unit. Build with `build`.

    Immutable for its users; the lines are worked out when first asked for and grow by themselves
    towards dates that nobody had expected (1900–2200).
    """

    zone: tzinfo
    windows: tuple[Window, ...]
    office: tuple[Window, ...]
    days: Mapping[date, bool]
    known_years: frozenset[int] | None
    names: Mapping[date, str]
    day_seconds: int
    _lines: dict[TimeUnit, Line] = field(default_factory=dict, repr=False)

    @classmethod
    def build(  # noqa: PLR0913 - a calendar has that many parts, and all are named
        cls,
        tz: str = "Asia/Shanghai",
        *,
        days: Mapping[date, bool] | None = None,
        windows: Sequence[Window] = OFFICE,
        office: Sequence[Window] | None = None,
        names: Mapping[date, str] | None = None,
        known_years: Collection[int] | None = None,
        day_seconds: int | None = None,
        first: date | None = None,
        last: date | None = None,
    ) -> WorkCalendar:
        """建立日历: of a kind's `windows`; `office` are the windows that 工作日 runs on.

        `days` holds the exceptional days (True: worked); without a table (None) the weekday rule is
        the rule and no year is provisional. `office` defaults to `windows` where those keep to
        workdays, else to `OFFICE`; `day_seconds`, the length of a 工作日, to the usual office day.
        `first` and `last` only say which years to work out at once.
        """
        own = tuple(windows)
        desk = tuple(office) if office is not None else _office_among(own)
        calendar = cls(
            zone=_zone(tz),
            windows=own,
            office=desk,
            days=dict(days or {}),
            known_years=None if days is None else _known(days, known_years),
            names=dict(names or {}),
            day_seconds=day_seconds or _usual_day(desk),
        )
        if first is not None and last is not None:
            calendar.line(TimeUnit.WORK_HOUR, years=(first.year, last.year))
        return calendar

    def unit_seconds(self, unit: TimeUnit) -> int:
        """单位长度: seconds of one unit on its own line."""
        if unit is TimeUnit.WORK_DAY:
            return self.day_seconds
        return 3600 if unit in {TimeUnit.URGENT_HOUR, TimeUnit.WORK_HOUR} else DAY

    def seconds(self, limit: Limit) -> int:
        """时限秒数: the limit's length on the line of its unit, whole seconds, at least one."""
        exact = limit.amount * self.unit_seconds(limit.unit)
        return max(int(exact.to_integral_value(ROUND_HALF_UP)), 1)

    def due(self, start: datetime, limit: Limit) -> datetime:
        """应处置时间: when a limit that starts now is used up (UTC)."""
        return self.due_after(start, self.seconds(limit), limit.unit)

    def due_after(self, start: datetime, seconds: int, unit: TimeUnit) -> datetime:
        """余时到期: the first moment by which `seconds` of the unit's line have passed.

        With nothing left, or less, it is the moment at which the time ran out: a clock that was
        overdue when it stopped is still overdue when it resumes.
        """
        begin = epoch(start)
        if unit in CONTINUOUS:
            return _moment(begin + seconds)
        line = self.line(unit, begin)
        position = line.position(begin) + seconds
        while not 0 < position <= line.top:
            line = self.grown(unit, line, later=position > 0)
            position = line.position(begin) + seconds
        return _moment(line.moment(position))

    def elapsed_seconds(self, start: datetime, end: datetime, unit: TimeUnit) -> int:
        """已用秒数: seconds of the unit's line between two moments; negative when end < start."""
        begin, stop = epoch(start), epoch(end)
        if unit in CONTINUOUS:
            return stop - begin
        # Asked for by years too: another thread may meanwhile put a narrower line in its place.
        line = self.line(unit, stop, years=self.line(unit, begin).years)
        return line.position(stop) - line.position(begin)

    def elapsed(self, start: datetime, end: datetime, unit: TimeUnit) -> Fraction:
        """已用时间: the same in units, exact (1/3 of an hour stays 1/3)."""
        return Fraction(self.elapsed_seconds(start, end, unit), self.unit_seconds(unit))

    def due_many(self, starts: ArrayLike, amounts: ArrayLike, unit: TimeUnit) -> NDArray[np.int64]:
        """批量到期: epoch seconds in, epoch seconds out, equal to `due` row by row."""
        from changxiao.kernel import worktime_vector

        return worktime_vector.due_many(self, starts, amounts, unit)

    def elapsed_many(self, starts: ArrayLike, ends: ArrayLike, unit: TimeUnit) -> NDArray[np.int64]:
        """批量已用秒数: equal to `elapsed_seconds` row by row."""
        from changxiao.kernel import worktime_vector

        return worktime_vector.elapsed_many(self, starts, ends, unit)

    def is_workday(self, day: date) -> bool:
        """是否工作日: by the day table, else Monday to Friday."""
        return self.days.get(day, day.weekday() < 5)

    def provisional(self, year: int) -> bool:
        """暂定年: the day table does not know the year, so the weekday rule stands in for it."""
        return self.known_years is not None and year not in self.known_years

    def provisional_years(self, start: datetime, end: datetime) -> list[int]:
        """暂定年份: the provisional years that the time between two moments touches."""
        first, last = (moment.astimezone(self.zone).year for moment in (start, end))
        return [year for year in range(first, last + 1) if self.provisional(year)]

    def explain(self, start: datetime, limit: Limit) -> list[str]:
        """说明: how the deadline comes about, a sentence a step, in the city's wall-clock time."""
        from changxiao.kernel import worktime_words

        return worktime_words.explain(self, start, limit)

    def line(
        self, unit: TimeUnit, moment: int | None = None, *, years: tuple[int, int] | None = None
    ) -> Line:
        """时间轴: the unit's line, wide enough for the moment and the years."""
        line = self._lines.get(unit)
        inside = line is not None and (moment is None or line.lo <= moment < line.hi)
        if line is not None and inside and (years is None or _within(years, line.years)):
            return line
        if moment is not None and not inside:
            year = _moment(moment).year
            years = _both(years, (year - 1, year + 1))
        if years is not None:
            line = self._work_out(unit, _allowed(_both(line.years if line else None, years)))
        assert line is not None, "a line needs a moment or years"
        if moment is not None and not line.lo <= moment < line.hi:
            raise _out_of_range()
        return line

    def _work_out(self, unit: TimeUnit, years: tuple[int, int]) -> Line:
        if unit is TimeUnit.CALENDAR_DAY:
            line = wall_line(self.zone, years)
        else:
            windows = self.office if unit is TimeUnit.WORK_DAY else self.windows
            line = _window_line(windows, tuple(sorted(self.days.items())), self.zone, years)
            if self.office == self.windows:  # one line serves both units
                self._lines.update({TimeUnit.WORK_HOUR: line, TimeUnit.WORK_DAY: line})
        self._lines[unit] = line
        return line

    def grown(self, unit: TimeUnit, line: Line, *, later: bool) -> Line:
        """延长: the line with twice its years. Refused `time_out_of_range` at 1900 and 2200."""
        first, last = line.years
        if (last >= LAST_YEAR) if later else (first <= FIRST_YEAR):
            raise _out_of_range()
        step = last - first + 1
        return self.line(unit, years=(first, last + step) if later else (first - step, last))


@lru_cache(maxsize=64)
def _window_line(
    windows: tuple[Window, ...],
    days: tuple[tuple[date, bool], ...],
    zone: tzinfo,
    years: tuple[int, int],
) -> Line:
    # A calendar is built anew after every edit of the catalogue, and hardly one edit moves a day.
    return window_line(windows, dict(days), zone, years)


@cache
def _zone(tz: str) -> ZoneInfo:
    return ZoneInfo(tz)


def _moment(seconds: int) -> datetime:
    try:
        return EPOCH + timedelta(seconds=seconds)
    except OverflowError:
        raise _out_of_range() from None


def _both(one: tuple[int, int] | None, other: tuple[int, int]) -> tuple[int, int]:
    return other if one is None else (min(one[0], other[0]), max(one[1], other[1]))


def _within(years: tuple[int, int], wider: tuple[int, int]) -> bool:
    return wider[0] <= years[0] and years[1] <= wider[1]


def _allowed(years: tuple[int, int]) -> tuple[int, int]:
    if years[1] < FIRST_YEAR or years[0] > LAST_YEAR:
        raise _out_of_range()
    return max(years[0], FIRST_YEAR), min(years[1], LAST_YEAR)


def _out_of_range() -> Refused:
    return Refused(
        "time_out_of_range",
        _("时间或到期时间不在 1900 至 2200 年之间，或日历中没有工作时段：请核对起始时间和时限。"),
        field="start",
    )


def _office_among(windows: tuple[Window, ...]) -> tuple[Window, ...]:
    return OFFICE if any(window.holidays for window in windows) else windows


def _known(days: Iterable[date], declared: Collection[int] | None) -> frozenset[int]:
    # A notice reaches into December before and January after its year; only the days between
    # prove that a year's own notice has been entered.
    return frozenset(declared or (day.year for day in days if 2 <= day.month <= 11))


def _usual_day(office: tuple[Window, ...]) -> int:
    """The commonest length of an office day in an ordinary year, the longer one at a tie."""
    lengths: Counter[int] = Counter()
    for ordinal in range(date(2023, 1, 1).toordinal(), date(2023, 12, 31).toordinal() + 1):
        day = date.fromordinal(ordinal)
        spans = [window.seconds() for window in office if window.covers(day, None)]
        lengths[sum(end - start for start, end in spans)] += bool(spans)
    usual = max(lengths, key=lambda length: (lengths[length], length))
    return usual or 8 * 3600
