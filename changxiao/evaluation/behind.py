"""格后的案卷: which rows of the facts make up a cell: counted, whole, or taken out. No Django."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

import ibis

from changxiao.evaluation.counting import excluded
from changxiao.evaluation.engines import Run
from changxiao.evaluation.facts import schema
from changxiao.evaluation.indicators.library import indicator
from changxiao.evaluation.periods import Period


class Part(StrEnum):
    """哪一部分: of a cell's three numbers."""

    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"
    EXCLUDED = "excluded"


def behind(
    run: Run,
    key: str,
    *,
    group: str,
    by: str,
    period: Period,
    part: Part,
    most: int,
    excluding: Collection[str] | None = None,
) -> list[str]:
    """格后的案卷: numbers of the cases (or items observed) in that part, at most so many, in order.

    A case with several tasks in it stands once.
    """
    row = indicator(key)
    facts = schema.unbound(row.table.name)
    rows = facts.filter(facts[schema.group_column(row.table.name, by)] == group)
    measure = row.measure(rows, period)
    out = excluded(rows, row.excludes if excluding is None else excluding)
    gone = ibis.literal(False) if out is None else out
    if part == Part.EXCLUDED:
        where = measure.cohort & gone
    elif part == Part.NUMERATOR and measure.hit is not None:
        where = measure.cohort & ~gone & measure.hit
    else:
        where = measure.cohort & ~gone
    name = "item" if row.table.name == "observations" else "number"
    found = rows.filter(where).select(number=rows[name]).distinct().order_by("number")
    return [str(number) for (number,) in run(found.limit(most))]


def behind_each(
    run: Run, key: str, *, by: str, period: Period, excluding: Collection[str] | None = None
) -> dict[str, list[str]]:
    """各格后的案卷: numbers of the cases that count, of every group, in order; one question."""
    row = indicator(key)
    rows = schema.unbound(row.table.name)
    measure = row.measure(rows, period)
    out = excluded(rows, row.excludes if excluding is None else excluding)
    where = measure.cohort if out is None else measure.cohort & ~out
    where = where if measure.hit is None else where & measure.hit
    name = "item" if row.table.name == "observations" else "number"
    column = schema.group_column(row.table.name, by)
    asked = rows.filter(where).select(ranked=rows[column], number=rows[name]).distinct()
    found: dict[str, list[str]] = {}
    for group, number in run(asked.order_by(["ranked", "number"])):
        found.setdefault(str(group), []).append(str(number))
    return found
