"""CSV 表 table: a file of rows (.gz too) for commands, with the line numbers of its rows."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _


@dataclass(frozen=True, slots=True)
class Table:
    """表: the header as written, the rows that are not empty, and where they stand in the file."""

    header: list[str]
    rows: list[list[str]]
    lines: list[int]

    @property
    def names(self) -> list[str]:
        return [name.strip() for name in self.header]

    def padded(self) -> Iterator[list[str]]:
        """补齐: each row as wide as the header."""
        width = len(self.header)
        for row in self.rows:
            yield (row + [""] * (width - len(row)))[:width]


def read_table(path: Path, needed: Sequence[str]) -> Table:
    """读表. Refused `column_missing`, `csv_unreadable` or `encoding_unreadable`."""
    rows, lines = read_rows(path)
    table = Table(rows[0] if rows else [], rows[1:], lines[1:])
    missing = [name for name in needed if name not in table.names]
    if missing:
        told = {"file": path.name, "missing": "、".join(missing), "needed": ",".join(needed)}
        sentence = _("文件 %(file)s 缺少列 %(missing)s：第一行须有 %(needed)s。") % told
        raise Refused("column_missing", sentence, field=missing[0])
    return table


def check_width(row: list[str], width: int) -> None:
    """列数. Refused `columns_too_many` where a row is wider than the header."""
    if len(row) > width:
        told = {"count": len(row), "width": width}
        sentence = _("有 %(count)s 列，表头只有 %(width)s 列：含逗号的内容请加引号。") % told
        raise Refused("columns_too_many", sentence, field=str(width + 1))


def read_rows(path: Path) -> tuple[list[list[str]], list[int]]:
    """读各行 that are not empty, and where they stand. Refused `csv_unreadable`,
    `encoding_unreadable`, `gzip_broken`."""
    rows: list[list[str]] = []
    lines: list[int] = []
    reader = csv.reader(io.StringIO(_text(path), newline=""))
    try:
        for row in reader:
            if row:
                rows.append(row)
                lines.append(reader.line_num)
    except csv.Error as wrong:
        told = {"file": path.name, "line": reader.line_num, "why": wrong}
        sentence = _("文件 %(file)s 第 %(line)s 行不是 CSV（%(why)s）：请改正该行。") % told
        raise Refused("csv_unreadable", sentence, field="batch") from None
    return rows, lines


def _text(path: Path) -> str:
    data = _unpacked(path)
    for encoding in ("utf-8-sig", "gb18030"):  # spreadsheets on Chinese Windows save the second
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    told = {"file": path.name}
    sentence = _("文件 %(file)s 不是 UTF-8 编码：请另存为 UTF-8 的 CSV。") % told
    raise Refused("encoding_unreadable", sentence, field="batch")


def _unpacked(path: Path) -> bytes:
    data = path.read_bytes()
    if not data.startswith(b"\x1f\x8b"):
        return data
    try:
        return gzip.decompress(data)
    except (OSError, EOFError, zlib.error):
        sentence = _("文件 %(file)s 的压缩内容不完整，请重新取得该文件。") % {"file": path.name}
        raise Refused("gzip_broken", sentence, field="batch") from None
