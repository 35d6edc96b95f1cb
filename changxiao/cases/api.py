"""案卷接口 `/api/v1/cases`: every verb of the flow, lists, one case and its entries."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema, Status

from changxiao.cases import access, actions, flow, inputs, listing, story, verbs
from changxiao.cases.actions.base import flow_in_force
from changxiao.cases.actions.recalling import mark_seen
from changxiao.cases.answers import act_of, done_of
from changxiao.cases.models import Case
from changxiao.cases.reporting import ReportIn, problem_of
from changxiao.catalog import known
from changxiao.kernel import paging, scope
from changxiao.kernel.act import Act
from changxiao.kernel.api import rendered
from changxiao.kernel.refused import Refused
from changxiao.ledger.models import Entry
from changxiao.ledger.refusals import Replayed

router = Router(tags=["cases"])


class CaseOut(Schema):
    number: str
    code: str | None
    stage: str
    stage_label: str
    channel: str
    subcategory: str
    subcategory_name: str
    criterion: str | None
    description: str
    address: str
    lon: float
    lat: float
    district_code: str
    community_code: str
    unit_grid_code: str
    duty_grid_code: str
    unit: str | None
    lead_unit: str | None
    reported_at: datetime
    filed_at: datetime | None
    dispatched_at: datetime | None
    handled_at: datetime | None
    ended_at: datetime | None
    due_at: datetime | None
    handle_due_at: datetime | None
    whole_due_at: datetime | None
    overdue: bool
    handled_late: bool
    rework_count: int
    send_back_count: int
    extension_count: int
    answer: str
    owed: str
    duplicate_of: str | None
    split_from: str | None
    n: int
    verbs: list[str] = []
    clocks: list[dict[str, Any]] = []


_MADE = {
    *("stage_label", "subcategory", "subcategory_name", "criterion", "unit", "lead_unit"),
    *("overdue", "verbs", "clocks", "duplicate_of", "split_from"),
}
TOLD = tuple(name for name in CaseOut.model_fields if name not in _MADE)
COLUMNS = (
    *TOLD,
    *("queue_at", "subcategory_id", "criterion_id", "duplicate_of_id", "split_from_id"),
    *("unit__code", "lead_unit__code"),
)


class CasesOut(Schema):
    items: list[CaseOut]
    next: str | None


class DoneOut(Schema):
    number: str
    stage: str
    receipt: dict[str, Any]
    missing: list[dict[str, Any]] = []


class EntryOut(Schema):
    n: int
    verb: str
    title: str
    actor: str
    who: str
    post: str
    on_behalf: str
    at: datetime
    occurred_at: datetime | None
    recorded_at: datetime
    note: str
    media: list[dict[str, Any]]
    late: bool
    hash: str


@router.post("", response={201: DoneOut, 200: DoneOut}, summary="上报 report")
def report(request: HttpRequest, body: ReportIn, response: HttpResponse) -> Status[Any]:
    """上报: open a case; the same Idempotency-Key and content answers again with 200.

    With `join_to` it is joined to that case in the same act (并入上报); with `on_spot` it is what
    the collector has put right himself, and ends there (自处置).
    """
    act = act_of(request, body, post=reporting_post(body.post, joins=bool(body.join_to)))
    try:
        case = reported(body, act)
    except Replayed as again:
        return _replayed(response, last_of(again.entry, body), body)
    assert case.head is not None
    return Status(201, done_of(case.head, body))


def reported(body: ReportIn, act: Act, *, asks: bool = True) -> Case:
    """上报, alone, joined at once or put right at once, as the body asks; `asks`: and what the
    sub-category must be told besides is refused where it is missing."""
    problem = problem_of(body, asks=asks and not body.join_to)
    if body.on_spot and body.join_to:
        raise Refused("on_spot_joined", _("自处置的问题不能同时并入另一件"), field="join_to")
    if body.on_spot:
        return actions.report_on_spot(problem, act=act)
    if not body.join_to:
        return actions.report(problem, act=act)
    return actions.report_into(problem, to=verbs.lead(body.join_to, field="join_to"), act=act)


def last_of(entry: Entry, body: ReportIn) -> Entry:
    """末步: the entry that the first answer told of: of what ended in the same act, its end."""
    twofold = body.join_to or body.on_spot
    return Entry.objects.get(stream=entry.stream, n=entry.n + 1) if twofold else entry


def reporting_post(wish: str, *, joins: bool = False) -> str:
    held, known = scope.current().posts(), flow_in_force()
    able = known.step("report").posts
    fitting = sorted(held & able & known.step("join").posts if joins else held & able)
    return wish if wish in held else (fitting or sorted(held) or [""])[0]


def _replayed(response: HttpResponse, entry: Entry, body: inputs.Common) -> Status[Any]:
    response["Idempotent-Replayed"] = "true"
    return Status(200, done_of(entry, body))


@router.get("", response=CasesOut, summary="案卷列表")
def list_cases(request: HttpRequest, cursor: str = "", limit: int = 20) -> HttpResponse:
    """案卷列表: within your reach, by time left; filters `stage unit overdue due channel
    subcategory area number since until silent order owed satisfaction reported_on dispatched_on
    closed_on reworked_on`, anything else is refused; `next` is the next page's
    cursor."""
    now = timezone.now()
    wanted = {k: str(v) for k, v in request.GET.items() if k not in {"cursor", "limit"}}
    rows = listing.filtered(wanted, at=now).select_related(None)
    rows = rows.select_related("unit", "lead_unit").only(*COLUMNS)
    page = paging.page(rows, order=listing.BY_QUEUE, cursor=cursor, size=limit)
    _pointed(page.items)
    return rendered({"items": [out(case, now) for case in page.items], "next": page.next})


def _pointed(cases: list[Case]) -> None:
    """What the rows point to: the catalogue from memory; other cases, which few point to, by one
    statement."""
    other = {pk for case in cases for pk in (case.duplicate_of_id, case.split_from_id) if pk}
    others = Case.everything.only("number").in_bulk(other) if other else {}
    for case in cases:
        case.subcategory = known.by_id(case.subcategory_id)
        if case.criterion_id is not None:
            case.criterion = known.criterion_by_id(case.criterion_id)
        case.duplicate_of = others.get(case.duplicate_of_id or 0)
        case.split_from = others.get(case.split_from_id or 0)


@router.get("/{number}", response=CaseOut, summary="一件案卷")
def one_case(request: HttpRequest, number: str) -> dict[str, Any]:
    """一件案卷, with its clocks and the verbs that you may use on it now."""
    case = mark_seen(access.case_for(number))
    open_now = access.buttons(flow_in_force(), scope.current(), case)
    told = out(case, timezone.now())
    return told | {"verbs": [step.verb for step in open_now], "clocks": case.clocks}


@router.get("/{number}/entries", response=list[EntryOut], summary="案卷经过")
def entries(request: HttpRequest, number: str) -> list[story.Line]:
    """案卷经过: who did what, when on the street and when recorded, with each entry's hash."""
    return story.story(access.case_for(number), scope.current())


def out(case: Case, now: datetime) -> dict[str, Any]:
    """案卷的对外形式: without anybody's name or phone."""
    criterion, unit, lead = case.criterion, case.unit, case.lead_unit
    told = {name: getattr(case, name) for name in TOLD}
    return told | {
        **story.texts(case, scope.current()),
        "verbs": [],
        "stage_label": str(flow.Stage(case.stage).label),
        "subcategory": case.subcategory.key,
        "subcategory_name": case.subcategory.label,
        "criterion": criterion.code if criterion else None,
        "unit": unit.code if unit else None,
        "lead_unit": lead.code if lead else None,
        "duplicate_of": case.duplicate_of.number if case.duplicate_of else None,
        "split_from": case.split_from.number if case.split_from else None,
        "overdue": case.due_at is not None and case.due_at < now,
        "clocks": [],
    }


class UnmaskIn(inputs.Common):
    """查看理由 stands in `note`."""


class CallerOut(Schema):
    name: str = ""
    phone: str = ""


class PersonOut(CallerOut):
    email: str = ""
    others: list[CallerOut] = []


@router.post("/{number}/unmask", response=PersonOut, summary="查看当事人 unmask")
def unmask(
    request: HttpRequest, number: str, body: UnmaskIn, response: HttpResponse
) -> dict[str, Any]:
    """查看当事人: the reporter's name and phone; needs a reason, and each look is an entry."""
    case = access.case_for(number)
    step = flow_in_force().step("unmask")
    post = access.post_for(scope.current(), case, step, wish=body.post)
    told = actions.unmask(case, act=act_of(request, body, post=post))
    response["Cache-Control"] = "no-store"
    return dict(json.loads(told or "{}"))


class LinkIn(inputs.Common):
    """交班组办理: `squad` is the squad's name."""

    squad: str = Field(default="", max_length=200)


class LinkOut(Schema):
    """班组链接: `token` is told this once; `code` names the link when it is revoked."""

    code: str
    token: str
    expires_at: datetime


class RevokeIn(inputs.Common):
    """收回班组链接: `link` is its code."""

    link: str = Field(default="", max_length=64)


@router.post("/{number}/issue_link", response=LinkOut, summary="交班组办理 issue_link")
def issue_link(
    request: HttpRequest, number: str, body: LinkIn, response: HttpResponse
) -> dict[str, Any]:
    """交班组办理: a link for one squad to feed back this case, once; `/s/{token}/` opens it. The
    token is stored nowhere: the same key again is 409 and a new link is needed."""
    case, post = _for_link(number, "issue_link", body)
    response["Cache-Control"] = "no-store"
    try:
        link, token = actions.issue_link(
            case, squad=body.squad, act=act_of(request, body, post=post)
        )
    except Replayed:
        message = _("这个链接已签发过，令牌只显示一次；请再签发一个")
        raise Refused("link_told", message) from None
    return {"code": link.code, "token": token, "expires_at": link.expires_at}


@router.post("/{number}/revoke_link", response=DoneOut, summary="收回班组链接 revoke_link")
def revoke_link(
    request: HttpRequest, number: str, body: RevokeIn, response: HttpResponse
) -> Status[Any]:
    """收回班组链接: it opens nothing from the next request on."""
    case, post = _for_link(number, "revoke_link", body)
    try:
        actions.revoke_link(case, link=body.link, act=act_of(request, body, post=post))
    except Replayed as again:
        return _replayed(response, again.entry, body)
    case.refresh_from_db(fields=["head"])
    assert case.head is not None
    return Status(200, done_of(case.head))


def _for_link(number: str, verb: str, body: inputs.Common) -> tuple[Case, str]:
    case = access.case_for(number)
    step = flow_in_force().step(verb)
    return case, access.post_for(scope.current(), case, step, wish=body.post)


def faster(case: Case, base_n: int | None) -> dict[str, Any]:
    """谁更快: the entries since the last one that the caller had seen, where there are any."""
    if base_n is None:
        return {}
    told = [line for line in story.story(case, scope.current()) if line.n > base_n]
    names = ("n", "verb", "title", "who", "post", "at", "note")
    return {"since": [{name: getattr(line, name) for name in names} for line in told]}


def _operation(name: str, verb: verbs.Verb) -> None:
    """One operation a verb, so that the OpenAPI page shows each with its own input."""

    def take(request: HttpRequest, number: str, body: Any, response: HttpResponse) -> Status[Any]:
        case = access.case_for(number)
        step = flow_in_force().step(name)
        post = access.post_for(scope.current(), case, step, wish=body.post)
        try:
            verb.call(case, body, act_of(request, body, post=post))
        except Replayed as again:
            return _replayed(response, again.entry, body)
        except Refused as no:
            no.more = faster(case, body.base_n)
            raise
        case.refresh_from_db(fields=["head"])
        assert case.head is not None
        return Status(200, done_of(case.head, body))

    take.__name__ = name
    take.__annotations__.update(
        request=HttpRequest, number=str, body=verb.takes, response=HttpResponse
    )
    title = flow.DEFAULT.step(name).title
    router.post(f"/{{number}}/{name}", response=DoneOut, summary=f"{title} {name}")(take)


for _name, _verb in verbs.VERBS.items():
    _operation(_name, _verb)
