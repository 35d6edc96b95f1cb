"""核查与结案: is it fixed, and what the reporter is told (checker ≠ handler; domain.md §5.3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from changxiao.cases import clock, flow, rules
from changxiao.cases.actions import base
from changxiao.cases.actions import evidence as proof
from changxiao.cases.actions.assigning import go_on, waits
from changxiao.cases.actions.base import TIMED, Admitted, admitted, begin, end, record
from changxiao.cases.actions.calls import ask_back
from changxiao.cases.actions.command import hold_declared, lapse, set_dues
from changxiao.cases.actions.photos import Shown
from changxiao.cases.evidence import NOTHING, Given, lacking_words
from changxiao.cases.models import Case
from changxiao.catalog import policy
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.orgs.posts import Post

DISPATCHED = flow.Stage.DISPATCHED
LOOKED_BEFORE = gettext_noop("退回的核查须由另一位监督员办理，请另派")


def ask_to_verify(case: Case, *, collector: str, act: Act) -> Case:
    """派核查: name the collector who shall look; without one, whoever has the grid may."""
    with admitted(case, "ask_to_verify", act) as done:
        if collector and collector == done.case.handled_by:
            raise Refused("same_person", _("反馈人不能核查自己的案卷，请另派"), field="collector")
        if collector and collector == done.case.verified_by:
            raise Refused("same_person", _(LOOKED_BEFORE), field="collector")
        done.case.checker = collector
        if not (collector and waits(done.case)):
            return record(done, "checker")
        go_on(done)
        return record(done, "checker", *TIMED)


def verify(case: Case, *, act: Act, photos: Sequence[Shown] = (), given: Given = NOTHING) -> Case:
    """核查通过: another person stood there and it is fixed."""
    with admitted(case, "verify", act) as done:
        _check_checker(done)
        needs = proof.check(done, given, fixed=True)
        row = done.case
        row.verified_at, row.verified_by = done.at, act.actor
        end(done, flow.Stage.HANDLED)
        begin(done, flow.Stage.VERIFIED)
        changed = ("verified_at", "verified_by", *TIMED)
        return proof.recorded(done, *changed, photos=photos, given=given, needs=needs)


def rework(case: Case, *, act: Act, photos: Sequence[Shown] = (), given: Given = NOTHING) -> Case:
    """返工: it is not fixed; the same unit goes on with what was left, or the city's floor."""
    rules.need_text(act.note, field="note", name=_("不通过的原因"))
    with admitted(case, "rework", act) as done:
        _check_checker(done)
        needs = proof.check(done, given, fixed=False)
        row = done.case
        row.rework_count += 1
        row.checker = row.verified_by = ""
        row.verified_at = None
        end(done, flow.Stage.HANDLED)
        _run_on(done)
        looked = ("rework_count", "checker", "verified_by", "verified_at", "held_by")
        changed = (*looked, "handle_due_at", "whole_due_at", *TIMED)
        return proof.recorded(done, *changed, photos=photos, given=given, needs=needs)


def verify_again(case: Case, *, act: Act) -> Case:
    """退回核查: the shift leader does not trust the result; another collector looks."""
    rules.need_text(act.note, field="note", name=_("退回核查的理由"))
    with admitted(case, "verify_again", act) as done:
        # Who verified stays named, so that it is not he who looks again.
        done.case.checker = ""
        end(done, flow.Stage.VERIFIED)
        begin(done, flow.Stage.HANDLED)
        return record(done, "checker", *TIMED)


def _run_on(done: Admitted) -> None:
    row = done.case
    assert row.lead_unit is not None
    kept = base.latest(row, DISPATCHED, row.lead_unit.code)
    assert kept is not None
    floor = policy.limit("rework_floor")
    run = clock.resume(done.calendar(kept.kind), kept.run, done.at, why="rework", floor=floor)
    base.put(row, replace(kept, run=run))
    hold_declared(done)
    set_dues(done)


def _check_checker(done: Admitted) -> None:
    row, act = done.case, done.act
    if act.actor == row.handled_by:
        raise Refused("same_person", _("反馈人不能核查自己的案卷，请由他人核查"), field="actor")
    if act.actor == row.verified_by:
        raise Refused("same_person", _(LOOKED_BEFORE), field="actor")
    if row.checker and act.post == Post.COLLECTOR and row.checker != act.actor:
        raise Refused("not_yours", _("本次核查已派给其他监督员，请由其办理"), field="actor")


def close(case: Case, *, answer: str = "", act: Act) -> Case:
    """结案: with the evidence that the criterion asks for, and an answer where a resident waits."""
    with admitted(case, "close", act) as done:
        row = done.case
        _check_evidence(row)
        if row.waits_for_answer:
            row.answer = rules.need_text(answer, field="answer", name=_("给举报人的答复"))
        else:
            row.answer = answer.strip()
        row.satisfaction = ""
        return _ended(done, "answer", "satisfaction", *ask_back(done))


def _check_evidence(case: Case) -> None:
    if lacking := proof.lacking(case):
        message = _("结案还缺少：%(what)s；请补充后再结案")
        words = message % {"what": lacking_words(lacking)}
        raise Refused("evidence_missing", words, field="photos")


def void(case: Case, *, act: Act) -> Case:
    """作废: by the centre director only, with the reason, counted by name."""
    rules.need_text(act.note, field="note", name=_("作废理由"))
    with admitted(case, "void", act) as done:
        return _ended(done)


def force_close(case: Case, *, answer: str = "", act: Act) -> Case:
    """强制结案: by the centre director only, with the reason, counted by name."""
    rules.need_text(act.note, field="note", name=_("强制结案理由"))
    with admitted(case, "force_close", act) as done:
        row = done.case
        row.forced = True
        if row.waits_for_answer:
            row.answer = rules.need_text(answer, field="answer", name=_("给举报人的答复"))
        return _ended(done, "answer", "forced")


def _ended(done: Admitted, *fields: str) -> Case:
    row = done.case
    run = end(done, row.stage if row.stage != flow.Stage.SUSPENDED else DISPATCHED)
    if run is not None and run.late and row.stage in flow.HANDLING:
        row.handled_late = True
    row.ended_at = done.at
    row.suspended_until = None
    row.held_by = ""
    base.due_now(row, None)
    changed = ("ended_at", "suspended_until", "held_by", "handled_late", *fields, *TIMED)
    return record(done, *changed, body=lapse(done))
