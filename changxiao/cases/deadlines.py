"""案卷时限现状: what is left of a case's running limit, in the four states that pages show.

A working limit is told in working time, so that a Friday evening is not a panic.
"""

from __future__ import annotations

from datetime import datetime

from changxiao.cases.actions import base
from changxiao.cases.clock import StageClock
from changxiao.cases.flow import Stage
from changxiao.cases.models import Case
from changxiao.catalog import timetable
from changxiao.kernel.worktime import TimeUnit
from changxiao.ui.deadline import Standing, standing

WORKING = frozenset({TimeUnit.WORK_HOUR, TimeUnit.WORK_DAY})


def of_case(case: Case, now: datetime) -> Standing | None:
    """时限现状: of the clock that runs or stands now; None where nothing is limited."""
    kept = current(case)
    if kept is None:
        return None
    return of_clock(kept, now)


def current(case: Case) -> StageClock | None:
    """当前计时: the clock of the present stage; none once the case has ended."""
    stage = Stage.DISPATCHED if case.stage == Stage.SUSPENDED else case.stage
    return None if case.ended else base.running(case, stage)


def of_clock(kept: StageClock, now: datetime) -> Standing:
    """时限现状 of one clock, with what was granted of it again (延期)."""
    calendar = timetable.calendar_for(kept.kind)
    run = kept.run
    left = run.left
    if run.since is not None and now > run.since:
        left -= calendar.elapsed_seconds(run.since, now, run.unit)
    if run.due is not None and left == 0 and now > run.due:
        left = -1  # past the last working second, though no working time has passed since
    limit = max(calendar.seconds(kept.limit) * (1 + run.granted), run.left)
    return standing(
        used=limit - left,
        limit=limit,
        paused=run.since is None,
        working=run.unit in WORKING,
    )
