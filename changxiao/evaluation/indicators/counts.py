"""数量指标: how many cases, in a period, went through which door (GB/T 30428.4). Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from changxiao.evaluation.facts.schema import TASKS
from changxiao.evaluation.indicators.base import LOW, Measure, done, within
from changxiao.evaluation.indicators.rows import OWED, number
from changxiao.evaluation.periods import Period

if TYPE_CHECKING:
    import ibis.expr.types as ir


def reported(cases: ir.Table, period: Period) -> Measure:
    """上报数: all that was reported in the period, whoever reported it."""
    return Measure(within(cases.reported_at, period))


def valid_reported(cases: ir.Table, period: Period) -> Measure:
    """有效上报数: reported in the period and filed by its end."""
    return Measure(within(cases.reported_at, period) & done(cases.filed_at, period))


def public_reported(cases: ir.Table, period: Period) -> Measure:
    """公众举报数: reported in the period by residents, on whatever way."""
    return Measure(within(cases.reported_at, period) & cases.public_found)


def filed(cases: ir.Table, period: Period) -> Measure:
    """立案数: filed in the period."""
    return Measure(within(cases.filed_at, period))


def cancelled(cases: ir.Table, period: Period) -> Measure:
    """作废数: voided in the period, after filing."""
    return Measure(within(cases.voided_at, period))


def should_dispatch(cases: ir.Table, period: Period) -> Measure:
    """应派遣数: filed in the period, and so to be dispatched."""
    return Measure(within(cases.filed_at, period))


def dispatched(cases: ir.Table, period: Period) -> Measure:
    """派遣数: last dispatched in the period."""
    return Measure(within(cases.dispatched_at, period))


def should_handle(cases: ir.Table, period: Period) -> Measure:
    """应处置数: due for handling in the period."""
    return Measure(within(cases.due_at, period))


def handled(cases: ir.Table, period: Period) -> Measure:
    """处置数: handled in the period by a feedback that stood."""
    return Measure(within(cases.handled_at, period))


def handled_on_time(cases: ir.Table, period: Period) -> Measure:
    """按期处置数: handled in the period and never late."""
    return Measure(within(cases.handled_at, period) & ~cases.late)


def handled_late(cases: ir.Table, period: Period) -> Measure:
    """超期处置数: handled in the period, late."""
    return Measure(within(cases.handled_at, period) & cases.late)


def late_unhandled(cases: ir.Table, period: Period) -> Measure:
    """超期未处置数: due in the period and not handled when it ended."""
    return Measure(within(cases.due_at, period) & ~done(cases.handled_at, period))


def should_close(cases: ir.Table, period: Period) -> Measure:
    """应结案数: due for closing in the period."""
    return Measure(within(cases.close_due_at, period))


def closed(cases: ir.Table, period: Period) -> Measure:
    """结案数: closed in the period."""
    return Measure(within(cases.closed_at, period))


def closed_on_time(cases: ir.Table, period: Period) -> Measure:
    """按期结案数: closed in the period, by the limit of the whole case."""
    return Measure(within(cases.closed_at, period) & (cases.closed_at <= cases.close_due_at))


def missed(cases: ir.Table, period: Period) -> Measure:
    """漏报数: filed in the period and confirmed as missed by a collector who had walked there."""
    return Measure(within(cases.filed_at, period) & cases.missed)


def reworked_1_2(cases: ir.Table, period: Period) -> Measure:
    """返工一二次案卷数: closed in the period after one or two reworks."""
    return Measure(within(cases.closed_at, period) & cases.reworks.between(1, 2))


def reworked_3(cases: ir.Table, period: Period) -> Measure:
    """返工三次以上案卷数: closed in the period after three reworks or more."""
    return Measure(within(cases.closed_at, period) & (cases.reworks >= 3))


def reworked_1_2_important(cases: ir.Table, period: Period) -> Measure:
    """领导交办及媒体案件返工一二次数: of those from leaders and media."""
    return Measure(reworked_1_2(cases, period).cohort & cases.important)


def reworked_3_important(cases: ir.Table, period: Period) -> Measure:
    """领导交办及媒体案件返工三次以上数: of those from leaders and media."""
    return Measure(reworked_3(cases, period).cohort & cases.important)


def rework(tasks: ir.Table, period: Period) -> Measure:
    """返工数: how often a check in the period found it not fixed."""
    return _happened(tasks, "rework", period)


def returned(tasks: ir.Table, period: Period) -> Measure:
    """回退数: send-backs accepted in the period."""
    return _happened(tasks, "return", period)


def suspended(tasks: ir.Table, period: Period) -> Measure:
    """缓办/挂账数: suspensions granted in the period."""
    return _happened(tasks, "suspend", period)


def should_verify(tasks: ir.Table, period: Period) -> Measure:
    """应核实数: verifications of reports that fell due in the period."""
    return Measure((tasks.kind == "confirm") & within(tasks.due_at, period))


def verified_on_time(tasks: ir.Table, period: Period) -> Measure:
    """按时核实数: those due in the period that were done by then."""
    return Measure(should_verify(tasks, period).cohort & (tasks.done_at <= tasks.due_at))


def should_check(tasks: ir.Table, period: Period) -> Measure:
    """应核查数: checks of handled cases that fell due in the period."""
    return Measure((tasks.kind == "check") & within(tasks.due_at, period))


def checked_on_time(tasks: ir.Table, period: Period) -> Measure:
    """按时核查数: those due in the period that were done by then."""
    return Measure(should_check(tasks, period).cohort & (tasks.done_at <= tasks.due_at))


def _happened(tasks: ir.Table, kind: str, period: Period) -> Measure:
    return Measure((tasks.kind == kind) & within(tasks.done_at, period))


_AGAIN = {"cohort": "closed", "better": LOW, "source": "金华"}
_WORK = {"table": TASKS, "by": ("department", "person", "street", "district", "city")}
ROWS = (
    number(reported, "上报数", "Reports submitted", "期内上报", cohort="reported"),
    number(
        valid_reported,
        "有效上报数",
        "Valid reports (filed)",
        "期内上报且期末已立案",
        cohort="reported",
    ),
    number(public_reported, "公众举报数", "Public reports", "期内公众上报", cohort="reported"),
    number(filed, "立案数", "Cases filed", "期内立案", cohort="filed", excludes=("suspended",)),
    number(cancelled, "作废数", "Cases voided", "期内作废", cohort="voided", better=LOW),
    number(should_dispatch, "应派遣数", "Cases due for dispatch", "期内立案", cohort="filed"),
    number(dispatched, "派遣数", "Cases dispatched", "期内派遣", cohort="dispatched"),
    number(should_handle, "应处置数", "Cases due for handling", "期内到期", excludes=OWED),
    number(handled, "处置数", "Cases handled", "期内处置", cohort="handled"),
    number(
        handled_on_time,
        "按期处置数",
        "Cases handled on time",
        "期内处置且从未超期",
        cohort="handled",
    ),
    number(
        handled_late,
        "超期处置数",
        "Cases handled late",
        "期内处置且曾超期",
        cohort="handled",
        better=LOW,
        excludes=("appeal",),
    ),
    number(
        late_unhandled,
        "超期未处置数",
        "Overdue and not handled",
        "期内到期且期末未处置",
        better=LOW,
        excludes=OWED,
    ),
    number(
        should_close,
        "应结案数",
        "Cases due for closing",
        "期内应结案",
        cohort="close_due",
        excludes=OWED,
    ),
    number(closed, "结案数", "Cases closed", "期内结案", cohort="closed"),
    number(
        closed_on_time,
        "按期结案数",
        "Cases closed on time",
        "期内结案且未过应结案时间",
        cohort="closed",
    ),
    number(
        missed,
        "漏报数",
        "Missed-report count",
        "期内立案且认定漏报",
        cohort="filed",
        better=LOW,
    ),
    number(
        reworked_1_2,
        "返工一二次案卷数",
        "Cases reworked once or twice",
        "期内结案且返工 1–2 次",
        **_AGAIN,
    ),
    number(
        reworked_3,
        "返工三次以上案卷数",
        "Cases reworked thrice or more",
        "期内结案且返工≥3 次",
        **_AGAIN,
    ),
    number(
        reworked_1_2_important,
        "领导交办及媒体案件返工一二次数",
        "Leader and media cases reworked once or twice",
        "同上，领导交办及媒体案件",
        **_AGAIN,
    ),
    number(
        reworked_3_important,
        "领导交办及媒体案件返工三次以上数",
        "Leader and media cases reworked thrice or more",
        "同上，领导交办及媒体案件",
        **_AGAIN,
    ),
    number(
        rework, "返工数", "Rework count", "期内核查不通过次数", cohort="done", better=LOW, **_WORK
    ),
    number(returned, "回退数", "Returned count", "期内同意回退次数", cohort="done", **_WORK),
    number(
        suspended,
        "缓办/挂账数",
        "Deferred (hung) count",
        "期内同意挂账次数",
        cohort="done",
        **_WORK,
    ),
    number(should_verify, "应核实数", "Verifications due", "期内到期的核实", **_WORK),
    number(
        verified_on_time, "按时核实数", "Verifications on time", "期内到期且按时的核实", **_WORK
    ),
    number(should_check, "应核查数", "Checks due", "期内到期的核查", **_WORK),
    number(checked_on_time, "按时核查数", "Checks on time", "期内到期且按时的核查", **_WORK),
)
