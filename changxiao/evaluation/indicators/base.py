"""指标的写法: what an indicator is, and the few words it is written with. Pure.

An indicator says which rows are its cohort and which of them count; `evaluation.counting` adds up
for many at once. Whole numbers only: division and rounding are done once, later, in decimal.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from changxiao.evaluation.facts.schema import FactTable
from changxiao.evaluation.periods import Period

if TYPE_CHECKING:
    import ibis.expr.types as ir

RATE, COMPLETION, NUMBER = "rate", "completion", "count"
HIGH, LOW, NEITHER = "high", "low", ""


@dataclass(frozen=True, slots=True)
class Measure:
    """量法: the rows of the `cohort`, and which of them count (`hit`, of a count all of them).

    `parts` and `whole` are what a row adds to numerator and denominator where that is not one.
    """

    cohort: ir.BooleanValue
    hit: ir.BooleanValue | None = None
    parts: ir.IntegerValue | None = None
    whole: ir.IntegerValue | None = None


Rule = Callable[["ir.Table", Period], Measure]


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """指标: a row of the library.

    `kind`: rate (numerator ⊂ denominator), completion (of a target, may pass 100 %), count.
    `cohort`: which moment puts a row into the period. `excludes`: names of `EXCLUSIONS` taken out
    unless a scheme says otherwise. `as_seen`: kept as the field has it, off; `corrected` is the
    right one.
    """

    key: str
    zh: str
    en: str
    level: str
    kind: str
    cohort: str
    better: str
    table: FactTable
    by: tuple[str, ...]
    formula: str
    source: str
    measure: Rule
    excludes: tuple[str, ...] = ()
    as_seen: bool = False
    corrected: str = ""

    @property
    def meaning(self) -> str:
        """含义: the sentence of its function."""
        return " ".join((self.measure.__doc__ or "").split())


# -- words of the rules ---------------------------------------------------------------------


def moment(at: datetime) -> ir.TimestampScalar:
    """时刻, naive UTC as the facts have it."""
    import ibis  # a second, which whoever only reads the table of indicators does not spend

    return ibis.literal(at.astimezone(UTC).replace(tzinfo=None), type="timestamp(6)")


def within(column: ir.TimestampValue, period: Period) -> ir.BooleanValue:
    """期内: it happened, or fell due, in the period."""
    return (column >= moment(period.start)) & (column < moment(period.end))


def done(column: ir.TimestampValue, period: Period) -> ir.BooleanValue:
    """期末已办: it had happened when the period ended; what came later changes nothing."""
    return column.notnull() & (column < moment(period.end))


def in_time(column: ir.TimestampValue, due: ir.TimestampValue) -> ir.BooleanValue:
    """按时: not after it was due; what has no limit is in time."""
    return column.notnull() & (due.isnull() | (column <= due))


# -- what may be taken out ------------------------------------------------------------------

Exclusion = Callable[["ir.Table"], "ir.BooleanValue"]

EXCLUSIONS: dict[str, tuple[str, Exclusion]] = {
    "suspended": ("挂账", lambda cases: cases.suspended),
    "appeal": ("申诉成立", lambda cases: cases.appeal_upheld),
    "voided": ("作废", lambda cases: cases.voided_at.notnull()),
    "joined": ("并案", lambda cases: cases.joined_at.notnull()),
    "forced": ("强制结案", lambda cases: cases.forced),
    "self_found": ("自己发现", lambda cases: cases.self_found),
}
