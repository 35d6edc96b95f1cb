"""人员导入: a whole list at once; who is new is hired, who is there is brought up to date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from changxiao.kernel.act import Act
from changxiao.orgs.actions.base import doing
from changxiao.orgs.actions.people import edit_staff, hire
from changxiao.orgs.models import Staff, Unit

STREAM = "people:list"


@dataclass(frozen=True, slots=True)
class Listed:
    """名单一行."""

    username: str
    name: str
    unit: Unit | None
    phone: str


def import_people(rows: Sequence[Listed], *, act: Act) -> dict[str, int]:
    """导入人员: all of them or, where one is refused, none; each has an entry of its own."""
    counts = {"hired": 0, "changed": 0, "same": 0}
    with doing("import_people", act, stream=STREAM) as now:
        there = {row.username.casefold(): row for row in Staff.objects.select_related("unit")}
        for row in rows:
            counts[_take(row, there.get(row.username.casefold()), act)] += 1
        if counts["hired"] or counts["changed"]:
            now.record(**dict[str, Any](counts))
    return counts


def _take(row: Listed, known: Staff | None, act: Act) -> str:
    own = replace(act.derive(f"person/{row.username}"), base_n=None)
    if known is None:
        hire(username=row.username, name=row.name, unit=row.unit, phone=row.phone, act=own)
        return "hired"
    if (known.name, known.unit, known.phone) == (row.name, row.unit, row.phone):
        return "same"
    edit_staff(known, name=row.name, unit=row.unit, phone=row.phone, act=own)
    return "changed"
