"""网格 grid: an uploaded table as plain rows of text, each cell with its address in the file.

Excel is met as it comes: numbers and dates of either style, full-width digits, headings in another
order, blank lines, merged cells (named, not guessed), and files that are no tables at all.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter

from changxiao.catalog.sheets.plan import Column, Fault, nearest, said
from changxiao.kernel.refused import Refused

MOST_BYTES = 8 * 2**20
MOST_UNPACKED = 80 * 2**20
MOST_ROWS = 20_000
HEAD_WITHIN = 10


@dataclass(frozen=True, slots=True)
class Line:
    """一行: its number as Excel counts, and its cells by column name ("" where empty)."""

    number: int
    cells: dict[str, str]

    def __getitem__(self, name: str) -> str:
        return self.cells.get(name, "")


@dataclass(slots=True)
class Grid:
    """网格: the rows below the headings; `letters` says in which column of the file each stands."""

    sheet: str
    letters: dict[str, str]
    lines: list[Line] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def fault(self, line: Line, name: str, remedy: str) -> None:
        """记一处错误."""
        cell = f"{self.letters[name]}{line.number}"
        self.faults.append(Fault(self.sheet, cell, line[name], remedy))


def opened(data: bytes, name: str) -> Workbook:
    """打开: an xlsx, or a CSV (UTF-8 or GB 18030) as a workbook. Refused `file_unreadable`."""
    if len(data) > MOST_BYTES:
        raise _unreadable(name, _("超过 8 MB，请拆成几个文件"))
    if not data.startswith(b"PK"):
        return _of_csv(data, name)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(one.file_size for one in packed.infolist()) > MOST_UNPACKED:
                raise _unreadable(name, _("展开后过大，请拆成几个文件"))
        return load_workbook(io.BytesIO(data), data_only=True)
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError) as error:
        raise _unreadable(name, _("不是完好的 xlsx 文件")) from error


def _of_csv(data: bytes, name: str) -> Workbook:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
            rows = list(csv.reader(io.StringIO(text, newline="")))
        except (UnicodeDecodeError, csv.Error):
            continue
        book = Workbook()
        for row in rows[: MOST_ROWS + 1]:
            book.active.append([one if one.isprintable() else said(one) for one in row])
        if rows:
            return book
    raise _unreadable(name, _("请上传 xlsx，或 UTF-8、GB 18030 的 CSV"))


def _unreadable(name: str, why: str) -> Refused:
    message = _("文件“%(name)s”无法读取：%(why)s") % {"name": name, "why": why}
    return Refused("file_unreadable", message, field="file")


def grid_of(book: Workbook, columns: Sequence[Column]) -> Grid:
    """读网格: from the sheet whose headings fit best. Refused `layout_unknown`, `file_long`."""
    found = max((_headed(sheet, columns) for sheet in book.worksheets), key=lambda one: len(one[2]))
    sheet, row, places = found
    missing = [one.head for one in columns if one.name not in places]
    if missing:
        heads = [text(cell.value) for cell in sheet[row]] if sheet.max_row else []
        offers = "、".join(f"{head}{nearest(head, filter(None, heads))}" for head in missing)
        message = _("表中缺少列：%(columns)s。请用导出的表来改，不要删列或改列名")
        raise Refused("layout_unknown", message % {"columns": offers}, field="file")
    if sheet.max_row - row > MOST_ROWS:
        raise Refused("file_long", _("表超过 %(most)d 行，请分开上传") % {"most": MOST_ROWS})
    grid = Grid(sheet.title, {name: get_column_letter(at + 1) for name, at in places.items()})
    for number, values in enumerate(
        sheet.iter_rows(min_row=row + 1, values_only=True), start=row + 1
    ):
        cells = {name: text(values[at]) for name, at in places.items() if at < len(values)}
        if any(cells.values()):
            grid.lines.append(Line(number, cells))
    grid.faults += _merged(sheet, row, set(grid.letters.values()))
    return grid


def _headed(sheet: Any, columns: Sequence[Column]) -> tuple[Any, int, dict[str, int]]:
    best: tuple[Any, int, dict[str, int]] = (sheet, 1, {})
    heads = {one.head: one.name for one in columns}
    rows = sheet.iter_rows(max_row=HEAD_WITHIN, values_only=True)
    for number, values in enumerate(rows, start=1):
        told = [text(value) for value in values]
        places = {heads[one]: at for at, one in enumerate(told) if one in heads}
        if len(places) > len(best[2]):
            best = (sheet, number, places)
    return best


def _merged(sheet: Any, head: int, letters: set[str]) -> Iterator[Fault]:
    for merged in sheet.merged_cells.ranges:
        first = sheet.cell(merged.min_row, merged.min_col)
        inside = {get_column_letter(n) for n in range(merged.min_col, merged.max_col + 1)}
        if merged.max_row > head and inside & letters:
            remedy = _("合并了 %(range)s，看不出其余各格是什么：请取消合并，逐格填写")
            value, told = text(first.value), {"range": merged.coord}
            yield Fault(sheet.title, first.coordinate, value, remedy % told)


def text(value: object) -> str:
    """单元格的文字: 4.0 is 4, a date is 2026-03-01."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return f"{Decimal(repr(value)).normalize():f}"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return said(_ESCAPED.sub(lambda found: chr(int(found[1], 16)), str(value)))


# Excel's way of writing what XML cannot hold, and of writing this very pattern (_x005F_).
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
