"""表格 sheets: small xlsx tables as offices keep them, in and out: merged cells, two date styles.

For tables that a person fills in (a roster, a list of people), not for imports of millions of rows.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import IO, Any
from zipfile import BadZipFile, ZipFile

from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _

MOST_BYTES, MOST_UNPACKED = 2_000_000, 50_000_000
MOST_ROWS, MOST_COLUMNS = 5_000, 60
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# 2026-3-2, 2026/03/02, 2026.3.2, 2026年3月2日; without a year 3月2日, 3/2, 3-2.
_DAY = re.compile(
    r"(?:(?P<year>\d{4})\s*[-/.年]\s*)?(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})\s*[日号]?"
)
_FORMULA = "=+-@\t\r"


def read(file: IO[bytes]) -> list[list[str]]:
    """读表: the first sheet as rows of plain text, a merged cell's words in every cell it covers,
    dates as ISO. Refused `table_unreadable`, `file_long`.
    """
    from openpyxl import load_workbook

    data = file.read(MOST_BYTES + 1)
    _check_size(data)
    try:
        sheet = load_workbook(io.BytesIO(data), data_only=True).worksheets[0]
    except (BadZipFile, KeyError, ValueError, OSError, IndexError, TypeError):
        raise _unreadable() from None
    if sheet.max_row > MOST_ROWS or sheet.max_column > MOST_COLUMNS:
        raise _long()
    rows = [[_text(cell) for cell in line] for line in sheet.iter_rows(values_only=True)]
    for area in sheet.merged_cells.ranges:
        _spread(rows, area)
    while rows and not any(rows[-1]):
        rows.pop()
    return rows


def _check_size(data: bytes) -> None:
    if len(data) > MOST_BYTES:
        raise _long()
    try:
        unpacked = sum(entry.file_size for entry in ZipFile(io.BytesIO(data)).infolist())
    except BadZipFile:
        raise _unreadable() from None
    if unpacked > MOST_UNPACKED:
        raise _long()


def _spread(rows: list[list[str]], area: Any) -> None:
    told = rows[area.min_row - 1][area.min_col - 1]
    for line in rows[area.min_row - 1 : area.max_row]:
        line[area.min_col - 1 : area.max_col] = [told] * (area.max_col - area.min_col + 1)


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if not cell.time() else cell.isoformat(" ", "minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def read_day(text: str, year: int | None = None) -> date:
    """读日期: in any of the styles that offices write; `year` where none is written.

    Refused `day_unreadable` for 31 February and for what is no date at all.
    """
    told = unicodedata.normalize("NFKC", text).strip()
    found = _DAY.match(told)
    try:
        if found is None or (found["year"] is None and year is None):
            raise ValueError
        return date(int(found["year"] or year or 0), int(found["month"]), int(found["day"]))
    except ValueError:
        message = _("日期“%(text)s”不存在或无法识别：请写成 2026-03-02 或 2026年3月2日")
        raise Refused("day_unreadable", message % {"text": told[:40]}, field="day") from None


def write(title: str, rows: Iterable[Sequence[str]], widths: Sequence[int]) -> IO[bytes]:
    """写表: the first row in bold, everything as text, so that nothing becomes a formula."""
    import xlsxwriter

    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(file, options)
    sheet = book.add_worksheet(title[:31])
    wrap, bold = book.add_format({"text_wrap": True, "valign": "top"}), {"bold": True}
    head = book.add_format(bold)
    for number, width in enumerate(widths):
        sheet.set_column(number, number, width)
    for row, cells in enumerate(rows):
        for column, told in enumerate(cells):
            sheet.write_string(row, column, neutral(told), head if row == 0 else wrap)
    sheet.freeze_panes(1, 1)
    book.close()
    file.seek(0)
    return file


def neutral(text: str) -> str:
    """去公式: what a spreadsheet would run when the cell is edited gets an apostrophe in front."""
    return f"'{text}" if text[:1] and text[0] in _FORMULA else text


def column(number: int) -> str:
    """列名: 0 is A, 26 is AA."""
    name = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


def _unreadable() -> Refused:
    return Refused("table_unreadable", _("文件读不出：请用 xlsx 格式另存后再上传"), field="file")


def _long() -> Refused:
    values = {"rows": MOST_ROWS, "columns": MOST_COLUMNS}
    message = _("表格太大：最多 %(rows)d 行、%(columns)d 列、2 MB，请分开上传") % values
    return Refused("file_long", message, field="file")
