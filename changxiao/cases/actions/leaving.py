"""离岗转交: the open cases of somebody who leaves pass to another, or back to the unit."""

from __future__ import annotations

from changxiao.cases.actions.base import admitted, record
from changxiao.cases.models import Case
from changxiao.kernel.act import Act
from changxiao.orgs.models import Staff


def pass_on(case: Case, *, to: Staff | None, act: Act) -> Case:
    """离岗转交: the case's handler is another person of the unit, or for now nobody; no clock
    restarts, for the unit stays the same.
    """
    with admitted(case, "pass_on", act) as done:
        done.case.handler = to.username if to else ""
        return record(done, "handler")
