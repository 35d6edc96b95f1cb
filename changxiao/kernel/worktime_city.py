"""城市工作日历: the working calendar that a city's data folder gives, without a database.

The command line answers with it, and a new home is filled from it; afterwards the city edits rows.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from functools import cache
from typing import Any

from changxiao.kernel.city import CITIES, City
from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _
from changxiao.kernel.worktime import OFFICE, Window, WorkCalendar

OFFICE_KIND = "office"


@dataclass(frozen=True, slots=True)
class TableDay:
    """特殊日: one exceptional day of a day table, as the notice of `source` (URLs) has it."""

    date: date
    is_workday: bool
    name: str
    source: str


@cache
def read_days(table: str) -> tuple[TableDay, ...]:
    """日期表: the rows of `cities/calendars/<table>.csv`, in order."""
    path = CITIES / "calendars" / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(
            TableDay(
                date.fromisoformat(row["date"]),
                row["is_workday"] == "1",
                row["name"],
                row["source"],
            )
            for row in csv.DictReader(file)
        )


def city_windows(city: City, kind: str = OFFICE_KIND) -> tuple[Window, ...]:
    """工作时段: a city's windows for one kind of unit (office, sanitation, night).

    Refused `windows_unknown` for a kind that the city does not have.
    """
    if kind in city.windows:
        return _windows(city.windows[kind])
    if kind == OFFICE_KIND:
        return OFFICE
    known = _("、").join({OFFICE_KIND: 1, **city.windows})
    raise Refused(
        "windows_unknown",
        _("%(city)s没有“%(kind)s”工作时段：可用 %(known)s。")
        % {"city": city.name, "kind": kind, "known": known},
        field="windows",
    )


@cache
def _calendar(city_code: str, kind: str) -> WorkCalendar:
    from changxiao.kernel.city import city as read_city

    city = read_city(city_code)
    days = read_days(city.calendar) if city.calendar else None
    return WorkCalendar.build(
        city.tz,
        days=None if days is None else {day.date: day.is_workday for day in days},
        names={day.date: day.name for day in days or ()},
        windows=city_windows(city, kind),
        office=city_windows(city, OFFICE_KIND),
    )


def city_calendar(city: City, kind: str = OFFICE_KIND) -> WorkCalendar:
    """城市日历: for one kind of unit; made once a process."""
    return _calendar(city.folder.name, kind)


def _windows(rows: Sequence[Mapping[str, Any]]) -> tuple[Window, ...]:
    return tuple(
        Window(
            start=time.fromisoformat(row["start"]),
            end=time.fromisoformat(row["end"]),
            weekdays=sum(1 << (int(digit) - 1) for digit in row.get("weekdays", "12345")),
            from_date=row.get("from", "01-01"),
            to_date=row.get("to", "12-31"),
            holidays=row.get("holidays", False),
        )
        for row in rows
    )
