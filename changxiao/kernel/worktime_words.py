"""时限说明 explain: a deadline told step by step, in the city's wall-clock time (A-21)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from changxiao.kernel.limits import Limit, TimeUnit
from changxiao.kernel.words import gettext as _
from changxiao.kernel.worktime_line import EPOCH, Window, epoch

if TYPE_CHECKING:
    from changxiao.kernel.worktime import WorkCalendar

_MOST_STEPS = 24  # a limit of months is told by its beginning and its end


def explain(calendar: WorkCalendar, start: datetime, limit: Limit) -> list[str]:
    """说明: the unit's meaning, each counted stretch, each day left out and why, the deadline."""
    due = calendar.due(start, limit)
    here = start.astimezone(calendar.zone)
    return [
        _meaning(calendar, limit),
        _("起始 %(day)s %(time)s。") % {"day": day_words(here.date()), "time": _clock(here)},
        *_shortened(list(_steps(calendar, start, due, limit))),
        _due_words(due.astimezone(calendar.zone)),
        *(provisional_words(year) for year in _doubtful(calendar, start, due, limit.unit)),
    ]


def day_words(day: date) -> str:
    """日期: with its weekday, 2026-03-02（周一）."""
    return _("%(date)s（%(weekday)s）") % {"date": day.isoformat(), "weekday": _weekday(day)}


def provisional_words(year: int) -> str:
    """暂定提示: said wherever a deadline rests on a year without a day table."""
    return _(
        "注意：日历中没有 %(year)s 年的放假安排，暂按周一至周五计算；录入该年安排后请核对。"
    ) % {"year": year}


def _doubtful(calendar: WorkCalendar, start: datetime, due: datetime, unit: TimeUnit) -> list[int]:
    works = unit in {TimeUnit.WORK_HOUR, TimeUnit.WORK_DAY}
    return calendar.provisional_years(start, due) if works else []


def _meaning(calendar: WorkCalendar, limit: Limit) -> str:
    told = {"limit": limit, "windows": "", "day": _span(calendar.day_seconds)}
    if limit.unit is TimeUnit.CALENDAR_DAY:
        return _("%(limit)s：按日历天数，到期钟点与起始钟点相同。") % told
    if limit.unit is TimeUnit.WORK_DAY:
        told["windows"] = _windows(calendar.office)
        return _("%(limit)s：1 工作日为 %(day)s，只计办公时间（%(windows)s）。") % told
    if limit.unit is TimeUnit.WORK_HOUR:
        told["windows"] = _windows(calendar.windows)
        return _("%(limit)s：只计工作时段（%(windows)s）。") % told
    return _("%(limit)s：连续计时，夜间、周末和节假日照计。") % told


def _windows(windows: tuple[Window, ...]) -> str:
    return _("、").join(_window(window) for window in windows)


def _window(window: Window) -> str:
    hours = f"{window.start:%H:%M}–{window.end:%H:%M}"
    if (window.from_date, window.to_date) == ("01-01", "12-31"):
        return hours
    return f"{hours}[{window.from_date}–{window.to_date}]"


def _steps(calendar: WorkCalendar, start: datetime, due: datetime, limit: Limit) -> Iterator[str]:
    if limit.unit not in {TimeUnit.WORK_HOUR, TimeUnit.WORK_DAY}:
        return
    counted = _by_day(calendar, start, due, limit.unit)
    left = calendar.seconds(limit)
    first, last = (moment.astimezone(calendar.zone).date() for moment in (start, due))
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    for reason, run in groupby(
        days, lambda day: None if day in counted else _reason(calendar, day)
    ):
        if reason is not None:
            yield _left_out(list(run), reason)
            continue
        for day in run:
            for begin, end in counted[day]:
                left -= epoch(end) - epoch(begin)
                yield _counted(day, begin, end, left)


def _by_day(
    calendar: WorkCalendar, start: datetime, due: datetime, unit: TimeUnit
) -> dict[date, list[tuple[datetime, datetime]]]:
    found: dict[date, list[tuple[datetime, datetime]]] = {}
    line = calendar.line(unit, epoch(start))
    for begin, end in line.between(epoch(start), epoch(due)):
        at, until = (EPOCH + timedelta(seconds=second) for second in (begin, end))
        found.setdefault(at.astimezone(calendar.zone).date(), []).append((at, until))
    return {
        day: [(a.astimezone(calendar.zone), b.astimezone(calendar.zone)) for a, b in spans]
        for day, spans in found.items()
    }


def _counted(day: date, begin: datetime, end: datetime, left: int) -> str:
    until = _clock(end) if end.date() == day else f"{end.date().isoformat()} {_clock(end)}"
    return _("%(day)s %(begin)s–%(end)s，计 %(span)s，余 %(left)s。") % {
        "day": day_words(day),
        "begin": _clock(begin),
        "end": until,
        # Seconds that passed, not clock times: a night on which the clocks change is told truly.
        "span": _span(epoch(end) - epoch(begin)),
        "left": _span(left),
    }


def _reason(calendar: WorkCalendar, day: date) -> str:
    if day in calendar.days and not calendar.days[day]:
        return calendar.names.get(day) or _("放假")
    return _("周末") if day.weekday() >= 5 and not calendar.is_workday(day) else _("无余下工作时段")


def _left_out(days: list[date], reason: str) -> str:
    if len(days) == 1:
        return _("%(day)s %(reason)s，不计。") % {"day": day_words(days[0]), "reason": reason}
    ends = {"first": day_words(days[0]), "last": day_words(days[-1]), "reason": reason}
    return _("%(first)s至 %(last)s %(reason)s，不计。") % ends


def _shortened(steps: list[str]) -> list[str]:
    if len(steps) <= _MOST_STEPS:
        return steps
    half = _MOST_STEPS // 2
    between = _("……（其间还有 %(count)s 步，同样计算）") % {"count": len(steps) - 2 * half}
    return [*steps[:half], between, *steps[-half:]]


def _due_words(due: datetime) -> str:
    return _("到期 %(day)s %(time)s。") % {"day": day_words(due.date()), "time": _clock(due)}


def _clock(moment: datetime) -> str:
    return f"{moment:%H:%M:%S}" if moment.second else f"{moment:%H:%M}"


def _span(seconds: int) -> str:
    hours, rest = divmod(seconds, 3600)
    minutes, rest = divmod(rest, 60)
    parts = (
        (hours, _("%(n)s 小时") % {"n": hours}),
        (minutes, _("%(n)s 分钟") % {"n": minutes}),
        (rest, _("%(n)s 秒") % {"n": rest}),
    )
    return " ".join(words for number, words in parts if number) or _("0 小时")


def _weekday(day: date) -> str:
    names = (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))
    return names[day.weekday()]
