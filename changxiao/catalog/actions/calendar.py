"""日历与取值: exceptional days, working windows by kind of unit, and the city's numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from changxiao.catalog import policy
from changxiao.catalog.actions.base import doing
from changxiao.catalog.models import CalendarDay, CityPolicy, WorkWindow
from changxiao.kernel.act import Act
from changxiao.kernel.worktime import Window


def set_calendar_day(
    day: date, *, is_workday: bool, act: Act, name: str = "", source: str = ""
) -> CalendarDay:
    """设定日历: a holiday, or a make-up workday 调休, with the notice that says so."""
    with doing("set_calendar_day", act) as now:
        row = CalendarDay.objects.filter(date=day).first()
        said = (is_workday, name, source)
        if row is not None and (row.is_workday, row.name, row.source) == said:
            return row
        row = row or CalendarDay(date=day)
        row.is_workday, row.name, row.source = said
        row.save()
        stream = f"calendar:{day.isoformat()}"
        now.record(stream, is_workday=is_workday, name=name, source=source)
    return row


def set_window(kind: str, *, windows: Sequence[Window], act: Act) -> list[WorkWindow]:
    """设定工作时段: all windows of one kind of unit, in place of those it had."""
    with doing("set_window", act) as now:
        old = list(WorkWindow.objects.filter(window_kind=kind))
        if {row.window() for row in old} == set(windows):
            return old
        WorkWindow.objects.filter(window_kind=kind).delete()
        rows = [row_of(kind, window) for window in windows]
        WorkWindow.objects.bulk_create(rows)
        now.record(f"window:{kind}", windows=[_words(row) for row in rows])
    return rows


def set_policy(key: str, *, value: str, act: Act) -> CityPolicy:
    """设定政策取值: a number of the city's own. Refused `policy_unknown`, `policy_unreadable`."""
    with doing("set_policy", act) as now:
        told = policy.written(policy.parse(key, value))
        row = CityPolicy.objects.filter(key=key).first()
        before = row.value if row else policy.written(policy.setting(key).default)
        if before == told:
            return row or CityPolicy(key=key, value=told)
        row, _made = CityPolicy.objects.update_or_create(key=key, defaults={"value": told})
        now.record(row.stream, value=told, was={"value": before})
    return row


def row_of(kind: str, window: Window) -> WorkWindow:
    """时段行: a window as a row, not saved."""
    return WorkWindow(
        window_kind=kind,
        weekdays=window.weekdays,
        season_from=window.from_date,
        season_to=window.to_date,
        start=window.start,
        end=window.end,
        holidays=window.holidays,
    )


def _words(row: WorkWindow) -> dict[str, str | int | bool]:
    return {
        "weekdays": row.weekdays,
        "from": row.season_from,
        "to": row.season_to,
        "start": row.start.isoformat(),
        "end": row.end.isoformat(),
        "holidays": row.holidays,
    }
