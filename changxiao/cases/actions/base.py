"""办理底座: what every verb does in the same order: lock, ask the flow, change, record.

`admitted` opens the transaction, takes the row's lock and only then asks the flow; `record`
saves the changed columns and appends the entry that repeats them, so that the log alone
rebuilds the case.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from changxiao.cases import access, flow
from changxiao.cases import clock as clocks
from changxiao.cases.actions.lapsing import lapsed
from changxiao.cases.clock import Calendar, Running, StageClock
from changxiao.cases.models import LAST, Case, StepRule
from changxiao.cases.written import plain
from changxiao.catalog import policy, timetable
from changxiao.catalog.stamp import Remembered
from changxiao.kernel import scope, statements
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.kernel.transactions import hold, holds, writing
from changxiao.kernel.worktime import Limit
from changxiao.ledger import actions as ledger

POINTS_TO = ("head", "subcategory", "criterion", "component", "unit", "lead_unit", "section")
TIMED = ("due_at", "queue_at", "clocks")


@dataclass(slots=True)
class Admitted:
    """办理中: the locked case, the step it takes, the act and the one legal moment of it."""

    case: Case
    step: flow.Step
    act: Act
    at: datetime

    def calendar(self, kind: str = "office") -> Calendar:
        return timetable.calendar_for(kind)


@contextmanager
def admitted(case: Case, verb: str, act: Act) -> Iterator[Admitted]:
    """办理: lock first, ask afterwards: two dispatchers may press the same button at once.

    Raises Refused by the flow, by the viewer's grants, or when the act's own time lies before the
    case's last entry; Replayed when the same act was done before.
    """
    with writing():
        row = _locked(case)
        try:
            step = flow_in_force().check(verb, row.stage, act.post)
            access.check_holds(scope.current(), row, act.post)
            access.check_behalf(act)
            yield Admitted(row, step, act, _moment(row, act))
        except Refused:
            # The answer to an act that was done before is its old answer, not today's refusal.
            ledger.recall(stream=row.stream, verb=verb, act=act)
            raise


def _locked(case: Case) -> Case:
    if holds(case):
        return case
    row = statements.locked(Case, case.pk)
    # What the row points to hardly ever changes, and an entry never: where the caller has it in
    # hand already, a join of six tables for each verb would cost more than the verb.
    for name in POINTS_TO:
        if name in case._state.fields_cache:
            known = getattr(case, name)
            if known is not None and known.pk == getattr(row, f"{name}_id"):
                setattr(row, name, known)
    return row


def flow_in_force() -> flow.Flow:
    """现行流程: the table, with the posts that the city's rows replace."""
    rules = _step_rules()
    return flow.Flow(posts=rules) if rules else flow.DEFAULT


_step_rules = Remembered(lambda: dict(StepRule.objects.values_list("verb", "posts")))


def _moment(case: Case, act: Act) -> datetime:
    at = act.moment()
    last = case.head.at if case.head else at
    if at >= last:
        return at
    if not act.origin:
        return last  # the server's clock was set back: time in a case never runs backwards
    message = _("时间%(at)s早于本案卷上一步的时间%(last)s，请检查数据的先后顺序")
    raise Refused("before_last", message % {"at": at, "last": last}, field="at")


def record(
    done: Admitted, *fields: str, target: str | None = None, body: Mapping[str, Any] | None = None
) -> Case:
    """记录: save the named columns and append the entry; `body` adds what columns do not hold."""
    case, before = done.case, done.case.stage
    case.stage = target or done.step.target or case.stage
    case.n += 1
    late = done.act.base_n is not None and done.act.base_n < case.n - 1
    entry = ledger.append(
        stream=case.stream,
        verb=done.step.verb,
        act=done.act,
        at=done.at,
        head=case.head,
        body={
            "stage": str(case.stage),
            "set": {name: plain(getattr(case, name)) for name in fields},
            **({"late": True} if late else {}),
            **lapsed(case, before, done.at),
            **(body or {}),
        },
    )
    case.head = entry
    statements.write(case, ["stage", "head", "n", *fields])
    hold(case)
    return case


# -- clocks of the case -------------------------------------------------------------------------


def begin(done: Admitted, stage: str, *, limit: Limit | None = None, **about: Any) -> None:
    """开始环节计时: by the given limit, else by the city's row for the stage; due follows."""
    if limit is None:
        limit, about["kind"] = timetable.stage_limit(stage, urgent=done.case.urgent)
    run = clocks.start(done.calendar(about.get("kind", "office")), limit, done.at)
    put(done.case, StageClock(stage, limit, run, **about))


def end(done: Admitted, stage: str) -> Running | None:
    """停止环节计时: the running clock of the stage, if there is one; tells how it ended."""
    found = running(done.case, stage)
    if found is None:
        return None
    due = _earlier(done.case, found)
    run = clocks.stop(done.calendar(found.kind), found.run, done.at)
    if due is not None and done.at > due:
        run = replace(run, late=True)
    put(done.case, replace(found, run=run))
    return run


def running(case: Case, stage: str) -> StageClock | None:
    """当前计时: the newest clock of the stage that was not stopped."""
    found = [r for r in case.clocks if r["stage"] == stage and r["stopped"] is None]
    if len(found) > 1 and case.lead_unit is not None:
        # A unit that was sent back from keeps its clock, standing; the lead's is the one that runs.
        found = [r for r in found if r["unit"] == case.lead_unit.code] or found
    return StageClock.from_json(found[-1]) if found else None


def latest(case: Case, stage: str, unit: str) -> StageClock | None:
    """最近计时: the newest clock of the stage and unit, stopped or not."""
    for row in reversed(case.clocks):
        if row["stage"] == stage and row["unit"] == unit:
            return StageClock.from_json(row)
    return None


def handling_clocks(case: Case) -> list[StageClock]:
    """处置计时 of the case, of every unit and part, in the order in which they began."""
    return [StageClock.from_json(r) for r in case.clocks if r["stage"] == flow.Stage.DISPATCHED]


def part_began(case: Case) -> datetime | None:
    """本部分开始: when the feedback on one part opened the next; None while it is the first.

    Only a feedback stops a unit's clock and begins another for the same unit at that moment.
    """
    kept = handling_clocks(case)
    stops = {(one.unit, one.run.stopped) for one in kept}
    begun = [one.began for one in kept if (one.unit, one.began) in stops]
    return max(begun, default=None)


def fed_back(case: Case) -> list[StageClock]:
    """已反馈的计时: those on which a unit said that it is done, whether or not it then was."""
    kept = handling_clocks(case)
    starts = {(one.unit, one.began) for one in kept}
    last = None
    if case.stage in {flow.Stage.HANDLED, flow.Stage.VERIFIED} and case.lead_unit is not None:
        last = latest(case, flow.Stage.DISPATCHED, case.lead_unit.code)
    return [
        one
        for one in kept
        if one == last
        or (one.unit, one.run.stopped) in starts
        or any(span.why == "rework" for span in one.run.spans)
    ]


def put(case: Case, kept: StageClock) -> None:
    """写回计时: replaces the same clock (stage, unit, first span) or adds it; sets what is due."""
    row = kept.to_json()
    same = [i for i, old in enumerate(case.clocks) if _identity(old) == _identity(row)]
    if same:
        case.clocks[same[-1]] = row
    else:
        case.clocks.append(row)
    due_now(case, _earlier(case, kept))


def _earlier(case: Case, kept: StageClock) -> datetime | None:
    """较早者: of our limit for handling and, less the reserve, the source's own for the whole."""
    due, given = kept.run.due, case.given_due_at
    if due is None or given is None or kept.stage != flow.Stage.DISPATCHED:
        return due
    return min(due, given - timedelta(hours=policy.number("given_reserve_hours")))


def due_now(case: Case, due: datetime | None) -> None:
    case.due_at = due
    case.queue_at = due or LAST


def _identity(row: Mapping[str, Any]) -> tuple[str, str, str]:
    return row["stage"], row["unit"], row["spans"][0][0]
