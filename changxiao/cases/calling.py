"""电话: whom to ring at the units that a case may go to, as the duty roster has it now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from changxiao.catalog.proposals import Proposal
from changxiao.kernel.day import local_time
from changxiao.orgs.models import DutyRoster, Unit

DAY = range(8, 20)  # local hours of the day watch; the night watch is named by the day it began
MOST = 3


@dataclass(frozen=True, slots=True)
class Line:
    """一条电话: a unit, who is on duty there now, and the number ("" where none is known)."""

    unit: Unit
    reason: str
    name: str = ""
    phone: str = ""


def lines_of(proposals: Iterable[Proposal], now: datetime) -> list[Line]:
    """值班电话 of the first units proposed, one statement for all."""
    wanted = list(proposals)[:MOST]
    day, shift = watch_at(now)
    rows = DutyRoster.objects.filter(
        unit__in=[one.unit for one in wanted],
        date=day,
        shift__in=[shift, DutyRoster.Shift.ALL_DAY],
    ).select_related("staff")
    # Who has this very watch before who has the whole day.
    known: dict[int, DutyRoster] = {}
    for row in sorted(rows, key=lambda row: (row.shift != shift, row.pk)):
        known.setdefault(row.unit_id, row)
    return [_line(one, known.get(one.unit.pk)) for one in wanted]


def _line(one: Proposal, row: DutyRoster | None) -> Line:
    if row is None:
        return Line(one.unit, one.reason)
    return Line(one.unit, one.reason, row.staff.name, row.phone or row.staff.phone)


def watch_at(now: datetime) -> tuple[date, str]:
    """现在的班次: its day and its shift; after midnight it is still yesterday's night."""
    local = local_time(now)
    if local.hour in DAY:
        return local.date(), DutyRoster.Shift.DAY.value
    began = local if local.hour >= DAY.stop else local - timedelta(days=1)
    return began.date(), DutyRoster.Shift.NIGHT.value
