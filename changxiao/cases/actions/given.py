"""来源时限: the authority that sent a case sets, moves or takes back its own limit."""

from __future__ import annotations

from changxiao.cases.actions import base
from changxiao.cases.actions.base import TIMED, admitted, record
from changxiao.cases.actions.command import DISPATCHED, set_dues
from changxiao.cases.actions.parties import GivenDue
from changxiao.cases.models import Case
from changxiao.kernel.act import Act


def give_due(case: Case, *, given: GivenDue | None, act: Act) -> Case:
    """来源时限: from now on this is theirs; the earlier of theirs and ours is what is due.

    A clock that was late stays late: what was granted afterwards forgives nothing.
    """
    with admitted(case, "give_due", act) as done:
        row = done.case
        row.given_due_at = given.at if given else None
        row.given_by = given.source if given else ""
        kept = base.running(row, DISPATCHED)
        if row.stage == DISPATCHED and kept is not None and kept.run.due is not None:
            base.put(row, kept)
            set_dues(done)
        changed = ("given_due_at", "given_by", "handle_due_at", "whole_due_at")
        return record(done, *changed, *TIMED)
