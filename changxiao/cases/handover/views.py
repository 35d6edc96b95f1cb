"""交接班页: this shift's sheet, the one before it beside it, and the two signatures."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from changxiao.cases.flow import Stage
from changxiao.cases.handover import actions
from changxiao.cases.handover.access import desk_of
from changxiao.cases.handover.gather import gather
from changxiao.cases.handover.models import ShiftHandover
from changxiao.cases.places import words
from changxiao.kernel import scope
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.ledger.refusals import Replayed
from changxiao.orgs.models import Staff
from changxiao.orgs.posts import Post

EARLIER = 10  # sheets listed below
GROUPS: tuple[tuple[str | Promise, tuple[tuple[str, str | Promise], ...]], ...] = (
    (gettext_lazy("在办"), (("late", gettext_lazy("本席超期")),)),
    (
        gettext_lazy("已承诺"),
        (
            ("answer", gettext_lazy("待答复举报人")),
            ("request", gettext_lazy("申请待审批")),
            ("ending", gettext_lazy("下一班挂账到期")),
            ("order", gettext_lazy("督办未答复")),
        ),
    ),
    (
        gettext_lazy("异常"),
        (
            ("refused", gettext_lazy("本班不同意的申请")),
            ("rework", gettext_lazy("本班核查不通过")),
            ("joined", gettext_lazy("本班并案")),
            ("flag", gettext_lazy("证据疑点待定")),
            ("exceptional", gettext_lazy("本班不受理、作废、强结")),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Part:
    """一部分: its title, how many, and the rows that were written down."""

    title: str | Promise
    count: int
    rows: list[dict[str, Any]]

    @property
    def left(self) -> int:
        return self.count - len(self.rows)


@never_cache
@require_safe
def handover(request: HttpRequest) -> HttpResponse:
    """交接班: the sheet as it would be signed now, or the one that waits to be taken."""
    post, area = _desk(request)
    now = timezone.now()
    previous = actions.last_taken(post, area)
    mine = ShiftHandover.objects.filter(post=post, area_code=area)
    waiting = mine.filter(taken_at=None).first()
    since = actions.since_of(previous, now)
    sheet = waiting.sheet if waiting else gather(post, since, now)
    told = _told(sheet) | {
        "desk": Post(post).label,
        "area": words(area) if area else _("全市"),
        "since": waiting.since_at if waiting else since,
        "until": waiting.signed_at if waiting else now,
        "waiting": waiting,
        "own": waiting is not None and waiting.outgoing == scope.current().name,
        "previous": _signed(previous) | _told(previous.sheet) if previous else None,
        "earlier": [_signed(row) for row in mine.exclude(taken_at=None)[:EARLIER]],
        "outgoing": _names([waiting.outgoing])[waiting.outgoing] if waiting else "",
        "key": str(uuid.uuid4()),
        "now": now,
    }
    return render(request, "cases/handover.html", told)


@never_cache
@require_safe
def signed(request: HttpRequest, pk: int) -> HttpResponse:
    """已签交接班表: as both signed it, to be read and printed."""
    row = _found(pk)
    told = _told(row.sheet) | _signed(row)
    told |= {"desk": Post(row.post).label, "area": words(row.area_code) or _("全市")}
    return render(request, "cases/handover_signed.html", told)


@require_POST
def hand(request: HttpRequest) -> HttpResponse:
    """交班: the outgoing person signs."""
    post, area = _desk(request)
    try:
        actions.hand_shift(area=area, act=_act(request, post))
        messages.success(request, _("已交班，请接班人登录后签收"))
    except Replayed:
        messages.info(request, _("此前已经签字，没有重复记录"))
    except Refused as no:
        messages.error(request, no.sentence)
    return redirect("handover")


@require_POST
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """接班: the incoming person confirms by the own account."""
    row = _found(pk)
    try:
        actions.take_shift(row, act=_act(request, row.post))
        messages.success(request, _("已接班，交接班表不再更改"))
    except Replayed:
        messages.info(request, _("此前已经签字，没有重复记录"))
    except Refused as no:
        messages.error(request, no.sentence)
        return redirect("handover")
    return redirect("handover_signed", row.pk)


def _found(pk: int) -> ShiftHandover:
    row: ShiftHandover | None = ShiftHandover.objects.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def _desk(request: HttpRequest) -> tuple[str, str]:
    """The desk of the acting post, else of the first post that has one."""
    posts: list[str] = request.posts  # type: ignore[attr-defined]
    acting = str(request.acting_post)  # type: ignore[attr-defined]
    for post in (acting, *posts):
        desk = desk_of(scope.current(), post)
        if desk is not None:
            return desk.post, desk.area
    raise PermissionDenied


def _act(request: HttpRequest, post: str) -> Act:
    try:
        key = str(uuid.UUID(request.POST.get("key", "")))
    except ValueError:
        raise Http404 from None
    note = request.POST.get("note", "")
    return Act(actor=scope.current().name, post=post, key=key, note=note[: actions.NOTES])


def _told(sheet: Mapping[str, Any]) -> dict[str, Any]:
    """The frozen JSON in words, in the order in which it is read."""
    parts = sheet.get("parts", {})
    groups = [
        (title, [_part(name, parts[key]) for key, name in inner if key in parts])
        for title, inner in GROUPS
    ]
    stages = [row | {"label": Stage(row["stage"]).label} for row in sheet.get("stages", [])]
    return {
        "groups": groups,
        "stages": stages,
        "open": sum(row["count"] for row in stages),
        "parked": sheet.get("parked", 0),
    }


def _part(title: str | Promise, told: Mapping[str, Any]) -> Part:
    return Part(title, told["count"], _rows(told["rows"]))


def _rows(rows: list[dict[str, str]]) -> list[dict[str, Any]]:
    return [
        row
        | {
            "label": Stage(row["stage"]).label,
            "due_at": datetime.fromisoformat(row["due"]) if row["due"] else None,
        }
        for row in rows
    ]


def _signed(row: ShiftHandover) -> dict[str, Any]:
    names = _names([row.outgoing, row.incoming])
    return {
        "row": row,
        "outgoing": names[row.outgoing],
        "incoming": names.get(row.incoming, ""),
        "promised": sum(row.counts.get(key, 0) for key, _name in GROUPS[1][1]),
    }


def _names(usernames: list[str]) -> dict[str, str]:
    known = dict(Staff.objects.filter(username__in=usernames).values_list("username", "name"))
    return {name: known.get(name, name) for name in usernames}
