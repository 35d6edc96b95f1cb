"""时间规则快照 snapshot: the rows that answer questions of time, read together once a stamp."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from changxiao.catalog.models import (
    AreaGrade,
    CalendarDay,
    CityPolicy,
    ConfirmRule,
    Emergency,
    PeriodOverlay,
    StageLimit,
    WorkWindow,
)
from changxiao.catalog.stamp import Remembered
from changxiao.kernel.worktime import Window, WorkCalendar


@dataclass(frozen=True)
class Rules:
    """时间规则: everything the questions below need, as plain values."""

    days: Mapping[date, tuple[bool, str]]
    windows: Mapping[str, tuple[Window, ...]]
    grades: tuple[AreaGrade, ...]
    overlays: tuple[PeriodOverlay, ...]
    emergencies: tuple[Emergency, ...]
    stages: Mapping[tuple[str, bool], StageLimit]
    confirm: Mapping[tuple[str, int | None], bool]

    @cached_property
    def calendars(self) -> dict[str, WorkCalendar]:
        """已建日历, by kind of window."""
        return {}


def _read() -> Rules:
    windows: dict[str, list[Window]] = {}
    for row in WorkWindow.objects.all():
        windows.setdefault(row.window_kind, []).append(row.window())
    return Rules(
        days={day.date: (day.is_workday, day.name) for day in CalendarDay.objects.all()},
        windows={kind: tuple(rows) for kind, rows in windows.items()},
        grades=tuple(AreaGrade.objects.all()),
        overlays=tuple(PeriodOverlay.objects.order_by("from_date", "name")),
        emergencies=tuple(Emergency.objects.order_by("from_at", "order_number")),
        stages={(row.stage, row.urgent): row for row in StageLimit.objects.all()},
        confirm={
            (row.channel, row.subcategory_id): row.needed for row in ConfirmRule.objects.all()
        },
    )


def _policies() -> dict[str, str]:
    return dict(CityPolicy.objects.values_list("key", "value"))


rules = Remembered(_read)
# By themselves: whoever edits many rules asks after each for the city's zone, and would read every
# day of the calendar to learn it.
policies = Remembered(_policies)
