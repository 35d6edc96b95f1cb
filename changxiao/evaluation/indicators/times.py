"""用时: how long handling takes, with its exact median; no rate, so beside the library. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ibis.expr.types as ir


def handling_time(cases: ir.Table, by: str = "department") -> ir.Table:
    """处置用时: of each city and group, the cases, those in time, those reworked, and the median of
    the whole seconds from dispatch to the feedback that stood."""
    on_time = (cases.handled_at <= cases.due_at) & ~cases.late
    seconds = cases.handled_at.delta(cases.dispatched_at, unit="second")
    return cases.group_by(["city", by]).agg(
        cases=cases.count(),
        on_time=cases.count(where=on_time),
        reworked=cases.count(where=cases.reworks > 0),
        median=seconds.median(),
    )
