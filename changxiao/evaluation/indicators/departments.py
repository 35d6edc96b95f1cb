"""部门与区域指标: how units handle what falls due, and how areas find it (GB/T 30428.4). Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from changxiao.evaluation.indicators.base import COMPLETION, LOW, Measure, done, within
from changxiao.evaluation.indicators.rows import GB, OWED, PLACES, row
from changxiao.evaluation.periods import Period

if TYPE_CHECKING:
    import ibis.expr.types as ir


def handling_rate(cases: ir.Table, period: Period) -> Measure:
    """处置率: of the cases due in the period, how many were handled when it ended."""
    return Measure(within(cases.due_at, period), done(cases.handled_at, period))


def on_time_handling_rate(cases: ir.Table, period: Period) -> Measure:
    """按期处置率: of the cases due in the period, how many were handled by their deadline."""
    on_time = (cases.handled_at <= cases.due_at) & ~cases.late
    return Measure(within(cases.due_at, period), on_time)


def closing_rate(cases: ir.Table, period: Period) -> Measure:
    """结案率: of the cases to be closed in the period, how many were when it ended."""
    return Measure(within(cases.close_due_at, period), done(cases.closed_at, period))


def on_time_closing_rate(cases: ir.Table, period: Period) -> Measure:
    """按期结案率: of the cases to be closed in the period, how many were by their limit."""
    on_time = cases.closed_at <= cases.close_due_at
    return Measure(within(cases.close_due_at, period), on_time)


def late_closing_rate(cases: ir.Table, period: Period) -> Measure:
    """超期结案率: of the cases to be closed in the period, how many were closed late by its end."""
    late = done(cases.closed_at, period) & (cases.closed_at > cases.close_due_at)
    return Measure(within(cases.close_due_at, period), late)


def open_rate(cases: ir.Table, period: Period) -> Measure:
    """未结案率: of what was reported in the period and filed, how much stood open at its end."""
    taken = within(cases.reported_at, period) & done(cases.filed_at, period)
    return Measure(taken, ~done(cases.closed_at, period))


def open_rate_as_seen(cases: ir.Table, period: Period) -> Measure:
    """未结案率（照旧）: over all reports, so that declining more makes it look better."""
    open_ = done(cases.filed_at, period) & ~done(cases.closed_at, period)
    return Measure(within(cases.reported_at, period), open_)


def rework_rate(cases: ir.Table, period: Period) -> Measure:
    """返工率: of the cases closed in the period, how many had failed a check on the way."""
    return Measure(within(cases.closed_at, period), cases.reworks > 0)


def rework_rate_as_seen(cases: ir.Table, period: Period) -> Measure:
    """返工率（照旧）: times of rework over cases due; one bad case counts often, past 100 %."""
    due = within(cases.due_at, period)
    return Measure(due, cases.reworks > 0, parts=cases.reworks)


def return_rate(cases: ir.Table, period: Period) -> Measure:
    """回退率: of the cases last dispatched in the period, how many had been sent back."""
    return Measure(within(cases.dispatched_at, period), cases.returns > 0)


def supervisor_report_rate(cases: ir.Table, period: Period) -> Measure:
    """监督举报率: of what collectors and residents reported, the share that collectors found."""
    found = (cases.channel == "collector") | cases.public_found
    return Measure(within(cases.reported_at, period) & found, cases.channel == "collector")


def public_report_rate(cases: ir.Table, period: Period) -> Measure:
    """公众举报率: of all that was reported, the share that residents had to report."""
    return Measure(within(cases.reported_at, period), cases.public_found)


def urgent_on_time_rate(cases: ir.Table, period: Period) -> Measure:
    """紧急案件按期处置率: of the urgent cases due in the period, those handled in time."""
    on_time = (cases.handled_at <= cases.due_at) & ~cases.late
    return Measure(within(cases.due_at, period) & cases.urgent, on_time)


def important_on_time_rate(cases: ir.Table, period: Period) -> Measure:
    """领导交办及媒体案件按期处置率: of the important ones due in the period, those in time."""
    on_time = (cases.handled_at <= cases.due_at) & ~cases.late
    return Measure(within(cases.due_at, period) & cases.important, on_time)


def self_found_rate(cases: ir.Table, period: Period) -> Measure:
    """自主发现率: of all that was reported, the share that the city's own eyes found first."""
    return Measure(within(cases.reported_at, period), cases.self_found)


def reopen_rate(cases: ir.Table, period: Period) -> Measure:
    """重办率: of the cases closed in the period, those that a resident had put back."""
    return Measure(within(cases.closed_at, period), cases.reopened)


def forced_closing_rate(cases: ir.Table, period: Period) -> Measure:
    """强制结案率: of the cases closed in the period, those closed by order."""
    return Measure(within(cases.closed_at, period), cases.forced)


_CLOSE = {"cohort": "close_due", "excludes": OWED}
_AREA = {"level": "area", "by": PLACES, "cohort": "reported"}
ROWS = (
    row(handling_rate, "处置率", "Handling rate", "处置数/应处置数", source=GB, excludes=OWED),
    row(
        on_time_handling_rate,
        "按期处置率",
        "On-time handling rate",
        "按期处置数/应处置数",
        source=GB,
        excludes=OWED,
    ),
    row(closing_rate, "结案率", "Closing rate", "结案数/应结案数", source=GB, **_CLOSE),
    row(
        on_time_closing_rate,
        "按期结案率",
        "On-time closing rate",
        "按期结案数/应结案数",
        source=GB,
        **_CLOSE,
    ),
    row(
        late_closing_rate,
        "超期结案率",
        "Late closing rate",
        "超期结案数/应结案数",
        better=LOW,
        **_CLOSE,
    ),
    row(
        open_rate,
        "未结案率",
        "Open-case rate",
        "未结案数/有效上报数",
        better=LOW,
        cohort="reported",
        excludes=("voided", "joined", "suspended"),
    ),
    row(
        open_rate_as_seen,
        "未结案率（照旧）",
        "Open-case rate (as seen)",
        "未结案数/上报数",
        better=LOW,
        cohort="reported",
        as_seen=True,
        corrected="open_rate",
    ),
    row(
        rework_rate,
        "返工率",
        "Rework rate",
        "返工过的案卷数/结案数",
        better=LOW,
        cohort="closed",
        source=GB,
    ),
    row(
        rework_rate_as_seen,
        "返工率（照旧）",
        "Rework rate (as seen)",
        "返工次数/应处置数",
        better=LOW,
        kind=COMPLETION,
        as_seen=True,
        corrected="rework_rate",
    ),
    row(
        return_rate,
        "回退率",
        "Return (send-back) rate",
        "回退过的案卷数/派遣数",
        better=LOW,
        cohort="dispatched",
    ),
    row(
        supervisor_report_rate,
        "监督举报率",
        "Supervisor report rate",
        "监督员上报数/(监督员上报数+公众举报数)",
        **_AREA,
    ),
    row(
        public_report_rate,
        "公众举报率",
        "Public report rate",
        "公众举报数/上报总数",
        better=LOW,
        **_AREA,
    ),
    row(self_found_rate, "自主发现率", "Self-found rate", "自己发现数/上报总数", **_AREA),
    row(
        urgent_on_time_rate,
        "紧急案件按期处置率",
        "Urgent on-time rate",
        "紧急案件按期处置数/应处置数",
        source="金华",
        excludes=OWED,
    ),
    row(
        important_on_time_rate,
        "领导交办及媒体案件按期处置率",
        "Leader and media on-time rate",
        "领导交办及媒体案件按期处置数/应处置数",
        source="金华",
        excludes=OWED,
    ),
    row(
        reopen_rate,
        "重办率",
        "Reopen rate",
        "举报人不认可而重办数/结案数",
        better=LOW,
        cohort="closed",
    ),
    row(
        forced_closing_rate,
        "强制结案率",
        "Forced closing rate",
        "强制结案数/结案数",
        better=LOW,
        cohort="closed",
    ),
)
