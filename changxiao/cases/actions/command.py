"""指挥环节: file 立案, dispatch 派遣, and what the dispatcher decides on requests."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from changxiao.cases import clock, flow, rules
from changxiao.cases.actions import base
from changxiao.cases.actions.base import TIMED, Admitted, admitted, begin, end, record
from changxiao.cases.actions.intake import choose, must_be_urgent, next_serial
from changxiao.cases.actions.parties import GivenDue
from changxiao.cases.actions.ruling import offer
from changxiao.cases.clock import StageClock
from changxiao.cases.models import Assist, Case, CaseRequest
from changxiao.cases.written import plain
from changxiao.catalog import policy, timetable
from changxiao.catalog.models import FilingCriterion
from changxiao.kernel.act import Act
from changxiao.kernel.day import city_zone, local_date
from changxiao.kernel.limits import FINEST, LARGEST
from changxiao.kernel.refused import Refused
from changxiao.kernel.worktime import Limit, TimeUnit
from changxiao.orgs.models import ContractSection, Unit

DISPATCHED = flow.Stage.DISPATCHED
HANDLING_KINDS = frozenset(
    {
        Unit.Kind.DEPARTMENT,
        Unit.Kind.SUBCENTER,
        Unit.Kind.SUBDISTRICT,
        Unit.Kind.SQUAD,
        Unit.Kind.MAINTENANCE_CONTRACTOR,
        Unit.Kind.OWNER_UNIT,
    }
)
DISPATCH = (
    "unit",
    "lead_unit",
    "section",
    "handler",
    "dispatched_at",
    "received_at",
    "handle_due_at",
    "whole_due_at",
    "due_source",
    "held_by",
    "owed",
    *TIMED,
)


@dataclass(frozen=True, slots=True)
class Helper:
    """协办安排: a unit that assists, what it is to do, and its sub-limit (default: the lead's)."""

    unit: Unit
    task: str = ""
    limit: Limit | None = None


def file(case: Case, *, criterion: FilingCriterion | None = None, act: Act) -> Case:
    """立案: the case gets its code, and its limit by the criterion."""
    with admitted(case, "file", act) as done:
        row = done.case
        if criterion is not None:
            choose(row, criterion)
        if row.criterion is None:
            raise Refused("criterion_missing", _("请先选择立案标准，再立案"), field="criterion")
        zone = city_zone()
        prefix = f"{row.district_code[:6]}{done.at.astimezone(zone):%Y%m%d}"
        row.code = rules.code(row.district_code, done.at, next_serial(f"code:{prefix}"), zone)
        row.filed_at = done.at
        end(done, flow.Stage.ACCEPTED)
        begin(done, flow.Stage.FILED)
        return record(done, "code", "criterion", "urgent", "filed_at", *TIMED)


def dispatch(
    case: Case,
    *,
    to: Unit,
    act: Act,
    section: ContractSection | None = None,
    assisting: Sequence[Helper] = (),
    given: GivenDue | None = None,
    owing: Collection[str] = (),
) -> Case:
    """派遣: hand the case to the unit that answers for it, and start (or resume) its clock.

    A unit that was sent back from resumes what was left, and only with a note that says what is
    different now; another unit starts anew. After the second send-back an ownership ruling decides.
    `owing` (the fast lane, urgent cases only) is what was left out and must be filled in later.
    """
    with admitted(case, "dispatch", act) as done:
        row = done.case
        if owing:
            must_be_urgent(row)
            row.owed = rules.owing(row.owed, *owing)
        if row.send_back_count >= policy.number("send_backs_before_ruling") and not row.ruled:
            message = _("本案卷已%(n)d次回退，须由领导作权属裁定后派遣")
            raise Refused("needs_ruling", message % {"n": row.send_back_count})
        if row.send_back_count and row.lead_unit_id == to.pk and not act.note.strip():
            message = _("“%(unit)s”刚回退本案卷，再次派遣请在备注中说明更正了什么")
            raise Refused("correct_first", message % {"unit": to.name}, field="note")
        _hand_over(done, to, section, given)
        return _dispatched(done, assisting)


def rule_ownership(
    case: Case, *, to: Unit, act: Act, section: ContractSection | None = None
) -> Case:
    """权属裁定: a leader names the unit, which then cannot send the case back.

    The ruling is offered as a row of the responsibility table (`adopt_ruling`, `drop_ruling`).
    """
    rules.need_text(act.note, field="note", name=_("裁定理由"))
    with admitted(case, "rule_ownership", act) as done:
        row = done.case
        if row.stage == DISPATCHED:
            if row.lead_unit_id == to.pk:
                # It stays where it was: what the unit asked is refused, its clock never paused.
                _settle(done, "send_back", CaseRequest.State.REFUSED, required=False)
                row.ruled = True
                row = record(done, "ruled", body={"unit_ruled": to.code})
                return offer(done, to)
            _settle(done, "send_back", CaseRequest.State.GRANTED, required=False)
            end(done, DISPATCHED)
        row.ruled = True
        _hand_over(done, to, section, None)
        _dispatched(done, (), "ruled", body={"unit_ruled": to.code} | lapse(done))
        return offer(done, to)


def _dispatched(
    done: Admitted,
    assisting: Sequence[Helper],
    *more: str,
    body: Mapping[str, Any] | None = None,
) -> Case:
    helped = [_assist(done, helper) for helper in assisting]
    told = [{"unit": a.unit.code, "due_at": plain(a.due_at), "task": a.task} for a in helped]
    extra = {"assisting": told} if told else {}
    row = record(done, *DISPATCH, *more, body={**(body or {}), **extra})
    if helped:
        Assist.objects.bulk_create(helped)
    return row


def _hand_over(
    done: Admitted, to: Unit, section: ContractSection | None, given: GivenDue | None
) -> None:
    row = done.case
    _check_unit(to, section, done.at)
    end(done, flow.Stage.FILED)
    row.unit = row.lead_unit = to
    row.section = section
    row.handler = ""
    row.dispatched_at, row.received_at = done.at, None
    row.due_source = given.source if given else "rule"
    kept = base.latest(row, DISPATCHED, to.code)
    opened = base.part_began(row)
    if kept is not None and opened is not None and kept.began < opened:
        kept = None  # it had the part before, which has a limit of its own
    if kept is not None and kept.run.since is None and not given:
        run = clock.resume(done.calendar(kept.kind), kept.run, done.at, why="dispatched_again")
        base.put(row, replace(kept, run=run))
    else:
        _new_clock(done, to, given)
    if not given:
        hold_declared(done)
    set_dues(done)


def _new_clock(done: Admitted, to: Unit, given: GivenDue | None) -> None:
    row = done.case
    if given is not None:
        base.put(row, _given_clock(done, to, given))
        return
    if row.criterion is None:
        raise Refused("criterion_missing", _("请先选择立案标准，再派遣"), field="criterion")
    limit, reasons = timetable.effective_limit(row.criterion, row.community_code, done.at)
    begin(
        done,
        DISPATCHED,
        limit=limit,
        unit=to.code,
        kind=to.window_kind,
        reasons=tuple(reasons),
    )


def hold_declared(done: Admitted) -> None:
    """应急暂停 of a clock that has just begun or gone on, where an order is in force."""
    row = done.case
    row.held_by = ""
    if row.criterion is None:
        return
    order = timetable.held_by(row.criterion, row.community_code, done.at)
    if order is not None:
        row.held_by = order.order_number
        _pause(done, done.at, why="hold")


def _given_clock(done: Admitted, to: Unit, given: GivenDue) -> StageClock:
    # Told as continuous days from now, rounded for people, while the clock itself keeps seconds; a
    # due time that has already passed is late from the start.
    seconds = max(0, round((given.at - done.at).total_seconds()))
    days = (Decimal(seconds) / 86_400).quantize(FINEST)
    limit = Limit(min(max(days, FINEST), LARGEST), TimeUnit.URGENT_DAY)
    span = clock.Span(done.at, running=True, why="given")
    run = clock.Running(
        limit.unit, seconds, done.at, given.at, late=given.at < done.at, spans=(span,)
    )
    return StageClock(DISPATCHED, limit, run, to.code, "given", (given.source,))


def _check_unit(to: Unit, section: ContractSection | None, at: datetime) -> None:
    day = local_date(at)
    if not to.holds_on(day):
        message = _("单位“%(unit)s”在%(day)s已撤销或尚未成立，请改派其承接单位")
        raise Refused("unit_gone", message % {"unit": to.name, "day": day}, field="unit")
    if to.kind not in HANDLING_KINDS:
        message = _("“%(unit)s”不是处置单位，不能派遣；请选择处置部门、街道或管养单位")
        raise Refused("unit_no_handler", message % {"unit": to.name}, field="unit")
    if section is not None and section.contractor_id != to.pk:
        message = _("标段“%(section)s”不属于“%(unit)s”，请重新选择")
        values = {"section": section, "unit": to.name}
        raise Refused("section_foreign", message % values, field="section")


def _assist(done: Admitted, helper: Helper) -> Assist:
    row = done.case
    if helper.unit.pk == row.lead_unit_id:
        raise Refused("assist_is_lead", _("主办单位不能同时协办，请另选单位"), field="assisting")
    limit = helper.limit
    if limit is None and row.criterion is not None:
        limit, _reasons = timetable.effective_limit(row.criterion, row.community_code, done.at)
    due = row.handle_due_at
    if limit is not None:
        calendar = done.calendar(helper.unit.window_kind)
        due = calendar.due_after(done.at, calendar.seconds(limit), limit.unit)
    return Assist(
        case=row, unit=helper.unit, asked_at=done.at, due_at=due, task=helper.task.strip()
    )


def set_dues(done: Admitted) -> None:
    """应处置与应结案时间: the whole-case limit is the sum of the stages still to come."""
    row = done.case
    row.handle_due_at = row.due_at
    if row.due_at is None:
        row.whole_due_at = None
        return
    calendar = done.calendar()
    due = row.due_at
    for stage in (flow.Stage.HANDLED, flow.Stage.VERIFIED):
        limit, _kind = timetable.stage_limit(stage, urgent=row.urgent)
        due = calendar.due_after(due, calendar.seconds(limit), limit.unit)
    row.whole_due_at = min(due, row.given_due_at) if row.given_due_at else due


# -- decisions on what a unit asked for ------------------------------------------------------------


def take_back(case: Case, *, act: Act) -> Case:
    """同意回退: the unit's clock stood from the moment it asked; the dispatch clock starts."""
    with admitted(case, "take_back", act) as done:
        row = done.case
        asked = _settle(done, "send_back", CaseRequest.State.GRANTED)
        _pause(done, asked.asked_at, why="sent_back")
        row.unit = None
        row.handler = row.held_by = ""
        row.send_back_count += 1
        begin(done, flow.Stage.FILED)
        changed = ("unit", "handler", "held_by", "send_back_count", "handle_due_at")
        return record(done, *changed, *TIMED)


def extend(case: Case, *, act: Act) -> Case:
    """同意延期: one more original limit, counted from the original due time; at most twice."""
    with admitted(case, "extend", act) as done:
        row = done.case
        _settle(done, "extend", CaseRequest.State.GRANTED)
        found = base.running(row, DISPATCHED)
        most = policy.number("extension_most")
        if found is None or row.extension_count >= most:
            raise Refused("extended", _("已延期%(n)d次，不能再延") % {"n": row.extension_count})
        run = clock.prolong(done.calendar(found.kind), found.run, found.limit)
        base.put(row, replace(found, run=run))
        row.extension_count += 1
        set_dues(done)
        return record(done, "extension_count", "handle_due_at", "whole_due_at", *TIMED)


def suspend(case: Case, *, act: Act) -> Case:
    """同意挂账: the clock stands until the date asked for, then runs on by itself."""
    with admitted(case, "suspend", act) as done:
        row = done.case
        asked = _settle(done, "suspend", CaseRequest.State.GRANTED)
        if asked.until is None or asked.until <= done.at:
            # Granted after its end it would give back time in which the clock had run.
            raise Refused("until_past", _("申请的挂账截止时间已过，请不同意本申请，由单位重新申请"))
        _pause(done, done.at, why="suspended")
        base.due_now(row, None)
        row.suspended_until = asked.until
        row.suspension_count += 1
        return record(done, "suspended_until", "suspension_count", "handle_due_at", *TIMED)


def resume(case: Case, *, act: Act) -> Case:
    """恢复处置: the dispatcher ends a suspension before its date."""
    return _resumed(case, "resume", act)


def wake(case: Case, *, act: Act) -> Case:
    """挂账到期恢复: the system ends a suspension on its date; the clock runs from that date."""
    return _resumed(case, "wake", act)


def _resumed(case: Case, verb: str, act: Act) -> Case:
    with admitted(case, verb, act) as done:
        row = done.case
        at = min(done.at, row.suspended_until) if row.suspended_until else done.at
        found = base.running(row, DISPATCHED)
        # An emergency that still holds the case goes on holding it.
        if found is not None and not row.held_by:
            run = clock.resume(done.calendar(found.kind), found.run, at, why=verb)
            base.put(row, replace(found, run=run))
        row.suspended_until = None
        set_dues(done)
        return record(done, "suspended_until", "handle_due_at", "whole_due_at", *TIMED)


def refuse_request(case: Case, *, act: Act) -> Case:
    """不同意申请: with the reason; the clock counts as never paused."""
    rules.need_text(act.note, field="note", name=_("不同意的理由"))
    with admitted(case, "refuse_request", act) as done:
        asked = _settle(done, None, CaseRequest.State.REFUSED)
        return record(done, body={"request": asked.kind})


def _pause(done: Admitted, at: datetime, *, why: str) -> None:
    found = base.running(done.case, DISPATCHED)
    if found is not None:
        run = clock.pause(done.calendar(found.kind), found.run, at, why=why)
        base.put(done.case, replace(found, run=run))
    done.case.handle_due_at = None


def lapse(done: Admitted) -> dict[str, str]:
    """失效: a request that nobody decided before its case moved on; the entry tells which.

    A request answers to the clock it was made under: granted after 反馈 and 返工, it would move a
    clock that the unit never asked about.
    """
    waiting = CaseRequest.objects.filter(case=done.case, state=CaseRequest.State.PENDING).first()
    if waiting is None:
        return {}
    waiting.state, waiting.decided_at = CaseRequest.State.LAPSED, done.at
    waiting.save(update_fields=["state", "decided_at"])
    return {"lapsed": str(waiting.kind)}


def _settle(done: Admitted, kind: str | None, state: str, *, required: bool = True) -> CaseRequest:
    asked = CaseRequest.objects.filter(case=done.case, state=CaseRequest.State.PENDING).first()
    if asked is None or (kind is not None and asked.kind != kind):
        if not required:
            return CaseRequest()
        label = CaseRequest.Kind(kind).label if kind else _("待审批")
        raise Refused("nothing_asked", _("没有待审批的%(kind)s申请") % {"kind": label})
    if asked.asked_by == done.act.actor:
        raise Refused("same_person", _("申请人不能审批自己的申请，请由他人办理"), field="actor")
    asked.state = state
    asked.decided_by = done.act.actor
    asked.decided_at = done.at
    asked.opinion = done.act.note
    asked.save(update_fields=["state", "decided_by", "decided_at", "opinion"])
    return asked
