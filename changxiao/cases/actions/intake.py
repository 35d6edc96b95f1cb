"""受理环节: report 上报, accept 受理, decline 不予受理, confirm 核实 (domain.md §5.2, §5.4)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from changxiao.areas.locate import Place, locator
from changxiao.assets.models import Component
from changxiao.cases import access, flow, rules
from changxiao.cases.actions import base
from changxiao.cases.actions.base import TIMED, admitted, begin, end, record
from changxiao.cases.actions.calls import keep_call
from changxiao.cases.actions.parties import Calling, Reporter
from changxiao.cases.actions.photos import Shown, attach, listed
from changxiao.cases.models import Case, CaseQuerySet, Channel
from changxiao.cases.models_public import CaseDetail
from changxiao.cases.suggesting.offering import Offered, entered
from changxiao.cases.written import plain
from changxiao.catalog import timetable
from changxiao.catalog.models import FilingCriterion, Subcategory
from changxiao.catalog.questions import Answered
from changxiao.kernel import statements
from changxiao.kernel.act import Act
from changxiao.kernel.day import city_zone
from changxiao.kernel.refused import Refused
from changxiao.kernel.transactions import hold, writing
from changxiao.ledger import actions as ledger
from changxiao.orgs.posts import Post


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """问题: what is reported, where, of which kind, by whom. Coordinates are WGS-84 degrees."""

    channel: str
    subcategory: Subcategory
    lon: float
    lat: float
    description: str = ""
    address: str = ""
    criterion: FilingCriterion | None = None
    component: Component | None = None
    reporter: Reporter = field(default_factory=Reporter)
    photos: Sequence[Shown] = ()
    external: str = ""
    details: Sequence[Answered] = ()
    call: Calling | None = None
    given_by: str = ""  # another authority sent it, and may have a limit of its own
    given_due_at: datetime | None = None
    follow: str = ""  # the digest of the reporter's tracking code, `cases.followed.digest_of`
    offered: Offered | None = None  # what was suggested while it was written down


def report(problem: Problem, *, act: Act) -> Case:
    """上报: open a case at a place; the act's key makes it exactly one, however often it is sent.

    Raises Refused("outside_city"), Refused("description_long"), and Replayed for a repeated key.
    """
    step = base.flow_in_force().step("report")
    if act.post and act.post not in step.posts:
        raise Refused("not_yours", _("您的岗位不能上报问题"), field="post")
    access.check_behalf(act)
    text = _description(problem)
    # All that no other report can change is made before its turn among the writers comes.
    case = _drafted(problem, locator().at(problem.lon, problem.lat), text, act)
    with writing():
        at = act.moment()
        zone = city_zone()
        serial = next_serial(f"number:{at.astimezone(zone):%Y%m%d}")
        case.number, case.reported_at = rules.number(at, serial, zone), at
        _must_be_new(case, act)
        done = base.Admitted(case, step, act, at)
        begin(done, flow.Stage.REPORTED)
        secrets = _sealed(problem, text)
        case.reporter = secrets.get("reporter", "")
        entry = ledger.append(
            stream=case.stream,
            verb="report",
            act=act,
            at=at,
            head=None,
            body=_body(case, secrets, problem) | _suggested(case, problem.offered),
        )
        case.head = entry
        statements.insert(case)
        hold(case)
        attach(case, problem.photos, entry)
        _keep_details(case, problem.details)
        if problem.call is not None:
            keep_call(case, entry, problem.call, problem.reporter, case.reporter)
    return case


_CHANNELS = frozenset(Channel.values)  # which Django puts together anew at each asking


def _description(problem: Problem) -> str:
    text = problem.description.strip()
    if len(text) > rules.MOST_DESCRIPTION:
        rules.need_text(text, field="description", name=_("问题描述"))
    if problem.channel not in _CHANNELS:
        message = _("来源“%(channel)s”不存在，可用：%(known)s")
        values = {"channel": problem.channel[:40], "known": "、".join(Channel.values)}
        raise Refused("channel_unknown", message % values, field="channel")
    return text


def _drafted(problem: Problem, place: Place, text: str, act: Act) -> Case:
    return statements.new(
        Case,
        channel=problem.channel,
        subcategory=problem.subcategory,
        criterion=problem.criterion,
        component=problem.component,
        urgent=bool(problem.criterion and problem.criterion.urgent),
        description=text,
        address=problem.address.strip()[:200],
        lon=round(problem.lon, 7),
        lat=round(problem.lat, 7),
        district_code=place.district_code,
        community_code=place.community_code,
        unit_grid_code=place.unit_grid,
        duty_grid_code=place.duty_grid,
        occurred_at=act.occurred_at,
        external=problem.external,
        follow=problem.follow,
        wants_callback=bool(problem.call and problem.call.wants_callback),
        given_due_at=problem.given_due_at,
        given_by=problem.given_by,
        origin=act.origin,
        n=1,
    )


def _must_be_new(case: Case, act: Act) -> None:
    # An import goes by the keys of its rows.
    if not case.external or act.origin:
        return
    # After the serial's lock, so that no second report of the day slips in between.
    same = CaseQuerySet(Case).from_outside(case.origin, [case.external])
    if known := same.values_list("number", flat=True).first():
        ledger.recall(stream=case.stream, verb="report", act=act)
        message = _("外部编号“%(external)s”已登记为%(number)s，请勿重复上报")
        values = {"external": case.external, "number": known}
        raise Refused("external_known", message % values, field="external")


def _sealed(problem: Problem, text: str) -> dict[str, str]:
    """Free text and the person behind it never stand in the log, only commitments to them."""
    values = {"description": text} if text else {}
    if problem.reporter:
        values["reporter"] = json.dumps(problem.reporter.told(), ensure_ascii=False)
    if problem.details:
        values["details"] = json.dumps([asdict(one) for one in problem.details])
    return dict(zip(values, ledger.seal_many(list(values.values())), strict=True))


def _keep_details(case: Case, details: Sequence[Answered]) -> None:
    if details:
        CaseDetail.objects.bulk_create(
            CaseDetail(
                case=case, code=one.code, label=one.label, values=list(one.values), words=one.words
            )
            for one in details
        )


PLACED = (
    "channel",
    "subcategory",
    "criterion",
    "component",
    "urgent",
    "address",
    "lon",
    "lat",
    "district_code",
    "community_code",
    "unit_grid_code",
    "duty_grid_code",
    "reported_at",
    "occurred_at",
    "reporter",
    "external",
    "origin",
)


def _body(case: Case, secrets: dict[str, str], problem: Problem) -> dict[str, Any]:
    body: dict[str, Any] = {
        "stage": str(case.stage),
        "set": {name: plain(getattr(case, name)) for name in (*PLACED, *TIMED)},
        "sealed": secrets,
    }
    told = ("follow", "wants_callback", "given_due_at", "given_by")
    body["set"] |= {name: plain(value) for name in told if (value := getattr(case, name))}
    if problem.call is not None:
        body["call"] = problem.call.told()
    return body | listed(problem.photos)


def _suggested(case: Case, offered: Offered | None) -> dict[str, Any]:
    """What was suggested for this case, and what it now is."""
    code = case.criterion.code if case.criterion else ""
    return entered(offered, subcategory=case.subcategory.key, criterion=code)


def next_serial(name: str) -> int:
    """流水号: the next number under `name`, in one statement that also locks it until commit."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO cases_serial (name, value) VALUES (%s, 1)"
            " ON CONFLICT (name) DO UPDATE SET value = cases_serial.value + 1 RETURNING value",
            [name],
        )
        return int(cursor.fetchone()[0])


def accept(
    case: Case,
    *,
    act: Act,
    criterion: FilingCriterion | None = None,
    confirm_later: bool = False,
    offered: Offered | None = None,
) -> Case:
    """受理: the problem is ours and, where the city asks for it, was confirmed on the spot.

    `confirm_later` is the fast lane of an urgent criterion: the confirmation is owed (补录).
    `offered` is what was suggested beside the case; the entry keeps it with what was taken.
    """
    with admitted(case, "accept", act) as done:
        row = done.case
        if criterion is not None:
            choose(row, criterion)
        if confirm_later:
            must_be_urgent(row)
        _must_be_confirmed(row, later=confirm_later)
        end(done, flow.Stage.REPORTED)
        begin(done, flow.Stage.ACCEPTED)
        body = _suggested(row, offered)
        return record(done, "criterion", "urgent", "owed", *TIMED, body=body)


def must_be_urgent(case: Case) -> None:
    """紧急案卷: only an urgent criterion opens the fast lane; else Refused("not_urgent")."""
    if not case.urgent:
        raise Refused(
            "not_urgent",
            _("所选立案标准不是紧急标准，不能走快速通道；请按常规受理、立案、派遣"),
            field="criterion",
        )


def _must_be_confirmed(case: Case, *, later: bool) -> None:
    if case.confirmation == "refuted":
        raise Refused("refuted", _("核实结论为“不实”，不能受理；请不予受理，或重新派核实"))
    if case.confirmation != "real" and timetable.needs_confirmation(
        case.channel, case.subcategory_id
    ):
        if later:
            case.owed = rules.owing(case.owed, rules.Owed.CONFIRMATION)
            return
        message = _("来源为“%(channel)s”的“%(kind)s”须先核实，请派监督员核实后再受理")
        values = {"channel": case.get_channel_display(), "kind": case.subcategory.name}
        raise Refused("needs_confirmation", message % values)


def choose(case: Case, criterion: FilingCriterion) -> None:
    """选定立案标准 of the case's own subcategory; else Refused("criterion_foreign")."""
    if criterion.subcategory_id != case.subcategory_id:
        message = _("立案标准“%(criterion)s”不属于小类“%(kind)s”，请重新选择")
        values = {"criterion": criterion.code, "kind": case.subcategory.name}
        raise Refused("criterion_foreign", message % values, field="criterion")
    case.criterion = criterion
    case.urgent = criterion.urgent


def decline(case: Case, *, reason: str, act: Act) -> Case:
    """不予受理: with a reason in plain words, which a waiting resident reads as the answer."""
    with admitted(case, "decline", act) as done:
        row = done.case
        row.answer = rules.need_text(reason, field="reason", name=_("不予受理理由"))
        end(done, row.stage)
        row.ended_at = done.at
        base.due_now(row, None)
        return record(done, "answer", "ended_at", *TIMED)


def ask_to_confirm(case: Case, *, collector: str = "", act: Act) -> Case:
    """派核实: ask a collector (or whoever is in the grid) whether the report is true."""
    with admitted(case, "ask_to_confirm", act) as done:
        end(done, flow.Stage.REPORTED)
        done.case.checker = collector
        done.case.confirmation = ""
        begin(done, flow.Stage.CONFIRMING)
        return record(done, "checker", "confirmation", *TIMED)


def confirm(case: Case, *, act: Act, photos: Sequence[Shown] = ()) -> Case:
    """核实属实: the collector stood there and it is so."""
    return _confirmed(case, "confirm", "real", act, photos)


def refute(case: Case, *, act: Act, photos: Sequence[Shown] = ()) -> Case:
    """核实不实: the collector stood there and it is not so; a note says what was found."""
    rules.need_text(act.note, field="note", name=_("核实情况"))
    return _confirmed(case, "refute", "refuted", act, photos)


def _confirmed(case: Case, verb: str, result: str, act: Act, photos: Sequence[Shown]) -> Case:
    with admitted(case, verb, act) as done:
        row = done.case
        if row.checker and act.post == Post.COLLECTOR and act.actor != row.checker:
            raise Refused("not_yours", _("本次核实已派给其他监督员，请由其办理"), field="actor")
        end(done, flow.Stage.CONFIRMING)
        row.confirmation = result
        row.checker = ""
        begin(done, flow.Stage.REPORTED)
        row = record(done, "confirmation", "checker", *TIMED, body=listed(photos))
        attach(row, photos, row.head)
        return row
