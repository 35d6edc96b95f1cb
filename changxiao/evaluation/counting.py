"""计数: many indicators in one scan of a table, as whole numbers for each ranked group. No Django.

The line between what is counted and what is judged: nothing here divides, rounds or ranks.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

import ibis
import ibis.expr.types as ir

from changxiao.evaluation.engines import Run
from changxiao.evaluation.facts import schema
from changxiao.evaluation.indicators.base import EXCLUSIONS, NUMBER, Measure, moment
from changxiao.evaluation.indicators.library import indicator
from changxiao.evaluation.periods import Period
from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _


@dataclass(frozen=True, slots=True, order=True)
class Count:
    """计数: of one indicator, for one ranked group, in one period. Whole numbers, never a rate.

    `group` "" are the rows that belong to none. Of a count the denominator is 0.
    """

    indicator: str  # key of the library
    group: str  # code of the ranked
    numerator: int
    denominator: int
    excluded: int  # rows of the cohort that a rule of exclusion took out
    city: str = ""


def count(
    run: Run,
    *,
    keys: Sequence[str],
    by: str,
    period: Period,
    excluding: Mapping[str, Collection[str]] | None = None,
) -> list[Count]:
    """计数 of the indicators `keys` in each group `by`, in the order of the keys, then by code.

    `run` is an open engine; `excluding` replaces the exclusions of the library for some keys.
    Refused `indicator_unknown`, `group_unknown`, `exclusion_unknown`.
    """
    rules = excluding or {}
    found: list[Count] = []
    for table in schema.TABLES:
        asked = [key for key in dict.fromkeys(keys) if indicator(key).table.name == table]
        if asked:
            found += question(table, asked, by=by, period=period, excluding=rules).counts(run)
    place = {key: i for i, key in enumerate(keys)}
    return sorted(found, key=lambda one: (place[one.indicator], one.city, one.group))


@dataclass(frozen=True, slots=True)
class Question:
    """问题: one expression for many indicators: city, group, then whole numbers; and for each key
    where its numerator, denominator and excluded stand among them (None: it is 0).

    What several indicators need, such as one cohort, is counted once.
    """

    expression: ir.Table
    places: Mapping[str, tuple[int | None, ...]]

    def counts(self, run: Run) -> list[Count]:
        """计数, of every key in every group."""
        found = []
        for city, group, *numbers in run(self.expression):
            for key, places in self.places.items():
                top, bottom, out = (0 if at is None else int(numbers[at]) for at in places)
                found.append(Count(key, group, top, bottom, out, city))
        return found


def question(
    table: str,
    keys: Sequence[str],
    *,
    by: str,
    period: Period,
    excluding: Mapping[str, Collection[str]] | None = None,
) -> Question:
    """问题 of the indicators `keys`, all of one table."""
    facts = schema.unbound(table)
    # What had not begun when the period ended is in no cohort of it: whole months are not read.
    rows = facts.filter(facts[_BEGINS[table]] < moment(period.end))
    ranked = rows[schema.group_column(table, by)].name("ranked")
    sums: dict[Any, ir.IntegerScalar] = {}
    places: dict[str, tuple[int | None, ...]] = {}
    for key in keys:
        row = indicator(key)
        taken = (excluding or {}).get(key, row.excludes)
        wanted = _sums(row.kind, row.measure(rows, period), excluded(rows, taken))
        for one in wanted:
            if one is not None:
                sums.setdefault(one.op(), one)
        at = {op: i for i, op in enumerate(sums)}
        places[key] = tuple(None if one is None else at[one.op()] for one in wanted)
    named = {f"n{i}": one for i, one in enumerate(sums.values())}
    return Question(rows.group_by([rows.city.name("of_city"), ranked]).agg(**named), places)


_BEGINS = {"cases": "reported_at", "tasks": "started_at", "observations": "observed_at"}


def excluded(rows: ir.Table, names: Collection[str]) -> ir.BooleanValue | None:
    """剔除: whether one of the named rules takes the row out; None without rules."""
    for name in names:
        if name not in EXCLUSIONS:
            told = {"name": name[:40], "known": "、".join(EXCLUSIONS)}
            sentence = _("没有剔除规则“%(name)s”：可用 %(known)s。") % told
            raise Refused("exclusion_unknown", sentence, field="exclude")
    rules = [EXCLUSIONS[name][1](rows) for name in sorted(set(names))]
    return reduce(or_, rules) if rules else None


def _sums(
    kind: str, measure: Measure, out: ir.BooleanValue | None
) -> tuple[ir.IntegerScalar | None, ...]:
    """Numerator, denominator and excluded; None for what is always 0."""
    kept = measure.cohort if out is None else measure.cohort & ~out
    hit = kept if measure.hit is None else kept & measure.hit
    return (
        _total(hit, measure.parts),
        None if kind == NUMBER else _total(kept, measure.whole),
        None if out is None else _total(measure.cohort & out),
    )


def _total(where: ir.BooleanValue, weight: ir.IntegerValue | int | None = None) -> ir.IntegerScalar:
    """CASE … ELSE 0 rather than FILTER: what is unknown counts as no, and DuckDB adds it up in
    two thirds of the time."""
    return ibis.ifelse(where, 1 if weight is None else weight, 0).sum()
