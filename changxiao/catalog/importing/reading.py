"""读表: the two layouts in which cities publish their standards, from CSV or xlsx, as plain rows.

The one has English column names and official units; the other Chinese ones and bare 天 and 小时.
A header tells which it is. Row numbers count as a spreadsheet does: the header is row 1.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from changxiao.kernel.refused import Refused

COLUMNS = ("kind", "category", "code", "name", "condition", "limit", "closing", "units", "capture")
_PARTS = {
    "kind": "kind",
    "category": "l1_code",
    "code": "l2_code",
    "name": "l2",
    "condition": "accept_condition",
    "limit": "time_limit",
    "closing": "close_condition",
    "units": "responsible",
    "capture": "capture_rule",
}
_TEMPLATE = {
    "kind": "类型",
    "category": "大类代码",
    "code": "小类代码",
    "name": "小类名称",
    "condition": "立案条件",
    "limit": "处置时限",
    "closing": "结案条件",
    "units": "处置单位",
}
LAYOUTS: tuple[Mapping[str, str], ...] = (_PARTS, _TEMPLATE)
MOST_ROWS = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardRow:
    """标准行: one line of a table, `number` as in the file, `heads` its own column names."""

    number: int
    kind: str
    category: str
    code: str
    name: str
    condition: str
    limit: str
    closing: str
    units: str
    capture: str
    heads: Mapping[str, str]


def read(path: Path) -> list[StandardRow]:
    """读表: every row of a CSV (UTF-8 or GB 18030) or xlsx file.

    Refused `file_unreadable`, `layout_unknown` (names the columns that are missing), `file_long`.
    """
    lines = _xlsx(path) if path.suffix.lower() == ".xlsx" else _csv(path)
    try:
        header = [plain(cell) for cell in next(lines)]
    except StopIteration:
        raise _unreadable(path, _("文件是空的")) from None
    heads = _layout(header)
    places = {column: header.index(head) for column, head in heads.items()}
    rows = [_row(n, cells, places, heads) for n, cells in enumerate(lines, 2) if any(cells)]
    if len(rows) > MOST_ROWS:
        raise Refused("file_long", _("标准表超过 %(most)d 行，请分开导入") % {"most": MOST_ROWS})
    return rows


def plain(text: str) -> str:
    """整理文字: full-width digits and brackets made plain, blanks and line breaks closed up."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip()


def _row(
    number: int, cells: Sequence[str], places: Mapping[str, int], heads: Mapping[str, str]
) -> StandardRow:
    def cell(column: str) -> str:
        place = places.get(column)
        return cells[place].strip() if place is not None and place < len(cells) else ""

    return StandardRow(number=number, heads=heads, **{name: cell(name) for name in COLUMNS})


def _layout(header: Sequence[str]) -> Mapping[str, str]:
    for heads in LAYOUTS:
        if set(heads.values()) <= set(header):
            return heads
    nearest = min(LAYOUTS, key=lambda heads: len(set(heads.values()) - set(header)))
    missing = [head for head in nearest.values() if head not in header]
    message = _("标准表缺少列 %(columns)s：请补上这些列名") % {"columns": "、".join(missing)}
    raise Refused("layout_unknown", message, field="file")


def _csv(path: Path) -> Iterator[list[str]]:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise _unreadable(path, str(error.strerror)) from None
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return csv.reader(io.StringIO(text, newline=""))
    raise _unreadable(path, _("不是 UTF-8 或 GB 18030 文字"))


def _xlsx(path: Path) -> Iterator[list[str]]:
    from zipfile import BadZipFile

    from openpyxl import load_workbook

    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (OSError, BadZipFile, KeyError, ValueError) as error:
        raise _unreadable(path, str(error)) from None
    try:
        lines = [
            ["" if value is None else str(value) for value in line]
            for line in book.worksheets[0].iter_rows(values_only=True)
        ]
    finally:
        book.close()
    return iter(lines)


def _unreadable(path: Path, why: str) -> Refused:
    message = _("文件“%(name)s”无法读取：%(why)s") % {"name": path.name, "why": why}
    return Refused("file_unreadable", message, field="file")
