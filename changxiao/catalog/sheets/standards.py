"""城市标准表: a published 立案标准 table (`importing`) by the same road: preview, faults, confirm.

The import itself is done and taken back, so what is previewed is what it does. Its rows become
criteria of a series of their own; a row that cannot be read is named by its cell, and only a person
may decide to go on without it.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from changxiao.catalog import said as words
from changxiao.catalog.importing import import_standards
from changxiao.catalog.importing.reading import LAYOUTS, plain
from changxiao.catalog.importing.report import Report
from changxiao.catalog.sheets.grid import text
from changxiao.catalog.sheets.plan import ADD, CHANGE, Fault, Plan, Planned
from changxiao.kernel.act import Act
from changxiao.kernel.transactions import writing
from changxiao.ledger.history import differences
from changxiao.ledger.models import Entry

Tick = Callable[[int], None]


def fits(book: Workbook) -> bool:
    """是否城市标准表: its first row holds all columns of a known layout."""
    heads = {plain(text(cell.value)) for cell in book.worksheets[0][1]}
    return any(set(layout.values()) <= heads for layout in LAYOUTS)


def rehearsed(book: Workbook, name: str, act: Act) -> Plan:
    """预演: what the import would do; all of it is taken back."""
    found: list[Plan] = []
    try:
        with writing():
            found.append(done(book, name, act))
            raise _TakenBack
    except _TakenBack:
        return found[0]


class _TakenBack(Exception):  # noqa: N818 - not a fault: how a rehearsal leaves its transaction
    pass


def done(book: Workbook, name: str, act: Act, tick: Tick = lambda _done: None) -> Plan:
    """导入, in the caller's transaction; the plan is read off the entries that it left."""
    last = Entry.objects.order_by("-id").values_list("id", flat=True).first() or 0
    report = _imported(book, name, act, tick)
    entries = Entry.objects.filter(id__gt=last, actor=act.actor, stream__startswith="criterion:")
    sheet = book.worksheets[0]
    letters = {plain(text(cell.value)): cell.column_letter for cell in sheet[1]}
    return Plan(
        sheet.title,
        rows=report.rows,
        unchanged=report.repeated,
        edits=[_planned(one) for one in entries.order_by("id")],
        faults=[
            Fault(sheet.title, f"{letters[one.column]}{one.row}", one.value, one.reason)
            for one in report.refused
        ],
    )


def _imported(book: Workbook, name: str, act: Act, tick: Tick) -> Report:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{Path(name).stem[:80] or 'table'}.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            rows = book.worksheets[0].iter_rows(values_only=True)
            csv.writer(file).writerows([text(cell) for cell in row] for row in rows)
        return import_standards(path, act=act, tick=tick)


def _planned(entry: Entry) -> Planned:
    body: dict[str, Any] = entry.data
    after = {field.name: body[field.name] for field in words.CRITERION if field.name in body}
    return Planned(
        line=0,
        kind=CHANGE if body["was"] else ADD,
        key=entry.stream.partition(":")[2],
        title=f"{words.subject(after['subcategory'])}：{after['condition']}",
        before=body["was"],
        after=after,
        changes=differences(words.CRITERION, body["was"], after),
        do=lambda _act: None,
    )
