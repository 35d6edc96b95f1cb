"""透视表的样子: names, numbers as people read them, and the address behind each."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from django.http import QueryDict
from django.utils.translation import gettext as _

from changxiao.evaluation.analysis.forms import MEASURE_WORDS
from changxiao.evaluation.naming import KINDS, names_of
from changxiao.evaluation.outlook.pivot import MEDIAN, NONE, TIMES, Asked, Pivot

CHARTED = 30


@dataclass(frozen=True, slots=True)
class Line:
    """一行: its code and name, its cells as (words, address) in the order of the columns, its
    total."""

    code: str
    name: str
    cells: list[tuple[str, str]]
    total: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Shown:
    """透视表, as a page shows it."""

    title: str
    heads: list[tuple[str, str]]
    lines: list[Line]
    totals: list[tuple[str, str]]
    total: tuple[str, str]
    left: tuple[int, int]
    chart: Mapping[str, Any]


def number(value: float | None, measure: str) -> str:
    """数: whole, or hours with one decimal; empty where there is none."""
    if value is None:
        return ""
    return f"{value:.1f}" if measure == MEDIAN else f"{int(value)}"


class _Addresses:
    """Addresses of the cases behind: the same question, narrowed to a row and a column."""

    def __init__(self, query: QueryDict, asked: Asked) -> None:
        self.query, self.asked = query, asked

    def of(self, row: str | None = None, column: str | None = None) -> str:
        query = self.query.copy()
        for name in ("rows", "columns", "page"):
            query.pop(name, None)
        query["measure"] = self.asked.measure
        for name, code in ((self.asked.rows, row), (self.asked.columns, column)):
            if name and code is not None:
                query[name] = code or NONE
        return query.urlencode()


def shown(found: Pivot, asked: Asked, query: QueryDict) -> Shown:
    """透视表 with names and addresses."""
    rows = names_of(asked.rows, found.rows)
    across = names_of(asked.columns, found.columns) if asked.columns else {"": ""}
    to, measure = _Addresses(query, asked), asked.measure

    def cell(value: float | None, *where: str | None) -> tuple[str, str]:
        return number(value, measure), to.of(*where)

    columns = found.columns if asked.columns else []
    lines = [
        Line(
            code,
            rows[code],
            [cell(found.cells.get((code, one)), code, one) for one in columns],
            cell(found.row_totals[code], code),
        )
        for code in found.rows
    ]
    return Shown(
        str(KINDS[asked.rows]),
        [(one, across[one]) for one in columns],
        lines,
        [cell(found.column_totals[one], None, one) for one in columns],
        cell(found.total),
        found.left,
        _chart(found, asked, rows),
    )


def _chart(found: Pivot, asked: Asked, names: Mapping[str, str]) -> dict[str, Any]:
    keys = found.rows[-CHARTED:] if asked.rows in TIMES else found.rows[:CHARTED]
    values = [round(found.row_totals[key], 1) for key in keys]
    upright = asked.rows in TIMES
    return {"names": [names[key] for key in keys], "values": values, "upright": upright}


def headings(table: Shown, asked: Asked) -> list[str]:
    """下载的列名."""
    total = str(MEASURE_WORDS[asked.measure])
    return [f"{table.title}{_('代码')}", table.title, total, *(name for _c, name in table.heads)]


def lines(table: Shown) -> list[list[str]]:
    """下载的行: exactly what is shown, the totals last."""
    rows = [
        [one.code, one.name, one.total[0], *(words for words, _to in one.cells)]
        for one in table.lines
    ]
    return [*rows, ["", str(_("合计")), table.total[0], *(words for words, _to in table.totals)]]


def as_parquet(table: Shown, asked: Asked) -> bytes:
    """Parquet: the same table; codes and names text, counts whole, hours with a decimal."""
    kind = pa.float64() if asked.measure == MEDIAN else pa.int64()
    names = headings(table, asked)
    columns = list(zip(*lines(table), strict=True))
    arrays = [pa.array(column, pa.string()) for column in columns[:2]]
    for column in columns[2:]:
        values = [float(one) if one else None for one in column]
        arrays.append(pa.array(values, pa.float64()).cast(kind))
    file = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(arrays, names=_apart(names)), file, compression="zstd")
    return file.getvalue()


def _apart(names: list[str]) -> list[str]:
    """Two streets may be called alike; columns may not."""
    seen: dict[str, int] = {}
    found = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        found.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return found
