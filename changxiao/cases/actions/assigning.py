"""派给监督员: the system names who confirms or verifies, or lets the clock wait for somebody.

`cases.assigning` chooses, the sweeps of `jobs` ask; here it is written. Whom intake names by hand
keeps the task until a shift of his has ended on it.
"""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext as _

from changxiao.cases import clock
from changxiao.cases.actions import base
from changxiao.cases.actions.base import TIMED, Admitted, admitted, record
from changxiao.cases.models import Case
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused

NOBODY = "nobody_on_shift"  # why a stretch of a clock stands


def assign(case: Case, *, collector: str, why: str, act: Act) -> Case:
    """派给监督员: the task is this collector's now; a clock that waited goes on.

    Raises Refused("assigned") where somebody is named already, Refused("same_person") for the one
    who fed back.
    """
    with admitted(case, "assign", act) as done:
        row = done.case
        _must_be_open(row)
        _must_not_be_handler(row, collector)
        row.checker = collector
        go_on(done)
        return record(done, "checker", *TIMED, body={"why": why})


def await_collector(case: Case, *, act: Act) -> Case:
    """无人在岗，暂停计时: the stage's limit stands until somebody comes on shift.

    Raises Refused("waiting") where it stands already and Refused("overdue") where it is late: a
    pause forgives no overrun.
    """
    with admitted(case, "await_collector", act) as done:
        row = done.case
        _must_be_open(row)
        kept = base.running(row, row.stage)
        if kept is None or kept.run.due is None:
            raise Refused("waiting", _("本环节没有正在走的计时，无须暂停"))
        if done.at >= kept.run.due:
            raise Refused("overdue", _("本环节已超期，不再暂停计时"))
        _wait(done)
        return record(done, *TIMED)


def hand_on(case: Case, *, leaver: str, collector: str = "", why: str = "", act: Act) -> Case:
    """换班转交: the task of a collector whose shift is over is another's, and no clock restarts;
    without another it is nobody's, and the clock waits as it does where nobody is on shift.

    Raises Refused("assigned") where it is not the leaver's any more, Refused("same_person") for the
    one who fed back.
    """
    with admitted(case, "hand_on", act) as done:
        row = done.case
        if row.checker != leaver:
            raise Refused("assigned", _("本次任务已不在下班的监督员手上，无须转交"))
        _must_not_be_handler(row, collector)
        row.checker = collector
        if collector:
            go_on(done)
        else:
            _wait(done)
        told = {"leaver": leaver, **({"why": why} if why else {})}
        return record(done, "checker", *TIMED, body=told)


def _must_not_be_handler(case: Case, collector: str) -> None:
    if collector and collector == case.handled_by:
        raise Refused("same_person", _("反馈人不能核查自己的案卷，请另派"), field="collector")


def _wait(done: Admitted) -> None:
    """A clock that runs in time stands; one that is late goes on: a pause forgives no overrun."""
    kept = base.running(done.case, done.case.stage)
    if kept is not None and kept.run.due is not None and done.at < kept.run.due:
        run = clock.pause(done.calendar(kept.kind), kept.run, done.at, why=NOBODY)
        base.put(done.case, replace(kept, run=run))


def _must_be_open(case: Case) -> None:
    if case.checker:
        raise Refused("assigned", _("本次任务已派给监督员，不能再由系统另派"))


def waits(case: Case) -> bool:
    """是否待人上岗: the running stage's clock stands because nobody is on shift."""
    kept = base.running(case, case.stage)
    return kept is not None and kept.run.since is None and kept.run.spans[-1].why == NOBODY


def go_on(done: Admitted) -> None:
    """续计: a clock that waited for somebody runs again."""
    row = done.case
    if not waits(row):
        return
    kept = base.running(row, row.stage)
    assert kept is not None
    run = clock.resume(done.calendar(kept.kind), kept.run, done.at, why="on_shift")
    base.put(row, replace(kept, run=run))
