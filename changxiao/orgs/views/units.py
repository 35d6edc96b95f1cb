"""机构页: the tree with search and vacancies; each unit by date: who answers, who is on duty."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from changxiao.kernel.day import today, watches_at
from changxiao.kernel.watches import ALL_DAY
from changxiao.orgs import access
from changxiao.orgs.models import ContractSection, DutyRoster, Unit, UnitName, UnitRole
from changxiao.orgs.names import Names, area_name
from changxiao.orgs.rules import RIGHTS
from changxiao.orgs.views.base import asked_day, may, searched, unit_of

MOST_PEOPLE = 100
VERBS = (
    "create_unit",
    "edit_unit",
    "merge_units",
    "end_unit",
    "reopen_unit",
    "set_role",
    "set_week",
    "sign_section",
    "hire",
)


@require_safe
def units(request: HttpRequest) -> HttpResponse:
    """单位: the tree in force that day, who answers for each, and the seats that are empty."""
    day, words = asked_day(request), searched(request)
    empty = _vacant(day)
    roles, called, on_duty = _roles(day), _names(day), duty_now()
    only = request.GET.get("vacant") == "1"
    rows = []
    for unit in Unit.objects.on(day).order_by("path"):
        name = called.get(unit.pk, unit.name)
        if only and unit.pk not in empty:
            continue
        if words and words not in f"{name} {unit.code} {unit.name}":
            continue
        rows.append(
            {
                "unit": unit,
                "name": name,
                "depth": 0 if words or only else min(unit.path.count(".") - 1, 5),
                "roles": roles.get(unit.pk, []),
                "empty": empty.get(unit.pk, []),
                "duty": on_duty.get(unit.pk, []) if day == today() else [],
            }
        )
    told = {
        "rows": rows,
        "vacant": len(empty),
        "only": only,
        "q": words,
        "day": day,
        "is_today": day == today(),
        "may": may(request, *VERBS),
    }
    return render(request, "orgs/units.html", told)


def _vacant(day: date) -> dict[int, list[tuple[str, str]]]:
    empty: dict[int, list[tuple[str, str]]] = {}
    for unit, seat, line in access.vacancies(day):
        empty.setdefault(unit.pk, []).append((str(UnitRole.Role(seat).label), line))
    return empty


def _roles(day: date) -> dict[int, list[UnitRole]]:
    found: dict[int, list[UnitRole]] = {}
    rows = UnitRole.objects.on(day).filter(staff__isnull=False).select_related("staff")
    for role in sorted(rows, key=_rank):
        found.setdefault(role.unit_id, []).append(role)
    return found


_ORDER = {"head": 0, "deputy": 1, "liaison": 2}


def _rank(role: UnitRole) -> tuple[int, str]:
    return _ORDER.get(role.role, 9), role.line


def _names(day: date) -> dict[int, str]:
    """What units were called that day, where a name of its days is known."""
    return dict(UnitName.objects.on(day).values_list("unit_id", "name"))


def duty_now() -> dict[int, list[DutyRoster]]:
    """现在值班: by unit, the watches of the shifts that run at this moment."""
    found: dict[int, list[DutyRoster]] = {}
    rows = DutyRoster.objects.running(watches_at(timezone.now())).filter(staff__is_active=True)
    # Who has this very watch before who has the whole day.
    for row in sorted(rows, key=lambda row: (row.shift == ALL_DAY, row.pk)):
        found.setdefault(row.unit_id, []).append(row)
    return found


@require_safe
def unit(request: HttpRequest, code: str) -> HttpResponse:
    """机构: everything of one unit that day, each part with the buttons of who may change it."""
    found, day = unit_of(code), asked_day(request)
    people = found.staff.filter(is_active=True).order_by("name")
    sections = ContractSection.objects.open(day).filter(contractor=found)
    told: dict[str, Any] = {
        "unit": found,
        "name": found.name_on(day),
        "day": day,
        "is_today": day == today(),
        "ended": not found.holds_on(day),
        "above": _above(found),
        "area": area_name(found.area_code),
        "seats": seats(found, day),
        "over": access.answers_for(found, day) if found.parent_id else None,
        "children": found.children.on(day).order_by("path"),
        "people": people[:MOST_PEOPLE],
        "people_count": people.count(),
        "sections": _told(sections.select_related("oversight").order_by("contract_number")),
        "called": found.names.order_by("-since_date"),
        "duty": _reachable(request, duty_now().get(found.pk, [])),
        "predecessors": found.predecessors.order_by("until_date"),
        "may": may(request, *VERBS),
        "keeper_words": "、".join(sorted(str(post.label) for post in RIGHTS["edit_unit"].posts)),
    }
    return render(request, "orgs/unit.html", told)


def _above(found: Unit) -> list[Unit]:
    steps = [found.path[: 5 * n] for n in range(1, len(found.path) // 5)]
    return list(Unit.objects.filter(path__in=steps).order_by("path"))


def seats(found: Unit, day: date) -> list[dict[str, Any]]:
    """责任席位: head, deputies by line and liaison that day; an empty one is a vacancy."""
    rows = sorted(found.roles.on(day).select_related("staff"), key=_rank)
    told = [_seat(row.role, row.line, row) for row in rows]
    there = {row.role for row in rows}
    missing = [role for role in ("head", "liaison") if role not in there]
    return sorted([*told, *(_seat(role, "", None) for role in missing)], key=lambda s: s["rank"])


def _seat(role: str, line: str, row: UnitRole | None) -> dict[str, Any]:
    return {
        "role": role,
        "line": line,
        "label": UnitRole.Role(role).label,
        "staff": row.staff if row else None,
        "covers": list(row.covers.order_by("path")) if row and line else [],
        "since": row.since_date if row else None,
        "set": row is not None,
        "key": f"{role}/{line}",
        "rank": (_ORDER.get(role, 9), line),
    }


def _told(rows: Iterable[ContractSection]) -> list[dict[str, Any]]:
    names = Names()
    return [{"row": row, "areas": [names.area(code) for code in row.area_codes]} for row in rows]


def _reachable(request: HttpRequest, rows: list[DutyRoster]) -> list[dict[str, Any]]:
    """A duty number is there to be rung; a private one is shown to those who call people out."""
    viewer = request.viewer  # type: ignore[attr-defined]
    return [{"row": row, "phone": row.phone or access.phone_of(row.staff, viewer)} for row in rows]
