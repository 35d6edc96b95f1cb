"""读表 reading: a foreign list, CSV, CSV.gz or xlsx, row by row as text, and its coordinates looked
at before anything is believed: whoever published it may have put them under the wrong headings.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import IO, Any
from zipfile import BadZipFile

from django.utils.translation import gettext as _

from changxiao.cases.importing.mapping import Mapping
from changxiao.kernel.refused import Refused

ENCODINGS = ("utf-8-sig", "gb18030")
SAMPLE = 1000  # rows with coordinates that decide whether headings are swapped
_MOST_OTHERS = 0.05  # of these, how many may lie elsewhere (a city's list has strays)


@dataclass(frozen=True, slots=True)
class Row:
    """一行: its number as the spreadsheet shows it, and its cells."""

    number: int
    cells: Sequence[str]


@dataclass(frozen=True, slots=True)
class Columns:
    """列位: where each of our fields stands in this very file; `headings` are the file's own."""

    headings: Sequence[str]
    places: dict[str, tuple[int, ...]]
    swapped: bool = False

    def cell(self, row: Row, field: str) -> str:
        """单元格: of a field; several columns are joined, "" where the list has no such column."""
        found = [row.cells[at] for at in self.places.get(field, ()) if at < len(row.cells)]
        return " ".join(found)

    def heading(self, field: str) -> str:
        """表头: what the file calls the field."""
        return " + ".join(self.headings[at] for at in self.places.get(field, ()))


def rows(file: Path) -> Iterator[Row]:
    """逐行: the heading first. Raises Refused("table_unreadable") for what is neither."""
    name = file.name.lower()
    if not file.is_file():
        message = _("文件“%(name)s”不存在，请检查路径")
        raise Refused("table_missing", message % {"name": file.name}, field="file")
    if name.endswith(".xlsx"):
        return _xlsx(file)
    if name.endswith((".csv", ".csv.gz")):
        return _csv(file)
    raise _unreadable(file)


def columns(heading: Row, mapping: Mapping) -> Columns:
    """列位: the first heading of each field that the file has. Refused `column_missing`."""
    names = {text.strip(): at for at, text in reversed(list(enumerate(heading.cells)))}
    places: dict[str, tuple[int, ...]] = {}
    for field, wanted in mapping.columns.items():
        if field != "number":
            places[field] = (_one_of(names, wanted, field),)
    parts = mapping.columns["number"]
    places["number"] = tuple(
        places[part[1:]][0] if part in {"@lon", "@lat"} else _one_of(names, [part], "number")
        for part in parts
    )
    return Columns(list(heading.cells), places, swapped=False)


def _one_of(names: dict[str, int], wanted: Iterable[str], field: str) -> int:
    for heading in wanted:
        if heading in names:
            return names[heading]
    message = _("文件里没有“%(wanted)s”列（%(field)s），现有：%(there)s；请换文件或更正对照表")
    told = {"wanted": " / ".join(wanted), "field": field, "there": "、".join(names)}
    raise Refused("column_missing", message % told, field=field)


def count(file: Path) -> int:
    """行数, the heading not counted: for a progress bar that knows its end."""
    return max(sum(1 for _row in rows(file)) - 1, 0)


def settled(file: Path, mapping: Mapping, bbox: Sequence[float]) -> Columns:
    """定列: columns of the file, with longitude and latitude where the contents say they are.

    `bbox` is the city's (west, south, east, north). A mapping may declare what holds; asked to
    detect, headings are taken as swapped when the values of each lie in the other's range.
    """
    table = rows(file)
    heading = next(table, None)
    if heading is None:
        raise _unreadable(file)
    found = columns(heading, mapping)
    swap = mapping.coordinates == "swapped"
    if mapping.coordinates == "detect":
        swap = _swapped(table, found, bbox)
    return _exchanged(found) if swap else found


def _swapped(table: Iterator[Row], found: Columns, bbox: Sequence[float]) -> bool:
    pairs = list(islice(_pairs(table, found), SAMPLE))
    crossed = sum(_inside(lat, lon, bbox) for lon, lat in pairs)
    straight = sum(_inside(lon, lat, bbox) for lon, lat in pairs)
    return crossed > 0 and straight == 0 and crossed >= len(pairs) * (1 - _MOST_OTHERS)


def _pairs(table: Iterator[Row], found: Columns) -> Iterator[tuple[float, float]]:
    for row in table:
        try:
            yield float(found.cell(row, "lon")), float(found.cell(row, "lat"))
        except ValueError:
            continue


def _inside(lon: float, lat: float, bbox: Sequence[float]) -> bool:
    west, south, east, north = bbox
    return west <= lon <= east and south <= lat <= north


def _exchanged(found: Columns) -> Columns:
    lon, lat = found.places["lon"], found.places["lat"]
    other = {lon[0]: lat[0], lat[0]: lon[0]}
    number = tuple(other.get(at, at) for at in found.places["number"])
    places = {**found.places, "lon": lat, "lat": lon, "number": number}
    return replace(found, places=places, swapped=True)


def _csv(file: Path) -> Iterator[Row]:
    with _opened(file, _encoding(file)) as lines:
        reader = csv.reader(lines)
        try:
            for number, cells in enumerate(reader, start=1):
                if any(cells):
                    yield Row(number, [cell.strip() for cell in cells])
        except (csv.Error, OSError, EOFError):
            raise _unreadable(file) from None


def _opened(file: Path, encoding: str) -> IO[str]:
    if file.name.lower().endswith(".gz"):
        return gzip.open(file, "rt", encoding=encoding, newline="")
    return file.open(encoding=encoding, newline="")


def _encoding(file: Path) -> str:
    for encoding in ENCODINGS:
        try:
            with _opened(file, encoding) as lines:
                while lines.read(1 << 20):
                    pass
        except UnicodeDecodeError:
            continue
        except (OSError, EOFError):
            break
        return encoding
    raise _unreadable(file)


def _xlsx(file: Path) -> Iterator[Row]:
    from openpyxl import load_workbook

    try:
        book = load_workbook(file, read_only=True, data_only=True)
    except (BadZipFile, KeyError, ValueError, OSError):
        raise _unreadable(file) from None
    try:
        for number, cells in enumerate(book.worksheets[0].iter_rows(values_only=True), start=1):
            if any(cell is not None for cell in cells):
                yield Row(number, [_text(cell) for cell in cells])
    finally:
        book.close()


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _unreadable(file: Path) -> Refused:
    message = _("文件“%(name)s”读不出：请用 CSV（UTF-8 或 GB 18030）、CSV.gz 或 xlsx")
    return Refused("table_unreadable", message % {"name": file.name}, field="file")
