"""`changxiao deadline --batch`: a CSV file of starts and limits, worked out in columns.

Input columns come first and unchanged, then `due`. A bad row keeps its place with an empty `due`
and is told on stderr with row, column, value and remedy.
"""

from __future__ import annotations

import csv
import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click
import numpy as np
from numpy.typing import NDArray

from changxiao.cli.deadline import WORKING, naive_note
from changxiao.cli.table import check_width, read_table
from changxiao.kernel.city import City
from changxiao.kernel.limits import Limit, TimeUnit, parse_amount, parse_unit
from changxiao.kernel.moment import has_offset, read_moment
from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _
from changxiao.kernel.worktime import WorkCalendar
from changxiao.kernel.worktime_line import epoch
from changxiao.kernel.worktime_words import provisional_words

COLUMNS = ("start", "amount", "unit")


@dataclass(slots=True)
class _Column:
    """The rows of one unit, side by side."""

    rows: list[int] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    amounts: list[float] = field(default_factory=list)


@dataclass(slots=True)
class _Sheet:
    """The file while it is worked on: rows as read, due times as found, what went wrong."""

    header: list[str]
    rows: list[list[str]]
    lines: list[int]
    due: list[str]
    bad: dict[int, Refused] = field(default_factory=dict)
    naive: bool = False
    years: set[int] = field(default_factory=set)


def run(path: Path, place: City, calendar: WorkCalendar, *, as_json: bool) -> int:
    """批量计算: prints the result, returns how many rows were bad."""
    sheet = _read(path)
    zone = ZoneInfo(place.tz)
    for unit, column in _columns(sheet, zone).items():
        try:
            due = calendar.due_many(column.starts, column.amounts, unit)
        except Refused:
            due = _one_by_one(sheet, column, calendar, unit)
        if unit in WORKING and column.rows:
            sheet.years.update(_years(column.starts, due, calendar, zone))
        for row, moment in zip(column.rows, due.tolist(), strict=True):
            sheet.due[row] = datetime.fromtimestamp(moment, zone).isoformat()
    _print(sheet, as_json=as_json)
    _tell(sheet, place)
    return len(sheet.bad)


def _read(path: Path) -> _Sheet:
    table = read_table(path, COLUMNS)
    return _Sheet(
        header=table.header, rows=table.rows, lines=table.lines, due=[""] * len(table.rows)
    )


def _columns(sheet: _Sheet, zone: ZoneInfo) -> dict[TimeUnit, _Column]:
    at = [[name.strip() for name in sheet.header].index(name) for name in COLUMNS]
    width = len(sheet.header)
    found: dict[TimeUnit, _Column] = defaultdict(_Column)
    for number, row in enumerate(sheet.rows):
        padded = row + [""] * (width - len(row))
        start, amount, unit = (padded[place] for place in at)
        try:
            check_width(row, width)
            begin = epoch(read_moment(start, zone=zone))
            limit = Limit(parse_amount(amount), parse_unit(unit))
        except Refused as no:
            sheet.bad[number] = no
            continue
        sheet.naive = sheet.naive or not has_offset(start)
        column = found[limit.unit]
        column.rows.append(number)
        column.starts.append(begin)
        column.amounts.append(float(limit.amount))
    return found


def _one_by_one(
    sheet: _Sheet, column: _Column, calendar: WorkCalendar, unit: TimeUnit
) -> NDArray[np.int64]:
    """One row too far away refuses the whole column: find it and keep the others."""
    kept = _Column()
    due: list[int] = []
    for row, start, amount in zip(column.rows, column.starts, column.amounts, strict=True):
        try:
            due.extend(calendar.due_many([start], [amount], unit).tolist())
        except Refused as no:
            sheet.bad[row] = no
            continue
        kept.rows.append(row)
        kept.starts.append(start)
    column.rows, column.starts = kept.rows, kept.starts
    return np.array(due, dtype=np.int64)


def _years(
    starts: list[int], due: NDArray[np.int64], calendar: WorkCalendar, zone: ZoneInfo
) -> Iterator[int]:
    """Provisional years that a deadline of the column rests on."""
    first = datetime.fromtimestamp(min(starts), zone).year
    last = datetime.fromtimestamp(int(due.max()), zone).year
    begins = np.asarray(starts, dtype=np.int64)
    for year in filter(calendar.provisional, range(first, last + 1)):
        opens, closes = (int(datetime(y, 1, 1, tzinfo=zone).timestamp()) for y in (year, year + 1))
        if ((begins < closes) & (due >= opens)).any():
            yield year


def _print(sheet: _Sheet, *, as_json: bool) -> None:
    if as_json:
        names = [*(name.strip() for name in sheet.header), "due", "error"]
        codes = (sheet.bad[n].code if n in sheet.bad else "" for n in range(len(sheet.rows)))
        rows = [
            dict(zip(names, [*row, due, code], strict=True))
            for (row, due), code in zip(_padded(sheet), codes, strict=True)
        ]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow([*sheet.header, "due"])
    writer.writerows([*row, due] for row, due in _padded(sheet))


def _padded(sheet: _Sheet) -> Iterator[tuple[list[str], str]]:
    width = len(sheet.header)
    for row, due in zip(sheet.rows, sheet.due, strict=True):
        yield (row + [""] * (width - len(row)))[:width], due


def _tell(sheet: _Sheet, place: City) -> None:
    if sheet.naive:
        click.echo(naive_note(place), err=True)
    for year in sorted(sheet.years):
        click.echo(provisional_words(year), err=True)
    for number, no in sorted(sheet.bad.items()):
        told = {"row": sheet.lines[number], "column": no.field, "why": no.sentence}
        click.echo(_("第 %(row)s 行 %(column)s 列：%(why)s") % told, err=True)
    if sheet.bad:
        told = {"bad": len(sheet.bad), "rows": len(sheet.rows)}
        click.echo(_("%(rows)s 行中有 %(bad)s 行无法计算，due 留空。") % told, err=True)
