"""案卷接口 `/api/v1/cases`: every verb of the flow, lists, one case and its entries."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema, Status

from changxiao.assets.models import Component
from changxiao.cases import access, actions, flow, inputs, listing, story, verbs
from changxiao.cases.actions import Problem, Reporter
from changxiao.cases.actions.base import flow_in_force
from changxiao.cases.actions.recalling import mark_seen
from changxiao.cases.models import Case
from changxiao.catalog import known
from changxiao.kernel import paging, scope
from changxiao.kernel.act import Act
from changxiao.kernel.api import digest_of, key_of, rendered
from changxiao.kernel.geo import to_wgs84
from changxiao.kernel.refused import Refused
from changxiao.ledger.models import Entry
from changxiao.ledger.receipts import receipt
from changxiao.ledger.refusals import Replayed

router = Router(tags=["cases"])


class ReporterIn(Schema):
    name: str = Field(default="", max_length=64)
    phone: str = Field(default="", max_length=32)


class ReportIn(inputs.WithPhotos):
    """上报: coordinates in degrees in `crs` (wgs84, gcj02 or bd09)."""

    channel: str = "collector"
    subcategory: str
    criterion: str = ""
    component: str = ""
    lon: float = Field(ge=-180, le=180)
    lat: float = Field(ge=-90, le=90)
    crs: str = "wgs84"
    description: str = ""
    address: str = Field("", max_length=200)
    reporter: ReporterIn = Field(default_factory=ReporterIn)
    external: str = Field("", max_length=64)


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
    *("queue_at", "subcategory_id", "criterion__code"),
    *("unit__code", "lead_unit__code", "duplicate_of__number", "split_from__number"),
)


POINTED = ("criterion", "unit", "lead_unit", "duplicate_of", "split_from")


class CasesOut(Schema):
    items: list[CaseOut]
    next: str | None


class DoneOut(Schema):
    number: str
    stage: str
    receipt: dict[str, Any]


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
    """上报: open a case; the same Idempotency-Key and content answers again with 200."""
    act = act_of(request, body, post=_reporting_post(body.post))
    try:
        case = actions.report(_problem(body), act=act)
    except Replayed as again:
        return _replayed(response, again.entry)
    assert case.head is not None
    return Status(201, done_of(case.head))


def _reporting_post(wish: str) -> str:
    held = scope.current().posts()
    fitting = sorted(held & flow_in_force().step("report").posts)
    return wish if wish in held else (fitting or sorted(held) or [""])[0]


def _problem(body: ReportIn) -> Problem:
    lon, lat = to_wgs84(body.lon, body.lat, body.crs)
    return Problem(
        channel=body.channel,
        subcategory=verbs.subcategory(body.subcategory),
        criterion=verbs.criterion(body.criterion),
        component=_component(body.component),
        lon=lon,
        lat=lat,
        description=body.description or body.note,
        address=body.address,
        reporter=Reporter(body.reporter.name, body.reporter.phone),
        photos=verbs.photos(body.photos),
        external=body.external,
    )


def _component(code: str) -> Component | None:
    if not code:
        return None
    found = Component.objects.filter(code=code).first()
    if found is None:
        message = _("没有代码为“%(code)s”的部件，请核对16位部件代码") % {"code": code[:40]}
        raise Refused("component_unknown", message, field="component")
    return found


def act_of(request: HttpRequest, body: inputs.Common, *, post: str) -> Act:
    """请求的动作: key, digest and the words that every body has."""
    if body.occurred_at is not None:
        verbs.aware(body.occurred_at, "occurred_at")
    return Act(
        actor=scope.current().name,
        post=post,
        key=key_of(request),
        occurred_at=body.occurred_at,
        on_behalf=body.on_behalf,
        note=body.note,
        base_n=body.base_n,
        digest=digest_of(request, body.model_dump(mode="json")),
    )


def done_of(entry: Entry) -> dict[str, Any]:
    """办理回应: a function of the entry alone, so a replay answers the same."""
    number = entry.stream.partition(":")[2]
    return {
        "number": number,
        "stage": json.loads(entry.body)["stage"],
        "receipt": receipt(entry),
    }


def _replayed(response: HttpResponse, entry: Entry) -> Status[Any]:
    response["Idempotent-Replayed"] = "true"
    return Status(200, done_of(entry))


@router.get("", response=CasesOut, summary="案卷列表")
def list_cases(request: HttpRequest, cursor: str = "", limit: int = 20) -> HttpResponse:
    """案卷列表: within your reach, by time left; filters `stage unit overdue due channel
    subcategory area number since until silent order reported_on dispatched_on closed_on
    reworked_on`, anything else is refused; `next` is the next page's
    cursor."""
    now = timezone.now()
    wanted = {k: str(v) for k, v in request.GET.items() if k not in {"cursor", "limit"}}
    rows = listing.filtered(wanted, at=now).select_related(None)
    rows = rows.select_related(*POINTED).only(*COLUMNS)
    page = paging.page(rows, order=listing.BY_QUEUE, cursor=cursor, size=limit)
    for case in page.items:
        case.subcategory = known.by_id(case.subcategory_id)
    return rendered({"items": [out(case, now) for case in page.items], "next": page.next})


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


class PersonOut(Schema):
    name: str = ""
    phone: str = ""


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
        return _replayed(response, again.entry)
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
            return _replayed(response, again.entry)
        except Refused as no:
            no.more = faster(case, body.base_n)
            raise
        case.refresh_from_db(fields=["head"])
        assert case.head is not None
        return Status(200, done_of(case.head))

    take.__name__ = name
    take.__annotations__.update(
        request=HttpRequest, number=str, body=verb.takes, response=HttpResponse
    )
    title = flow.DEFAULT.step(name).title
    router.post(f"/{{number}}/{name}", response=DoneOut, summary=f"{title} {name}")(take)


for _name, _verb in verbs.VERBS.items():
    _operation(_name, _verb)
