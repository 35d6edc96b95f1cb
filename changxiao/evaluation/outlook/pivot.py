"""透视: cases counted by two of the things that facts tell of them, without SQL. No Django.

Whatever a page may ask is in two tables, `DIMENSIONS` and `MEASURES`; nothing else reaches an
engine. Times are the city's, and a case belongs to the time it was reported.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from changxiao.evaluation.facts import schema
from changxiao.evaluation.localtime import local_time
from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _

NONE = "-"  # in an address: rows that have no such code
MOST_ROWS, MOST_COLUMNS = 200, 40
HOUR = 3600
Columns = Callable[[ir.Table], pa.Table]

_CODES = ("district", "street", "community", "duty_grid", "category", "channel")
_UNITS = ("department", "contractor", "stage")
_PATTERNS = {"year": "%Y", "month": "%Y-%m", "week": "%G-W%V", "day": "%Y-%m-%d", "hour": "%H"}
TIMES = ("year", "quarter", "month", "week", "day", "weekday", "hour")
DIMENSIONS = (*_CODES[:4], "class", *_CODES[4:], *_UNITS, *TIMES)

_FLAGS: Mapping[str, Callable[[ir.Table], ir.BooleanValue]] = {
    "reported": lambda cases: cases.reported_at.notnull(),
    "filed": lambda cases: cases.filed_at.notnull(),
    "closed": lambda cases: cases.closed_at.notnull(),
    "overdue": lambda cases: cases.late,
    "hours": lambda cases: cases.handled_at.notnull() & cases.dispatched_at.notnull(),
}
MEASURES = tuple(_FLAGS)
MEDIAN = "hours"


@dataclass(frozen=True, slots=True)
class Asked:
    """问什么: what stands in the rows and in the columns ("" for one column), what is counted, and
    of which cases. `filters` maps a dimension to codes; days are the city's, both included; `box`
    is west, south, east, north in degrees."""

    zone: ZoneInfo
    rows: str = "street"
    columns: str = "month"
    measure: str = "reported"
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    since: date | None = None
    until: date | None = None
    box: tuple[float, float, float, float] | None = None

    def __post_init__(self) -> None:
        """Refused `parameter_unreadable` for what is in neither table."""
        for name, value, known in (
            ("rows", self.rows, DIMENSIONS),
            ("columns", self.columns or self.rows, DIMENSIONS),
            ("measure", self.measure, MEASURES),
            *(("filters", one, DIMENSIONS) for one in self.filters),
        ):
            if value not in known:
                told = {"name": name, "value": value[:40], "known": "、".join(known)}
                sentence = _("%(name)s“%(value)s”不存在：可用 %(known)s。") % told
                raise Refused("parameter_unreadable", sentence, field=name)


@dataclass(frozen=True, slots=True)
class Pivot:
    """透视表: codes of its rows and columns in order, cells and totals; a total of medians is the
    median of all. What would not fit is counted in `left`."""

    rows: list[str]
    columns: list[str]
    cells: Mapping[tuple[str, str], float]
    row_totals: Mapping[str, float]
    column_totals: Mapping[str, float]
    total: float
    left: tuple[int, int]


def dimension(cases: ir.Table, name: str, zone: ZoneInfo) -> ir.StringValue:
    """维度 of each case, as a code."""
    if name == "class":
        return cases.category.left(3)
    if name not in TIMES:
        return cases[name]
    local = local_time(zone).of_column(cases.reported_at)
    if name == "quarter":
        return local.strftime("%Y-Q") + local.quarter().cast("string")
    if name == "weekday":
        return local.day_of_week.index().cast("string")
    return local.strftime(_PATTERNS[name])


def narrowed(cases: ir.Table, asked: Asked) -> ir.Table:
    """筛选后的案卷."""
    kept = _FLAGS[asked.measure](cases)
    for name, codes in asked.filters.items():
        told = ["" if code == NONE else code for code in codes]
        kept &= dimension(cases, name, asked.zone).isin(told)
    if asked.since:
        kept &= cases.reported_at >= _midnight(asked.since, asked.zone)
    if asked.until:
        kept &= cases.reported_at < _midnight(asked.until + timedelta(days=1), asked.zone)
    if asked.box:
        west, south, east, north = (round(edge * 1e7) for edge in asked.box)
        kept &= cases.x.between(west, east) & cases.y.between(south, north)
    return cases.filter(kept)


def _midnight(day: date, zone: ZoneInfo) -> ir.TimestampScalar:
    local = datetime(day.year, day.month, day.day, tzinfo=zone)
    return ibis.literal(local.astimezone(ZoneInfo("UTC")).replace(tzinfo=None))


def pivot(columns: Columns, asked: Asked) -> Pivot:
    """透视: ask of the cases, by rows and columns, by each alone, and of all."""
    cases = narrowed(schema.unbound("cases"), asked)
    r = dimension(cases, asked.rows, asked.zone)
    c = dimension(cases, asked.columns, asked.zone) if asked.columns else ibis.literal("")
    told = cases.mutate(r=r, c=c)
    both = _asked(columns, told, asked, ["r", "c"])
    by_row, by_column, total = _totals(columns, told, asked, both)
    rows, left = _first(by_row, asked.rows, MOST_ROWS)
    across, over = _first(by_column, asked.columns, MOST_COLUMNS)
    return Pivot(
        [key for (key,) in rows],
        [key for (key,) in across],
        {(r, c): value for (r, c), value in both.items()},
        {key: value for (key,), value in by_row.items()},
        {key: value for (key,), value in by_column.items()},
        total,
        (left, over),
    )


Found = dict[tuple[str, ...], float]


def _asked(columns: Columns, cases: ir.Table, asked: Asked, by: list[str]) -> Found:
    """The measure in each group; a median of nothing is left out."""
    if asked.measure == MEDIAN:
        seconds = cases.handled_at.delta(cases.dispatched_at, unit="second")
        value = (seconds.cast("float64") / HOUR).median()
    else:
        value = cases.count()
    answer = columns(cases.group_by(by).agg(value=value) if by else cases.aggregate(value=value))
    keys = [answer[name].to_pylist() for name in by]
    found = zip(*keys, answer["value"].to_pylist(), strict=True)
    return {tuple(key): value for *key, value in found if value is not None}


def _totals(
    columns: Columns, cases: ir.Table, asked: Asked, both: Found
) -> tuple[Found, Found, float]:
    """Counts add up; of medians each total is asked for."""
    if asked.measure == MEDIAN:
        by_row, by_column = (_asked(columns, cases, asked, [one]) for one in "rc")
        return by_row, by_column, next(iter(_asked(columns, cases, asked, []).values()), 0)
    by_row, by_column = {}, {}
    for (row, column), value in both.items():
        by_row[row,] = by_row.get((row,), 0) + value
        by_column[column,] = by_column.get((column,), 0) + value
    return by_row, by_column, sum(both.values())


def _first(found: Found, name: str, most: int) -> tuple[list[tuple[str, ...]], int]:
    """In the order of time, the last ones; else the highest first; and how many do not fit."""
    if name in TIMES:
        order = sorted(found)
        return order[-most:], max(0, len(order) - most)
    order = sorted(found, key=lambda key: (-found[key], key))
    return order[:most], max(0, len(order) - most)


SHOWN = (
    *("number", "category", "channel", "district", "street", "community", "department", "stage"),
    *("reported_at", "filed_at", "dispatched_at", "due_at", "handled_at", "closed_at", "late"),
)


def behind(columns: Columns, asked: Asked, *, most: int) -> tuple[int, list[dict[str, Any]]]:
    """数字后的案卷: how many, and the newest of them."""
    cases = narrowed(schema.unbound("cases"), asked)
    count = int(columns(cases.aggregate(n=cases.count()))["n"][0].as_py())
    newest = [ibis.desc(cases.reported_at), cases.number]
    return count, columns(cases.order_by(newest).limit(most).select(*SHOWN)).to_pylist()
