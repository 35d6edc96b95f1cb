"""处置环节: what the handling unit does: receive, forward, ask, help, feed back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from changxiao.cases import flow, rules
from changxiao.cases.actions import evidence as proof
from changxiao.cases.actions.base import TIMED, Admitted, admitted, begin, end, record
from changxiao.cases.actions.command import hold_declared, lapse, set_dues
from changxiao.cases.actions.photos import Shown, attach, listed
from changxiao.cases.evidence import NOTHING, Given, check_outcome
from changxiao.cases.models import Assist, Case, CaseRequest
from changxiao.cases.written import plain
from changxiao.catalog import policy, timetable
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.orgs.models import Staff, Unit

DISPATCHED = flow.Stage.DISPATCHED


def receive(case: Case, *, act: Act) -> Case:
    """签收: the unit takes the case as its own; it can no longer be sent back."""
    with admitted(case, "receive", act) as done:
        if done.case.received_at is not None:
            raise Refused("received", _("本单位已签收，无须重复签收"))
        done.case.received_at = done.at
        return record(done, "received_at")


def forward(case: Case, *, to: Unit, person: Staff | None = None, act: Act) -> Case:
    """批转: down (or up) the lead's own tree, to a squad or one person; no clock restarts."""
    with admitted(case, "forward", act) as done:
        row = done.case
        if row.lead_unit is None or not to.path.startswith(row.lead_unit.path):
            message = _("“%(unit)s”不在主办单位“%(lead)s”之内，不能批转；确需换单位请申请回退")
            values = {"unit": to.name, "lead": row.lead_unit.name if row.lead_unit else ""}
            raise Refused("forward_outside", message % values, field="unit")
        if person is not None and person.unit_id != to.pk:
            message = _("%(person)s不属于“%(unit)s”，请重新选择")
            values = {"person": person.name, "unit": to.name}
            raise Refused("person_foreign", message % values, field="person")
        name = person.username if person else ""
        if row.unit_id == to.pk and row.handler == name:
            raise Refused("forward_same", _("案卷已在“%(u)s”") % {"u": to.name}, field="unit")
        row.unit = to
        row.handler = name
        return record(done, "unit", "handler")


def send_back(case: Case, *, act: Act) -> Case:
    """申请回退: it is not ours, because …; within the receiving window, and not after a ruling."""
    with admitted(case, "send_back", act) as done:
        row = done.case
        name = "receiving_window_urgent" if row.urgent else "receiving_window"
        assert row.dispatched_at is not None and row.lead_unit is not None
        rules.may_send_back(
            calendar=done.calendar(row.lead_unit.window_kind),
            window=policy.limit(name),
            dispatched_at=row.dispatched_at,
            at=done.at,
            received=row.received_at is not None,
            ruled=row.ruled,
        )
        return _asked(done, CaseRequest.Kind.SEND_BACK)


def ask_extend(case: Case, *, act: Act) -> Case:
    """申请延期: only before it is overdue; a pending request pauses nothing."""
    with admitted(case, "ask_extend", act) as done:
        row = done.case
        most = policy.number("extension_most")
        rules.may_extend(due=row.handle_due_at, at=done.at, granted=row.extension_count, most=most)
        return _asked(done, CaseRequest.Kind.EXTEND)


def ask_suspend(case: Case, *, until: datetime, act: Act) -> Case:
    """申请挂账: once, until a date of at most a year ahead, with the reason (season, works)."""
    with admitted(case, "ask_suspend", act) as done:
        rules.may_suspend(
            until=until,
            at=done.at,
            suspended=done.case.suspension_count,
            longest_days=policy.number("suspension_longest_days"),
        )
        return _asked(done, CaseRequest.Kind.SUSPEND, until=until)


def _asked(done: Admitted, kind: str, until: datetime | None = None) -> Case:
    row = done.case
    reason = rules.need_text(done.act.note, field="note", name=_("申请理由"))
    if row.requests.filter(state=CaseRequest.State.PENDING).exists():
        raise Refused("already_asked", _("已有一项申请待审批，请等待审批结果"))
    body: dict[str, Any] = {"request": str(kind)}
    if until is not None:
        body["until"] = plain(until)
    row = record(done, body=body)
    assert row.lead_unit is not None
    CaseRequest.objects.create(
        case=row,
        kind=kind,
        unit=row.lead_unit,
        asked_by=done.act.actor,
        asked_at=done.at,
        reason=reason,
        until=until,
    )
    return row


def assist(case: Case, *, unit: Unit, act: Act, photos: Sequence[Shown] = ()) -> Case:
    """协办反馈: an assisting unit has done its part; the lead still answers for the case."""
    note = rules.need_text(act.note, field="note", name=_("协办情况"))
    with admitted(case, "assist", act) as done:
        part = Assist.objects.filter(case=done.case, unit=unit, answered_at=None).first()
        if part is None:
            message = _("“%(unit)s”没有待反馈的协办事项")
            raise Refused("no_assist", message % {"unit": unit.name}, field="unit")
        part.answered_at, part.note = done.at, note
        part.late = part.due_at is not None and done.at > part.due_at
        part.save(update_fields=["answered_at", "note", "late"])
        told = {"assisted": {"unit": unit.code, "late": part.late}}
        row = record(done, body=told | listed(photos))
        attach(row, photos, row.head)
        return row


def feed_back(
    case: Case, *, act: Act, photos: Sequence[Shown] = (), given: Given = NOTHING
) -> Case:
    """反馈: the unit says that it is done, with evidence; its clock stops.

    Where the criterion has a successor (围护 → 修复 → 路面) the next part opens in the same case
    with its own limit, for the same unit; the last part goes to verification. A request that
    still waits lapses. What is still lacking may come with verification.
    """
    if not photos:
        rules.need_text(act.note, field="note", name=_("处置情况（或照片）"))
    with admitted(case, "feed_back", act) as done:
        row = done.case
        needs = proof.check(done, given, fixed=True)
        check_outcome(needs, given.outcome)
        run = end(done, DISPATCHED)
        row.handled_late = row.handled_late or bool(run and run.late)
        row.handled_at = done.at
        row.handled_by = act.actor
        row.outcome = given.outcome
        target = _open_next_part(done) or flow.Stage.HANDLED
        if target == flow.Stage.HANDLED:
            begin(done, flow.Stage.HANDLED)
        return proof.recorded(
            done,
            *FED_BACK,
            *TIMED,
            photos=photos,
            given=given,
            needs=needs,
            target=target,
            body=lapse(done),
        )


FED_BACK = (
    "handled_at",
    "handled_by",
    "handled_late",
    "outcome",
    "criterion",
    "handle_due_at",
    "whole_due_at",
    "held_by",
)


def _open_next_part(done: Admitted) -> flow.Stage | None:
    row = done.case
    row.held_by = ""
    if row.criterion is None or row.criterion.successor is None:
        return None
    assert row.lead_unit is not None
    row.criterion = row.criterion.successor
    limit, reasons = timetable.effective_limit(row.criterion, row.community_code, done.at)
    begin(
        done,
        DISPATCHED,
        limit=limit,
        unit=row.lead_unit.code,
        kind=row.lead_unit.window_kind,
        reasons=tuple(reasons),
    )
    hold_declared(done)
    set_dues(done)
    return DISPATCHED
