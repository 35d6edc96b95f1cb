"""失效 lapsing: what stands open beside a case and nobody can decide once the case has moved on: a
correction that waits for a second person, a second look that nobody took. The entry of the step
says so, so that taking it back brings it back.
"""

from __future__ import annotations

import json
from datetime import datetime

from changxiao.cases import flow
from changxiao.cases.models import Case
from changxiao.cases.models_amendment import Amendment
from changxiao.cases.models_recheck import Recheck
from changxiao.ledger.models import Entry

AMENDMENT, RECHECK = "amendment_lapsed", "recheck_lapsed"


def lapsed(case: Case, before: str, at: datetime) -> dict[str, bool]:
    """失效 by a step that leads from `before` to where the case is now; what its entry tells."""
    told = {}
    if case.stage in flow.ENDS and before not in flow.ENDS:
        open_ = case.amendments.filter(state=Amendment.State.PENDING)
        if open_.update(state=Amendment.State.LAPSED, decided_at=at):
            told[AMENDMENT] = True
    if before in flow.CHECKED and case.stage not in flow.CHECKED:
        drawn = Recheck.everything.filter(case=case, state=Recheck.State.OPEN)
        if drawn.update(state=Recheck.State.LAPSED, done_at=at):
            told[RECHECK] = True
    return told


def revive(case: Case, entry: Entry) -> None:
    """恢复: what had lapsed by a step that is taken back."""
    told = json.loads(entry.body)
    if told.get(AMENDMENT):
        rows = case.amendments.filter(state=Amendment.State.LAPSED, decided_at=entry.at)
        rows.update(state=Amendment.State.PENDING, decided_at=None)
    if told.get(RECHECK):
        drawn = Recheck.everything.filter(case=case, state=Recheck.State.LAPSED, done_at=entry.at)
        drawn.update(state=Recheck.State.OPEN, done_at=None)
