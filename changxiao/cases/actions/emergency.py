"""应急暂停: a declared emergency (台风, 暴雨) stops the named limits, one entry a case."""

from __future__ import annotations

from dataclasses import replace

from changxiao.cases import clock, flow
from changxiao.cases.actions import base
from changxiao.cases.actions.base import TIMED, admitted, record
from changxiao.cases.actions.command import set_dues
from changxiao.cases.models import Case
from changxiao.kernel.act import Act


def hold(case: Case, *, order: str, act: Act) -> Case:
    """应急暂停计时: the handling clock stands while emergency `order` (its number) is in force."""
    with admitted(case, "hold", act) as done:
        row = done.case
        found = base.running(row, flow.Stage.DISPATCHED)
        if found is not None:
            calendar = done.calendar(found.kind)
            base.put(row, replace(found, run=clock.pause(calendar, found.run, done.at, why="hold")))
        row.held_by = order
        row.handle_due_at = None
        return record(done, "held_by", "handle_due_at", *TIMED)


def release(case: Case, *, act: Act) -> Case:
    """应急结束恢复计时: the clock goes on with what was left."""
    with admitted(case, "release", act) as done:
        row = done.case
        found = base.running(row, flow.Stage.DISPATCHED)
        if found is not None and row.stage == flow.Stage.DISPATCHED and found.run.since is None:
            calendar = done.calendar(found.kind)
            run = clock.resume(calendar, found.run, done.at, why="release")
            base.put(row, replace(found, run=run))
            set_dues(done)
        row.held_by = ""
        return record(done, "held_by", "handle_due_at", "whole_due_at", *TIMED)
