"""漏报: proposed by the consumer, decided by intake, objected to, judged by another person.

No step of it touches the case. A decision needs a reason; so does an objection and its judgement.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from changxiao.cases import clock
from changxiao.cases.models import Case
from changxiao.cases.rules import need_text
from changxiao.cases.written import plain
from changxiao.catalog import policy, timetable
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.kernel.transactions import writing
from changxiao.ledger import actions as ledger
from changxiao.orgs.posts import Post
from changxiao.patrols.access import DECIDES
from changxiao.patrols.models import MissedReport, Patrol

State = MissedReport.State


def propose_missed(case: Case, *, patrol: Patrol, act: Act) -> MissedReport:
    """拟列漏报: the system's word only, that the place was walked just before."""
    with writing():
        at = act.moment()
        row = MissedReport(case=case, patrol=patrol, proposed_at=at)
        body = {"case": case.number, "patrol": patrol.number, "collector": patrol.collector}
        return _recorded(row, "propose_missed", act, at, body)


def confirm_missed(missed: MissedReport, *, act: Act) -> MissedReport:
    """认定漏报: with the reason; the collector may object until the city's limit has passed."""
    return _decided(missed, "confirm_missed", State.CONFIRMED, act)


def dismiss_missed(missed: MissedReport, *, act: Act) -> MissedReport:
    """不认定漏报: with the reason."""
    return _decided(missed, "dismiss_missed", State.DISMISSED, act)


def _decided(missed: MissedReport, verb: str, state: State, act: Act) -> MissedReport:
    reason = need_text(act.note, field="note", name=_("认定理由"))
    with _admitted(missed, verb, act, {State.PROPOSED}) as done:
        row = done.row
        row.state, row.decided_by, row.decided_at, row.reason = state, act.actor, done.at, reason
        if state == State.CONFIRMED:
            calendar = timetable.calendar_for("office")
            row.object_until = clock.start(calendar, policy.limit("missed_object"), done.at).due
        return done.record("state", "decided_by", "decided_at", "object_until")


def object_missed(missed: MissedReport, *, act: Act) -> MissedReport:
    """申诉漏报: the collector whose walk it was, in words, within the limit."""
    words = need_text(act.note, field="note", name=_("申诉理由"))
    with _admitted(missed, "object_missed", act, {State.CONFIRMED}) as done:
        row = done.row
        if act.post != Post.COLLECTOR or row.patrol.collector != act.actor:
            raise Refused("not_yours", _("漏报由被认定的监督员本人申诉"), field="actor")
        if row.object_until is not None and done.at > row.object_until:
            raise Refused("too_late", _("申诉期限已过，不能再申诉"))
        row.state, row.objection, row.objected_at = State.OBJECTED, words, done.at
        return done.record("state", "objected_at")


def uphold_missed(missed: MissedReport, *, act: Act) -> MissedReport:
    """维持认定: by another than who confirmed it."""
    return _judged(missed, "uphold_missed", State.UPHELD, act)


def overturn_missed(missed: MissedReport, *, act: Act) -> MissedReport:
    """撤销认定: by another than who confirmed it; it counts no longer."""
    return _judged(missed, "overturn_missed", State.OVERTURNED, act)


def _judged(missed: MissedReport, verb: str, state: State, act: Act) -> MissedReport:
    opinion = need_text(act.note, field="note", name=_("复核意见"))
    with _admitted(missed, verb, act, {State.OBJECTED}) as done:
        row = done.row
        if row.decided_by == act.actor:
            raise Refused("same_person", _("认定人不能复核自己的认定，请由他人复核"), field="actor")
        row.state, row.judged_by, row.judged_at, row.opinion = state, act.actor, done.at, opinion
        return done.record("state", "judged_by", "judged_at")


@dataclass(slots=True)
class _Admitted:
    """办理中: the locked row, the act and its one legal moment."""

    row: MissedReport
    verb: str
    act: Act
    at: datetime

    def record(self, *fields: str) -> MissedReport:
        told = {name: plain(getattr(self.row, name)) for name in fields}
        return _recorded(self.row, self.verb, self.act, self.at, {"set": told})


@contextmanager
def _admitted(
    missed: MissedReport, verb: str, act: Act, sources: set[State]
) -> Iterator[_Admitted]:
    """Lock first, ask afterwards; the answer to what was done before is its old answer."""
    with writing():
        rows = MissedReport.everything.select_for_update(of=("self",))
        row = rows.select_related("patrol", "head", "case").get(pk=missed.pk)
        try:
            if verb != "object_missed" and act.post not in DECIDES:
                raise Refused(
                    "not_yours", _("漏报由受理员、值班长或监督中心主任认定"), field="post"
                )
            if row.state not in sources:
                message = _("漏报现为“%(state)s”，不能这样办理") % {
                    "state": row.get_state_display()
                }
                raise Refused("not_now", message)
            yield _Admitted(row, verb, act, act.moment())
        except Refused:
            ledger.recall(stream=row.stream, verb=verb, act=act)
            raise


def _recorded(
    row: MissedReport, verb: str, act: Act, at: datetime, body: dict[str, Any]
) -> MissedReport:
    entry = ledger.append(stream=row.stream, verb=verb, act=act, at=at, head=row.head, body=body)
    row.head, row.n = entry, row.n + 1
    row.save()
    return row
