"""撤回: whoever took a step takes it back, until the party whose turn it became opened the case.

What stood before is read from the log: the entries up to the recalled one give every column, and
those that it set go back to that. So nothing has to be kept for the case of a mistake, and the log
alone still rebuilds the case: the recall repeats what it restored.
"""

from __future__ import annotations

import json
from datetime import timedelta

from django.db.models import F
from django.utils import timezone

from changxiao.cases import access, flow, rules, written
from changxiao.cases.actions.base import admitted, flow_in_force, record
from changxiao.cases.actions.lapsing import revive
from changxiao.cases.models import Assist, Case, CasePhoto, CaseRequest
from changxiao.catalog import policy
from changxiao.kernel import scope
from changxiao.kernel.act import Act
from changxiao.kernel.day import local_time
from changxiao.kernel.transactions import writing
from changxiao.kernel.unavailable import Unavailable
from changxiao.ledger.models import Entry

ASKS = frozenset({"send_back", "ask_extend", "ask_suspend"})
DECIDES = frozenset({"take_back", "extend", "suspend", "refuse_request"})
State = CaseRequest.State


def recall(case: Case, *, since: int | None = None, act: Act) -> Case:
    """撤回: the actor's own last step, or all of his from entry `since` on, as if never taken."""
    with admitted(case, "recall", act) as done:
        row = done.case
        entries = list(row.entries)
        first = row.n if since is None else since
        taken = [entry for entry in entries if entry.n >= first]
        rules.may_recall(
            [(entry.verb, entry.actor) for entry in taken],
            actor=act.actor,
            seen=_words_of_opening(row) if row.seen_n >= row.n else "",
            ended=row.ended,
            age=done.at - taken[-1].at if taken else timedelta(0),
            window=timedelta(minutes=policy.number("recall_end_minutes")),
        )
        before = written.folded(json.loads(e.body) for e in entries if e.n < first)
        _rows_back(row, taken)
        changed = written.restore(row, before, [json.loads(e.body) for e in taken])
        told = {"recalled": [entry.n for entry in taken]}
        return record(done, *changed, target=before["stage"], body=told)


def _words_of_opening(case: Case) -> str:
    assert case.seen_at is not None
    return f"{local_time(case.seen_at):%m-%d %H:%M}"


def _rows_back(case: Case, taken: list[Entry]) -> None:
    """The rows beside the case: what a step asked, decided, let lapse, called to help or showed."""
    for entry in reversed(taken):
        revive(case, entry)
        if entry.verb == "dispatch":
            Assist.objects.filter(case=case, asked_at=entry.at).delete()
        if entry.verb in ASKS:
            mine = case.requests.filter(state=State.PENDING, asked_by=entry.actor)
            mine.update(state=State.WITHDRAWN, decided_at=None)
        elif entry.verb in DECIDES or "lapsed" in json.loads(entry.body):
            decided = case.requests.exclude(kind=CaseRequest.Kind.APPEAL)
            decided.filter(decided_at=entry.at).exclude(state=State.WITHDRAWN).update(
                state=State.PENDING, decided_by="", decided_at=None, opinion=""
            )
    CasePhoto.objects.filter(case=case, entry__in=taken).delete()


# -- has the next party opened the case? ---------------------------------------------------------


def mark_seen(case: Case) -> Case:
    """已打开: note that the current viewer, whose turn it is, has the case before him.

    One statement, and only for the first to open it after a step: it waits for the row's lock, so
    that a recall has either happened before (then the case is read again) or comes too late.
    """
    if case.seen_n >= case.n or not _is_next_party(case):
        return case
    rows = Case.everything.filter(pk=case.pk, n=case.n)
    try:
        with writing():
            marked = rows.update(seen_n=F("n"), seen_at=timezone.now())
    except Unavailable:
        return case  # what cannot be written can still be read
    return case if marked else access.case_for(case.number)


def _is_next_party(case: Case) -> bool:
    viewer = scope.current()
    if viewer.kind != "staff" or case.head is None or case.head.actor == viewer.name:
        return False
    posts = frozenset(access.acting_posts(viewer, case))
    return bool(posts & _turn(case))


def _turn(case: Case) -> frozenset[str]:
    """轮到谁: the posts of what is done next here; with a request waiting, those who decide it."""
    known = flow_in_force()
    verbs = flow.NEXT.get(flow.Stage(case.stage), ())
    if case.stage == flow.Stage.DISPATCHED and case.head and case.head.verb in ASKS:
        verbs = ("refuse_request",)
    return frozenset().union(*(known.step(verb).posts for verb in verbs))
