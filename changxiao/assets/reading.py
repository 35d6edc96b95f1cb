"""读表 reading: the rows of a CSV or xlsx file as text, one by one, with their numbers.

Chinese offices write CSV in UTF-8 or GB 18030, and codes in Excel cells that are numbers: a number
of 16 digits comes out in scientific notation here, because Excel has already lost its last digit.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _

_EXACT = 10**15


def rows(file: Path) -> Iterator[tuple[int, list[str]]]:
    """逐行: (row number as the spreadsheet shows it, cells); the first is the heading.

    Raises Refused("table_unreadable") for what is neither.
    """
    if file.suffix.lower() == ".xlsx":
        yield from _xlsx(file)
    elif file.suffix.lower() == ".csv":
        yield from _csv(file)
    else:
        raise _unreadable(file)


def _csv(file: Path) -> Iterator[tuple[int, list[str]]]:
    with file.open(encoding=_encoding(file), newline="") as lines:
        reader = csv.reader(lines)
        try:
            for cells in reader:
                if any(cells):
                    yield reader.line_num, [cell.strip() for cell in cells]
        except csv.Error:
            raise _unreadable(file) from None


def _encoding(file: Path) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            with file.open(encoding=encoding) as lines:
                while lines.read(1 << 20):
                    pass
        except UnicodeDecodeError:
            continue
        return encoding
    raise _unreadable(file)


def _xlsx(file: Path) -> Iterator[tuple[int, list[str]]]:
    from openpyxl import load_workbook

    try:
        book = load_workbook(file, read_only=True, data_only=True)
    except (BadZipFile, KeyError, ValueError, OSError):
        raise _unreadable(file) from None
    try:
        sheet = book.worksheets[0]
        for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
            if any(cell is not None for cell in cells):
                yield number, [_text(cell) for cell in cells]
    finally:
        book.close()


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, (int, float)) and abs(cell) >= _EXACT:
        return f"{cell:.14E}"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _unreadable(file: Path) -> Refused:
    sentence = _("文件“%(name)s”读不出：请用 CSV（UTF-8 或 GB 18030）或 xlsx")
    return Refused("table_unreadable", sentence % {"name": file.name}, field="file")
