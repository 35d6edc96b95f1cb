"""表格 spreadsheet: the one writer of xlsx, row by row and in constant memory; no tables.

Text is written as text, so that a description beginning with = is never a formula.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

import xlsxwriter
from django.utils import timezone

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST = 50_000  # rows of one sheet
BATCH = 1000  # rows read at a time; progress is told after each
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_RUN = ("=", "+", "-", "@", "\t", "\r")
Row = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Column:
    """一列: its title and its width in characters."""

    title: str
    width: int = 18


@dataclass(frozen=True, slots=True)
class Sheet:
    """一张表: what it is, which rows by their keys, and how a batch of keys becomes rows.

    `head` stands above the headings; without it they are the first row, as programs read them.
    Keys are read first and rows in short batches, so that nobody who writes waits for a reader.
    """

    title: str
    head: str
    columns: Sequence[Column]
    keys: Sequence[int]
    read: Callable[[Sequence[int]], Iterable[Row]]

    @property
    def total(self) -> int:
        return len(self.keys)


def write(file: IO[bytes], sheet: Sheet, told: Callable[[int], None] = lambda _done: None) -> None:
    """写表 into a binary file; `told` hears how many rows are done."""
    book = xlsxwriter.Workbook(file, _OPTIONS)
    page = book.add_worksheet(sheet.title[:31])
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm", "align": "left"})
    bold = book.add_format({"bold": True})
    top = 1 if sheet.head else 0
    if sheet.head:
        page.write_string(0, 0, sheet.head)
    page.freeze_panes(top + 1, 1)
    for number, column in enumerate(sheet.columns):
        page.set_column(number, number, column.width)
        page.write_string(top, number, column.title, bold)
    at = top + 1
    for start in range(0, sheet.total, BATCH):
        for row in sheet.read(sheet.keys[start : start + BATCH]):
            _write(page, at, row, moment)
            at += 1
        told(at - top - 1)
    page.autofilter(top, 0, max(at - 1, top + 1), len(sheet.columns) - 1)
    book.close()


def _write(page: Any, row: int, cells: Row, moment: Any) -> None:
    for number, value in enumerate(cells):
        if value is None or value == "":
            continue
        if isinstance(value, datetime):
            local = timezone.localtime(value).replace(tzinfo=None)
            page.write_datetime(row, number, local, moment)
        elif isinstance(value, int):
            page.write_number(row, number, value)
        else:
            page.write_string(row, number, neutral(str(value)))


def neutral(text: str) -> str:
    """去公式: what a spreadsheet would run when the cell is edited gets an apostrophe in front."""
    return f"'{text}" if text.startswith(_RUN) else text
