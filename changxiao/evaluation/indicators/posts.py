"""岗位指标: how the posts of both centres and the collectors do their part (GB/T 30428.4). Pure.

Of tasks, by person: a row for each piece of work that a limit was set for, done or not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from changxiao.evaluation.indicators.base import (
    COMPLETION,
    LOW,
    NEITHER,
    NUMBER,
    Measure,
    within,
)
from changxiao.evaluation.indicators.rows import GB, task_row
from changxiao.evaluation.periods import Period

if TYPE_CHECKING:
    import ibis.expr.types as ir


def sup_valid_rate(tasks: ir.Table, period: Period) -> Measure:
    """监督员有效上报率: of what a collector reported in the period and was decided on, how much was
    filed or put right by himself."""
    decided = _done(tasks, "report", period) & _collectors(tasks) & tasks.sound.notnull()
    return Measure(decided, tasks.sound)


def sup_miss_rate(tasks: ir.Table, period: Period) -> Measure:
    """漏报率: of what a collector should have reported (valid reports and confirmed misses), the
    share that he missed."""
    valid = (tasks.kind == "report") & tasks.sound & _collectors(tasks)
    missed = tasks.kind == "miss"
    return Measure((valid | missed) & within(tasks.done_at, period), missed)


def sup_miss_rate_as_seen(tasks: ir.Table, period: Period) -> Measure:
    """漏报率（照旧）: misses over valid reports; the misses are no part of those, past 100 %."""
    valid = (tasks.kind == "report") & tasks.sound & _collectors(tasks)
    missed = tasks.kind == "miss"
    both = (valid | missed) & within(tasks.done_at, period)
    return Measure(both, missed, whole=valid.ifelse(1, 0))


def sup_verify_rate(tasks: ir.Table, period: Period) -> Measure:
    """按时核实率: of the verifications due in the period, how many were done by then."""
    return _on_time(tasks, "confirm", period)


def sup_check_rate(tasks: ir.Table, period: Period) -> Measure:
    """按时核查率: of the checks due in the period, how many were done by then."""
    return _on_time(tasks, "check", period)


def acc_count(tasks: ir.Table, period: Period) -> Measure:
    """受理数: what an acceptor took up, or declined, in the period."""
    return Measure(_done(tasks, "accept", period))


def acc_on_time(tasks: ir.Table, period: Period) -> Measure:
    """按时受理率: of the acceptances due in the period, how many were done by then."""
    return _on_time(tasks, "accept", period)


def acc_verify_send(tasks: ir.Table, period: Period) -> Measure:
    """核实按时派发率: of the verifications to be sent out in the period, those sent in time."""
    return _on_time(tasks, "send_confirm", period)


def acc_check_send(tasks: ir.Table, period: Period) -> Measure:
    """核查按时派发率: of the checks to be sent out in the period, those sent in time."""
    return _on_time(tasks, "send_check", period)


def sl_file_on_time(tasks: ir.Table, period: Period) -> Measure:
    """按时立案率: of the filings due in the period, how many were done by then."""
    return _on_time(tasks, "file", period)


def sl_file_accurate(tasks: ir.Table, period: Period) -> Measure:
    """准确立案率: of what was filed in the period, how much was not voided afterwards."""
    return Measure(_done(tasks, "file", period), tasks.sound)


def sl_close_on_time(tasks: ir.Table, period: Period) -> Measure:
    """按时结案率: of the closings due in the period, how many were done by then."""
    return _on_time(tasks, "close", period)


def dp_count(tasks: ir.Table, period: Period) -> Measure:
    """派遣数: what a dispatcher dispatched in the period."""
    return Measure(_done(tasks, "dispatch", period))


def dp_on_time(tasks: ir.Table, period: Period) -> Measure:
    """按时派遣率: of the dispatches due in the period, how many were done by then."""
    return _on_time(tasks, "dispatch", period)


def dp_accurate(tasks: ir.Table, period: Period) -> Measure:
    """准确派遣率: of the dispatches of the period, those not confirmed as to the wrong unit."""
    return Measure(_done(tasks, "dispatch", period), tasks.sound)


def dp_accurate_as_seen(tasks: ir.Table, period: Period) -> Measure:
    """准确派遣率（照旧）: dispatches less reworks; a bad repair is charged to the dispatcher."""
    return Measure(_done(tasks, "dispatch", period), parts=1 - tasks.reworks)


def _done(tasks: ir.Table, kind: str, period: Period) -> ir.BooleanValue:
    return (tasks.kind == kind) & within(tasks.done_at, period)


def _on_time(tasks: ir.Table, kind: str, period: Period) -> Measure:
    due = (tasks.kind == kind) & within(tasks.due_at, period)
    return Measure(due, tasks.done_at <= tasks.due_at)


def _collectors(tasks: ir.Table) -> ir.BooleanValue:
    return tasks.post == "collector"


_COLLECTOR = {"level": "post.supervisor"}
_ACCEPTOR = {"level": "post.acceptor"}
_LEADER = {"level": "post.shift_leader"}
_DISPATCHER = {"level": "post.dispatcher"}
_COUNT = {"kind": NUMBER, "better": NEITHER, "cohort": "done"}
ROWS = (
    task_row(
        sup_valid_rate,
        "监督员有效上报率",
        "Supervisor valid-report rate",
        "有效上报数/上报数",
        cohort="done",
        source=GB,
        **_COLLECTOR,
    ),
    task_row(
        sup_miss_rate,
        "漏报率",
        "Missed-report rate",
        "漏报数/(漏报数+有效上报数)",
        cohort="done",
        better=LOW,
        source=GB,
        **_COLLECTOR,
    ),
    task_row(
        sup_miss_rate_as_seen,
        "漏报率（照旧）",
        "Missed-report rate (as seen)",
        "漏报数/立案数",
        cohort="done",
        better=LOW,
        kind=COMPLETION,
        as_seen=True,
        corrected="sup_miss_rate",
        **_COLLECTOR,
    ),
    task_row(
        sup_verify_rate,
        "按时核实率",
        "On-time verification rate",
        "按时核实数/应核实数",
        source=GB,
        **_COLLECTOR,
    ),
    task_row(
        sup_check_rate,
        "按时核查率",
        "On-time check rate",
        "按时核查数/应核查数",
        source=GB,
        **_COLLECTOR,
    ),
    task_row(acc_count, "受理数", "Acceptances", "期内受理或不予受理", **_COUNT, **_ACCEPTOR),
    task_row(
        acc_on_time, "按时受理率", "On-time acceptance rate", "按时受理数/应受理数", **_ACCEPTOR
    ),
    task_row(
        acc_verify_send,
        "核实按时派发率",
        "On-time sending of verification tasks",
        "按时派发核实数/应派发核实数",
        **_ACCEPTOR,
    ),
    task_row(
        acc_check_send,
        "核查按时派发率",
        "On-time sending of check tasks",
        "按时派发核查数/应派发核查数",
        **_ACCEPTOR,
    ),
    task_row(
        sl_file_on_time, "按时立案率", "On-time filing rate", "按时立案数/应立案数", **_LEADER
    ),
    task_row(
        sl_file_accurate,
        "准确立案率",
        "Accurate filing rate",
        "(立案数-作废数)/立案数",
        cohort="done",
        **_LEADER,
    ),
    task_row(
        sl_close_on_time, "按时结案率", "On-time closing rate", "按时结案数/应结案数", **_LEADER
    ),
    task_row(dp_count, "派遣数", "Dispatches", "期内派遣次数", **_COUNT, **_DISPATCHER),
    task_row(
        dp_on_time, "按时派遣率", "On-time dispatch rate", "按时派遣数/应派遣数", **_DISPATCHER
    ),
    task_row(
        dp_accurate,
        "准确派遣率",
        "Accurate dispatch rate",
        "1 - 确认误派数/派遣数",
        cohort="done",
        **_DISPATCHER,
    ),
    task_row(
        dp_accurate_as_seen,
        "准确派遣率（照旧）",
        "Accurate dispatch rate (as seen)",
        "(应派遣数-返工数)/应派遣数",
        cohort="done",
        kind=COMPLETION,
        as_seen=True,
        corrected="dp_accurate",
        **_DISPATCHER,
    ),
)
