"""读工单表 reading: a sheet as offices send it, as rows of plain text. Pure.

xlsx, CSV (UTF-8 or GB 18030), and the HTML table that many systems hand out under the name .xls. A
merged title above the headings is passed over; dates come as Excel's own, as serial numbers, or as
text in any of the usual styles.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from html.parser import HTMLParser
from typing import Any
from zipfile import BadZipFile, ZipFile
from zoneinfo import ZoneInfo

from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _

MOST_BYTES = 20 * 2**20
MOST_UNPACKED = 200 * 2**20
MOST_ROWS = 20_000
MOST_COLUMNS = 100
MOST_CELL = 4000
HEAD_WITHIN = 10
_OLD_XLS = bytes.fromhex("D0CF11E0A1B11AE1")
_HTML = re.compile(rb"<\s*(html|table|!doctype|meta|body)", re.IGNORECASE)
_EPOCH = datetime(1899, 12, 30)
_SERIALS = (20_000.0, 80_000.0)  # 1954 to 2119: other numbers are no date
_DAY = r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?"
_TIME = (
    r"(上午|下午|晚上|早上|中午|AM|PM)?\s*(\d{1,2})\s*[:时点]\s*"
    r"(?:(\d{1,2})\s*[:分]?\s*(?:(\d{1,2})(?:\.\d+)?\s*秒?)?)?"
)
_MOMENT = re.compile(
    rf"{_DAY}(?:\s*T?\s*(?:(?:星期|周)[一二三四五六日天])?\s*{_TIME})?\s*", re.IGNORECASE
)
_CLOSE = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?")
Cells = list[str]


def table(data: bytes, name: str) -> Iterator[tuple[int, Cells]]:
    """逐行: the row's number as the file counts, and its cells as text; empty rows are left out.

    Refused `table_unreadable` says what kind of file it was, `file_long`.
    """
    if len(data) > MOST_BYTES:
        raise _long()
    if data.startswith(b"PK"):
        rows = _xlsx(data, name)
    elif data.startswith(_OLD_XLS):
        raise _unreadable(name, _("是 Excel 97-2003 的 xls：请在 Excel 中另存为 xlsx 再上传"))
    elif _HTML.search(data[:2048]) or _HTML.search(data[:2048].replace(b"\x00", b"")):
        rows = _html(data, name)
    else:
        rows = _csv(data, name)
    for number, cells in rows:
        if number > MOST_ROWS + HEAD_WITHIN:
            raise _long()
        if any(cells):
            yield number, cells[:MOST_COLUMNS]


def _xlsx(data: bytes, name: str) -> Iterator[tuple[int, Cells]]:
    from openpyxl import load_workbook

    try:
        with ZipFile(io.BytesIO(data)) as packed:
            if sum(one.file_size for one in packed.infolist()) > MOST_UNPACKED:
                raise _long()
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = next(one for one in book.worksheets if one.sheet_state == "visible")
    except Refused:
        raise
    except (BadZipFile, KeyError, ValueError, OSError, TypeError, AttributeError, StopIteration):
        raise _unreadable(name, _("不是完好的 xlsx 文件：请另存一次再上传")) from None
    try:
        sheet.reset_dimensions()  # what the file says of its own size is often wrong
        for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
            yield number, [text(cell) for cell in cells]
    except (BadZipFile, KeyError, ValueError, OSError, TypeError, AttributeError, IndexError):
        raise _unreadable(name, _("不是完好的 xlsx 文件：请另存一次再上传")) from None
    finally:
        book.close()


def _decoded(data: bytes, name: str) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: Sequence[str] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _unreadable(name, _("请上传 xlsx，或 UTF-8、GB 18030 的 CSV"))


def _csv(data: bytes, name: str) -> Iterator[tuple[int, Cells]]:
    told = _decoded(data, name)
    if "\x00" in told:
        raise _unreadable(name, _("请上传 xlsx，或 UTF-8、GB 18030 的 CSV"))
    first = told[:4096].partition("\n")[0]
    between = "\t" if first.count("\t") > first.count(",") else ","
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(told), delimiter=between), start=1):
            yield number, [text(cell) for cell in cells]
    except csv.Error:
        raise _unreadable(name, _("引号没有成对，请用 xlsx 另存再上传")) from None


class _Table(HTMLParser):
    """The rows of the largest table; a cell over several columns or rows stands in its first."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[Cells]] = []
        self._open: list[str] | None = None
        self._span = 1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.tables.append([])
        elif tag == "tr" and self.tables:
            self.tables[-1].append([])
        elif tag in {"td", "th"} and self.tables and self.tables[-1]:
            self._close()
            self._open = []
            told = dict(attrs).get("colspan") or "1"
            self._span = min(int(told), MOST_COLUMNS) if told.isdecimal() else 1
        elif tag == "br" and self._open is not None:
            self._open.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th", "tr"}:
            self._close()

    def handle_data(self, data: str) -> None:
        if self._open is not None:
            self._open.append(data)

    def _close(self) -> None:
        if self._open is not None:
            row = self.tables[-1][-1]
            row.append(text("".join(self._open)))
            row.extend([""] * (self._span - 1))
        self._open = None


def _html(data: bytes, name: str) -> Iterator[tuple[int, Cells]]:
    found = _Table()
    found.feed(_decoded(data, name))
    found.close()
    rows = max(found.tables, key=len, default=[])
    if not rows:
        raise _unreadable(name, _("是网页但其中没有表格：请用 Excel 打开后另存为 xlsx"))
    yield from enumerate(rows, start=1)


def text(value: Any) -> str:
    """单元格文字: a date as ISO, a whole number without its point, nothing that is unseen."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return _UNSEEN.sub("", str(value)).replace("\r\n", "\n").strip().removeprefix("'")[:MOST_CELL]


_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\ufeff\ufffe\uffff\ud800-\udfff]"
)


def heading(cell: str) -> str:
    """列名, as names are compared: full-width made plain, blanks, line ends and marks gone."""
    told = unicodedata.normalize("NFKC", cell)
    return re.sub(r"[\s*:：（）()【】\[\]]+", "", told)


def find_head(rows: Iterable[tuple[int, Cells]], known: Collection[str]) -> int:
    """表头行 among the first rows: the one with most known names; 0 where none has two of them.

    A merged title, a note or a row of examples has none.
    """
    best, most = 0, 1
    for number, cells in rows:
        hits = len({heading(cell) for cell in cells} & set(known))
        if hits > most:
            best, most = number, hits
    return best


def plain(cell: str) -> str:
    """半角: full-width digits and letters made plain."""
    return unicodedata.normalize("NFKC", cell).strip()


def moment(cell: str, zone: ZoneInfo, *, end_of_day: bool = False) -> datetime | None:
    """时间 in any of the usual styles, aware; a bare day begins, or ends where it is a limit.

    None for what is no time.
    """
    told = plain(cell)
    try:
        found = _serial(told) or _written(told, end_of_day) or _closed_up(told, end_of_day)
    except (ValueError, OverflowError):
        return None
    if found is not None and end_of_day and found.time() == time(0) and _serial(told):
        found = found.replace(hour=23, minute=59, second=59)
    return found.replace(tzinfo=zone) if found else None


def _serial(told: str) -> datetime | None:
    try:
        days = float(told)
    except ValueError:
        return None
    if not _SERIALS[0] <= days <= _SERIALS[1]:
        return None
    return _EPOCH + timedelta(seconds=round(days * 86_400))


def _written(told: str, end_of_day: bool) -> datetime | None:
    found = _MOMENT.fullmatch(told)
    if found is None:
        return None
    day = date(int(found[1]), int(found[2]), int(found[3]))
    if found[5] is None:
        return datetime.combine(day, time(23, 59, 59) if end_of_day else time(0))
    hour = int(found[5])
    if (found[4] or "").upper() in {"下午", "晚上", "PM"} and hour < 12:
        hour += 12
    return datetime.combine(day, time(hour, int(found[6] or 0), int(found[7] or 0)))


def _closed_up(told: str, end_of_day: bool) -> datetime | None:
    found = _CLOSE.fullmatch(told)
    if found is None:
        return None
    day = date(int(found[1]), int(found[2]), int(found[3]))
    if found[4] is None:
        return datetime.combine(day, time(23, 59, 59) if end_of_day else time(0))
    return datetime.combine(day, time(int(found[4]), int(found[5]), int(found[6] or 0)))


def spoiled(number: str) -> bool:
    """编号已损坏: Excel made a long number into 2.02611E+13, and its last digits are lost."""
    return bool(re.fullmatch(r"\d(\.\d+)?[eE]\+?\d+", plain(number)))


def _unreadable(name: str, why: str) -> Refused:
    message = _("文件“%(name)s”无法读取：%(why)s") % {"name": name[:80], "why": why}
    return Refused("table_unreadable", message, field="file")


def _long() -> Refused:
    values = {"rows": MOST_ROWS, "megabytes": MOST_BYTES // 2**20}
    message = _("表格太大：最多 %(rows)d 行、%(megabytes)d MB，请分开上传") % values
    return Refused("file_long", message, field="file")
