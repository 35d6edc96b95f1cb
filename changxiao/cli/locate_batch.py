"""`changxiao locate --batch`: a CSV file of points, located in columns.

Input columns come first and unchanged, then the seven of `areas.locate.columns`. A bad row keeps
its place with empty columns and is told on stderr with row, column, value and remedy.
"""

from __future__ import annotations

import csv
import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import click

from changxiao.areas.locate import Locator, Place, columns
from changxiao.cli.locate import read_degrees
from changxiao.cli.table import Table, check_width, read_table
from changxiao.kernel.geo import Crs, read_crs, to_wgs84_many
from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _

_EMPTY = [""] * len(columns())


@dataclass(slots=True)
class _Points:
    """The rows of one datum, side by side."""

    rows: list[int] = field(default_factory=list)
    lons: list[float] = field(default_factory=list)
    lats: list[float] = field(default_factory=list)


@dataclass(slots=True)
class _Sheet:
    """The file while it is worked on: rows as read, places as found, what went wrong."""

    table: Table
    places: list[Place | None]
    bad: dict[int, Refused] = field(default_factory=dict)


def run(path: Path, locator: Locator, crs: str, *, as_json: bool) -> int:
    """批量定位: prints the result, returns how many rows were bad."""
    table = read_table(path, ("lon", "lat"))
    sheet = _Sheet(table, [None] * len(table.rows))
    for datum, points in _points(sheet, read_crs(crs)).items():
        lons, lats = to_wgs84_many(points.lons, points.lats, datum)
        found = locator.many(lons, lats, boundary=True)
        for number, row in enumerate(points.rows):
            sheet.places[row] = locator.place(found, number)
            if sheet.places[row] is None:
                sheet.bad[row] = locator.refusal(float(lons[number]), float(lats[number]))
    _print(sheet, as_json=as_json)
    _tell(sheet)
    return len(sheet.bad)


def _points(sheet: _Sheet, crs: Crs) -> dict[Crs, _Points]:
    found: dict[Crs, _Points] = defaultdict(_Points)
    at = {name: number for number, name in enumerate(sheet.table.names)}
    for number, row in enumerate(sheet.table.padded()):
        try:
            check_width(sheet.table.rows[number], len(sheet.table.header))
            told = row[at["crs"]] if "crs" in at else ""
            lon, lat = (read_degrees(row[at[name]], name) for name in ("lon", "lat"))
            points = found[read_crs(told) if told.strip() else crs]
        except Refused as no:
            sheet.bad[number] = no
            continue
        points.rows.append(number)
        points.lons.append(lon)
        points.lats.append(lat)
    return found


def _cells(place: Place | None) -> list[str]:
    if place is None:
        return _EMPTY
    told = place.as_dict() | {"boundary_m": f"{place.boundary_m:.1f}"}
    return [str(told[name]) for name in columns()]


def _print(sheet: _Sheet, *, as_json: bool) -> None:
    if as_json:
        names = [*sheet.table.names, *columns(), "error"]
        told = [
            dict(zip(names, [*row, sheet.bad[n].code if n in sheet.bad else ""], strict=True))
            for n, row in enumerate(_rows(sheet))
        ]
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow([*sheet.table.header, *columns()])
    writer.writerows(_rows(sheet))


def _rows(sheet: _Sheet) -> Iterator[list[str]]:
    for row, place in zip(sheet.table.padded(), sheet.places, strict=True):
        yield [*row, *_cells(place)]


def _tell(sheet: _Sheet) -> None:
    for number, no in sorted(sheet.bad.items()):
        told = {"row": sheet.table.lines[number], "column": no.field, "why": no.sentence}
        click.echo(_("第 %(row)s 行 %(column)s 列：%(why)s") % told, err=True)
    if sheet.bad:
        told = {"bad": len(sheet.bad), "rows": len(sheet.table.rows)}
        click.echo(_("%(rows)s 行中有 %(bad)s 行无法定位，定位列留空。") % told, err=True)
