"""督办、催办、申诉: pressure on a running case, and the second look at a late one."""

from __future__ import annotations

import json
from typing import Any

from django.utils.translation import gettext as _

from changxiao.cases import rules
from changxiao.cases.actions.base import admitted, record
from changxiao.cases.models import Case, CaseRequest, SupervisionOrder
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.ledger import actions as ledger


def supervise(case: Case, *, kind: str, act: Act) -> Case:
    """督办: an order from above (overdue, leader, important) that wants an answer."""
    note = rules.need_text(act.note, field="note", name=_("督办意见"))
    if kind not in SupervisionOrder.Kind.values:
        message = _("督办类型“%(kind)s”不存在，可用：%(known)s")
        values = {"kind": kind[:20], "known": "、".join(SupervisionOrder.Kind.values)}
        raise Refused("order_kind", message % values, field="kind")
    with admitted(case, "supervise", act) as done:
        row = done.case
        row.order_count += 1
        row = record(done, "order_count", body={"order": kind})
        SupervisionOrder.objects.create(
            case=row, kind=kind, ordered_by=act.actor, ordered_at=done.at, note=note
        )
        return row


def answer_order(case: Case, *, act: Act) -> Case:
    """答复督办: the unit answers the oldest order that still waits."""
    answer = rules.need_text(act.note, field="note", name=_("督办答复"))
    with admitted(case, "answer_order", act) as done:
        waiting = done.case.orders.filter(answered_at=None).order_by("ordered_at").first()
        if waiting is None:
            raise Refused("nothing_asked", _("没有待答复的督办"))
        waiting.answered_by, waiting.answered_at, waiting.answer = act.actor, done.at, answer
        waiting.save(update_fields=["answered_by", "answered_at", "answer"])
        return record(done, body={"order": waiting.kind})


def nudge(case: Case, *, act: Act) -> Case:
    """催办: a reminder free of rank; it counts and changes nothing else."""
    with admitted(case, "nudge", act) as done:
        done.case.nudge_count += 1
        return record(done, "nudge_count")


def appeal(case: Case, *, act: Act) -> Case:
    """申诉: once, on a closed case handled late; the fact stays, statistics may exempt it."""
    reason = rules.need_text(act.note, field="note", name=_("申诉理由"))
    with admitted(case, "appeal", act) as done:
        row = done.case
        if not row.handled_late:
            raise Refused("not_late", _("本案卷未超期，无须申诉"))
        if row.requests.filter(kind=CaseRequest.Kind.APPEAL).exists():
            raise Refused("appealed", _("本案卷已申诉过一次，不能再次申诉"))
        row = record(done, body={"request": str(CaseRequest.Kind.APPEAL)})
        assert row.lead_unit is not None
        CaseRequest.objects.create(
            case=row,
            kind=CaseRequest.Kind.APPEAL,
            unit=row.lead_unit,
            asked_by=act.actor,
            asked_at=done.at,
            reason=reason,
        )
        return row


def endorse_appeal(case: Case, *, act: Act) -> Case:
    """同意申诉（初审）: the dispatcher agrees; another person still has to."""
    with admitted(case, "endorse_appeal", act) as done:
        asked = _appeal_at(done.case, CaseRequest.State.PENDING, act)
        asked.state = CaseRequest.State.ENDORSED
        asked.endorsed_by = act.actor
        asked.save(update_fields=["state", "endorsed_by"])
        return record(done, body={"request": asked.kind})


def grant_appeal(case: Case, *, act: Act) -> Case:
    """同意申诉（复审）: the case is exempt in statistics; that it was late stays written."""
    with admitted(case, "grant_appeal", act) as done:
        row = done.case
        asked = _appeal_at(row, CaseRequest.State.ENDORSED, act)
        if asked.endorsed_by == act.actor:
            raise Refused("same_person", _("初审人不能复审，请由他人办理"), field="actor")
        _decide(asked, CaseRequest.State.GRANTED, done.at, act)
        row.exempt = True
        return record(done, "exempt", body={"request": asked.kind})


def refuse_appeal(case: Case, *, act: Act) -> Case:
    """驳回申诉: with the reason, by either reviewer."""
    rules.need_text(act.note, field="note", name=_("驳回理由"))
    with admitted(case, "refuse_appeal", act) as done:
        open_states = (CaseRequest.State.PENDING, CaseRequest.State.ENDORSED)
        asked = _appeal_at(done.case, open_states, act)
        if asked.endorsed_by == act.actor:
            raise Refused("same_person", _("初审人不能复审，请由他人办理"), field="actor")
        _decide(asked, CaseRequest.State.REFUSED, done.at, act)
        return record(done, body={"request": asked.kind})


def _appeal_at(case: Case, states: Any, act: Act) -> CaseRequest:
    wanted = [states] if isinstance(states, str) else list(states)
    asked = case.requests.filter(kind=CaseRequest.Kind.APPEAL, state__in=wanted).first()
    if asked is None:
        raise Refused("nothing_asked", _("没有处于本审批环节的申诉"))
    if asked.asked_by == act.actor:
        raise Refused("same_person", _("申请人不能审批自己的申请，请由他人办理"), field="actor")
    return asked


def _decide(asked: CaseRequest, state: str, at: Any, act: Act) -> None:
    asked.state, asked.decided_by, asked.decided_at = state, act.actor, at
    asked.opinion = act.note
    asked.save(update_fields=["state", "decided_by", "decided_at", "opinion"])


def unmask(case: Case, *, act: Act) -> str:
    """查看当事人: the reporter as kept apart from the log; each look has a reason and an entry.

    Returns the kept JSON text {"name", "phone"}, "" when it was erased or nobody stands behind;
    "others" are those who rang besides, each once.
    """
    rules.need_text(act.note, field="note", name=_("查看理由"))
    with admitted(case, "unmask", act) as done:
        row = record(done)
        rang = row.calls.exclude(reporter__in=["", row.reporter]).order_by("at")
        others = [said for call in rang if (said := ledger.reveal(call.reporter))]
        told = json.loads(ledger.reveal(row.reporter) or "{}") if row.reporter else {}
        if others := [one for said in dict.fromkeys(others) if (one := json.loads(said)) != told]:
            told["others"] = others
        return json.dumps(told, ensure_ascii=False) if told else ""
