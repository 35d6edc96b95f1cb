"""日历与取值: exceptional days, working windows by kind of unit, and the city's numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from changxiao.catalog import known, policy
from changxiao.catalog.actions.base import doing
from changxiao.catalog.models import CalendarDay, CityPolicy, WorkWindow
from changxiao.catalog.policy_field import ALL, KINDS
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
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
        was = _day_body(row) if row else None
        row = row or CalendarDay(date=day)
        row.is_workday, row.name, row.source = said
        row.save()
        now.record(row.stream, **_day_body(row), was=was)
    return row


def clear_calendar_day(row: CalendarDay, *, act: Act) -> CalendarDay:
    """取消特殊日: the day is again what its weekday says."""
    with doing("clear_calendar_day", act) as now:
        found = CalendarDay.objects.filter(pk=row.pk).first()
        if found is not None:
            found.delete()
            now.record(row.stream, was=_day_body(row))
    return row


@dataclass(frozen=True, slots=True)
class NoticeDay:
    """通知中的一天."""

    date: date
    is_workday: bool
    name: str


def import_calendar(days: Sequence[NoticeDay], *, source: str, act: Act) -> int:
    """录入放假通知: each day an entry of its own, and one that names the notice and its source.

    All days or none; days that hold already change nothing. Tells how many changed.
    """
    changed = []
    with doing("import_calendar", act) as now:
        there = {row.date: row for row in CalendarDay.objects.all()}
        for day in days:
            row = there.get(day.date)
            if row and (row.is_workday, row.name) == (day.is_workday, day.name):
                continue
            own = replace(act.derive(f"calendar/{day.date}"), base_n=None)
            set_calendar_day(
                day.date, is_workday=day.is_workday, name=day.name, source=source, act=own
            )
            changed.append(f"{day.date.isoformat()} {int(day.is_workday)} {day.name}")
        if changed:
            now.record(NOTICES, days=changed, source=source, was=None)
    return len(changed)


NOTICES = "calendar:notices"


def _day_body(row: CalendarDay) -> dict[str, Any]:
    return {"is_workday": row.is_workday, "name": row.name, "source": row.source}


def set_window(kind: str, *, windows: Sequence[Window], act: Act) -> list[WorkWindow]:
    """设定工作时段: all windows of one kind of unit, in place of those it had."""
    with doing("set_window", act) as now:
        old = list(WorkWindow.objects.filter(window_kind=kind))
        if {row.window() for row in old} == set(windows):
            return old
        _check_windows(windows)
        was = {"windows": [_words(row) for row in old]} if old else None
        WorkWindow.objects.filter(window_kind=kind).delete()
        rows = [row_of(kind, window) for window in windows]
        WorkWindow.objects.bulk_create(rows)
        now.record(f"window:{kind}", windows=[_words(row) for row in rows], was=was)
    return rows


def _check_windows(windows: Sequence[Window]) -> None:
    for one in windows:
        if one.start == one.end:
            message = _("时段的开始和结束不能相同（%(at)s）") % {"at": f"{one.start:%H:%M}"}
            raise Refused("window_empty", message, field="windows")
    for number, one in enumerate(windows):
        for other in windows[number + 1 :]:
            if _overlap(one, other):
                message = _("时段 %(one)s 与 %(other)s 在同一天重叠，请改正")
                values = {"one": _span(one), "other": _span(other)}
                raise Refused("windows_overlap", message % values, field="windows")


def _overlap(one: Window, other: Window) -> bool:
    season = one.from_date <= other.to_date and other.from_date <= one.to_date
    hours = one.start < other.end and other.start < one.end
    # A night window ends on the next day; two of them are compared by their beginnings only.
    night = one.end <= one.start or other.end <= other.start
    same = one.start == other.start if night else hours
    return bool(one.weekdays & other.weekdays) and season and same


def _span(one: Window) -> str:
    return f"{one.start:%H:%M}–{one.end:%H:%M}"


def set_policy(key: str, *, value: str, act: Act) -> CityPolicy:
    """设定政策取值: a number of the city's own. Refused `policy_unknown`, `policy_unreadable`."""
    with doing("set_policy", act) as now:
        told = policy.written(policy.parse(key, value))
        _check_kinds(key, told)
        row = CityPolicy.objects.filter(key=key).first()
        before = row.value if row else policy.written(policy.setting(key).default)
        if before == told:
            return row or CityPolicy(key=key, value=told)
        row, _made = CityPolicy.objects.update_or_create(key=key, defaults={"value": told})
        now.record(row.stream, value=told, was={"value": before})
    return row


def _check_kinds(key: str, told: str) -> None:
    if key not in KINDS or told == ALL:
        return
    kept = str(policy.value(key)).split()  # what stands may stay, in force or not
    for code in told.split():
        if code not in kept and known.by_key(code) is None:
            message = _("目录里没有启用代码为“%(code)s”的小类，请核对或先启用它")
            raise Refused("policy_unreadable", message % {"code": code}, field=key)


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
