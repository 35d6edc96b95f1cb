"""我的案卷: what a handling unit has in hand, by time left: rework first, then late, then today."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from changxiao.cases import access, listing
from changxiao.cases.actions.base import flow_in_force
from changxiao.cases.flow import Stage
from changxiao.cases.models import Case, CaseRequest
from changxiao.cases.views.queue import Row, rows_of
from changxiao.kernel import paging, scope
from changxiao.kernel.act import new_key
from changxiao.kernel.refused import Refused

SIZE = 30
IN_HAND = (Stage.DISPATCHED, Stage.SUSPENDED)
# The one-thumb actions of a row, in the order of the thumb.
ACTIONS = ("receive", "feed_back", "issue_link")


@dataclass(frozen=True, slots=True)
class Mine:
    """一行: the case, what was decided on what the unit asked, and what may be done now."""

    row: Row
    refused: CaseRequest | None
    verbs: tuple[str, ...]
    key: str

    @property
    def case(self) -> Case:
        return self.row.case


@dataclass(frozen=True, slots=True)
class Part:
    """一组 and how many are in it; its link opens exactly those."""

    value: str
    label: str | Promise
    count: int


def _parts(now: datetime) -> Mapping[str, tuple[str | Promise, Q]]:
    """各组; a case stands in the first that it fits."""
    waiting = Q(stage=Stage.DISPATCHED)
    reworked = waiting & Q(rework_count__gt=0)
    return {
        "rework": (_("返工"), reworked),
        "overdue": (_("超期"), waiting & Q(rework_count=0) & listing.late(now)),
        "today": (_("今日到期"), waiting & Q(rework_count=0) & listing.due_today(now)),
        "later": (
            _("其余"),
            waiting & Q(rework_count=0) & ~listing.late(now) & ~listing.due_today(now),
        ),
        "suspended": (_("挂账中"), Q(stage=Stage.SUSPENDED)),
    }


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """我的案卷 of the units that the viewer handles for; empty for everybody else."""
    now = timezone.now()
    parts = _parts(now)
    show = request.GET.get("show", "")
    rows = _in_hand()
    told: dict[str, Any] = {"parts": _counted(rows, parts), "show": show, "now": now}
    try:
        if show and show not in parts:
            raise Refused("parameter_unreadable", str(_("没有这一组案卷，请从上方选择")))
        groups, after = _groups(rows, parts, show, request.GET.get("cursor", ""), now)
        told |= {"groups": groups, "next_cursor": after, "count": sum(len(g) for _t, g in groups)}
    except Refused as no:
        told["refusal"] = no.sentence
    return render(request, "cases/mine.html", told, status=400 if "refusal" in told else 200)


def _in_hand() -> QuerySet[Case]:
    grants = [g for g in scope.current().grants if g.post in access.BY_UNIT and g.unit]
    reach = Q(pk__in=[])
    for grant in grants:
        reach |= access.with_unit(grant.unit)
    return Case.objects.filter(reach, stage__in=IN_HAND).select_related(*listing.SHOWN)


def _counted(rows: QuerySet[Case], parts: Mapping[str, tuple[Any, Q]]) -> list[Part]:
    asked = {name: Count("pk", filter=where) for name, (_label, where) in parts.items()}
    counts = rows.select_related(None).order_by().aggregate(**asked)
    return [Part(name, label, counts[name]) for name, (label, _where) in parts.items()]


def _groups(
    rows: QuerySet[Case],
    parts: Mapping[str, tuple[Any, Q]],
    show: str,
    cursor: str,
    now: datetime,
) -> tuple[list[tuple[Any, list[Mine]]], str | None]:
    """One group in full when it was asked for; else the beginning of each, urgent ones first."""
    if show:
        label, where = parts[show]
        page = paging.page(rows.filter(where), order=listing.BY_QUEUE, cursor=cursor, size=SIZE)
        return [(label, _told(page.items, now))], page.next
    found: list[Case] = []
    ends: list[tuple[Any, int]] = []
    for label, where in parts.values():
        left = SIZE - len(found)
        some = list(rows.filter(where).order_by(*listing.BY_QUEUE)[:left]) if left > 0 else []
        found += some
        ends.append((label, len(some)))
    told = _told(found, now)
    groups = []
    for label, count in ends:
        if count:
            groups.append((label, told[:count]))
        told = told[count:]
    return groups, None


def _told(cases: Sequence[Case], now: datetime) -> list[Mine]:
    asked = CaseRequest.objects.filter(case__in=cases, state=CaseRequest.State.REFUSED)
    # The last decision against the unit that still matters: since the case came to it.
    refused = {
        one.case_id: one
        for one in asked.select_related("case").order_by("decided_at")
        if one.case.dispatched_at and one.decided_at and one.decided_at >= one.case.dispatched_at
    }
    flow, viewer = flow_in_force(), scope.current()
    lines = []
    for row in rows_of(cases, now):
        held = {step.verb for step in access.buttons(flow, viewer, row.case)}
        may = tuple(v for v in ACTIONS if v in held and not _done(v, row.case))
        lines.append(Mine(row, refused.get(row.case.pk), may, new_key()))
    return lines


def _done(verb: str, case: Case) -> bool:
    return verb == "receive" and case.received_at is not None
