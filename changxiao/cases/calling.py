"""电话: whom to ring at the units that a case may go to, as the duty roster has it now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from changxiao.catalog.proposals import Proposal
from changxiao.kernel.day import watches_at
from changxiao.kernel.watches import ALL_DAY
from changxiao.orgs.models import DutyRoster, Unit

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
    running = watches_at(now)
    rows = DutyRoster.objects.running(running).filter(unit__in=[one.unit for one in wanted])
    # Who has this very watch before who has the whole day.
    known: dict[int, DutyRoster] = {}
    for row in sorted(rows, key=lambda row: (row.shift == ALL_DAY, row.pk)):
        known.setdefault(row.unit_id, row)
    return [_line(one, known.get(one.unit.pk)) for one in wanted]


def _line(one: Proposal, row: DutyRoster | None) -> Line:
    if row is None:
        return Line(one.unit, one.reason)
    return Line(one.unit, one.reason, row.staff.name, row.phone or row.staff.phone)
