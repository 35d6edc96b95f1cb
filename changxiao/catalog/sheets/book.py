"""工作簿: what is written out, with its note, its headings, the values Excel offers, and marks."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import xlsxwriter
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from changxiao.catalog.sheets.grid import opened
from changxiao.catalog.sheets.plan import Column, Fault, said

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEAD, FIRST, SPARE = 1, 2, 500  # rows from 0; spare rows below the data still offer the values
_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_MARK = PatternFill("solid", start_color="FFFFC7CE", end_color="FFFFC7CE")
SIGNED = "长效"


def written(
    title: str, note: str, columns: Sequence[Column], rows: Iterable[Mapping[str, str]]
) -> bytes:
    """写表: one sheet with a filter; text stays text, so that code 0110 keeps its zero."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {**_OPTIONS, "in_memory": True})
    sheet = book.add_worksheet(title)
    head = book.add_format({"bold": True, "bg_color": "#EEF0F3", "border": 1})
    cell = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    sheet.write_string(0, 0, note, book.add_format({"font_color": "#566172"}))
    for at, column in enumerate(columns):
        sheet.set_column(at, at, column.width, cell)
        sheet.write_string(HEAD, at, column.head, head)
    last = HEAD
    for last, row in enumerate(rows, start=FIRST):
        for at, column in enumerate(columns):
            if text := said(row[column.name]):
                sheet.write_string(last, at, text, cell)
    _offer(sheet, columns, last + SPARE)
    sheet.freeze_panes(FIRST, 1)
    sheet.autofilter(HEAD, 0, max(last, FIRST), len(columns) - 1)
    book.close()
    return file.getvalue()


def _offer(sheet: Any, columns: Sequence[Column], last: int) -> None:
    for at, column in enumerate(columns):
        if column.choices:
            rule = {"validate": "list", "source": list(column.choices)}
            sheet.data_validation(FIRST, at, last, at, rule)


def marked(data: bytes, name: str, faults: Iterable[Fault]) -> bytes:
    """标出错误: the same file with each bad cell filled and its remedy as a comment."""
    book = opened(data, name)
    told: dict[tuple[str, str], list[str]] = {}
    for one in faults:
        told.setdefault((one.sheet, one.cell), []).append(one.remedy)
    for (title, address), remedies in told.items():
        sheet = book[title]
        for merged in list(sheet.merged_cells.ranges):
            if address in merged:
                sheet.unmerge_cells(merged.coord)
        sheet[address].fill = _MARK
        sheet[address].comment = Comment("\n".join(remedies), SIGNED, width=320, height=110)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
