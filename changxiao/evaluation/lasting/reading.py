"""读问题: rows of a table, cell by cell, become `Problems`; a cell that cannot be read is named."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime

import numpy as np

from changxiao.evaluation.lasting.problems import Problems
from changxiao.kernel.geo import Scale
from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _

SECONDS = 86400.0
Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Columns:
    """列名: of the table, for each thing that is asked; empty for what it does not tell."""

    found: str
    kind: str = ""
    closed: str = ""
    lon: str = ""
    lat: str = ""
    by: str = ""
    number: str = ""
    channel: str = ""

    @property
    def needed(self) -> list[str]:
        """须有的列, in the order in which a missing one is named."""
        return [name for name in (getattr(self, one.name) for one in fields(self)) if name]

    def cell(self, row: Row, name: str) -> str:
        """一格, without spaces around it; empty where the table has no such column."""
        column = getattr(self, name)
        return row[column].strip() if column else ""


def read(
    rows: Iterable[tuple[int, Row]],
    columns: Columns,
    *,
    counted: Sequence[str] = (),
    trouble: Callable[[int, Refused], None],
) -> Problems:
    """读问题: of rows with their line numbers; `counted` channels may count as a recurrence, all
    where none is named. A number that came before is one case, and counts once.

    `trouble` is told of each row left out and why (`time_unreadable`, `degrees_unreadable`).
    """
    seen: set[str] = set()
    kept = []
    for line, row in rows:
        number = columns.cell(row, "number") or str(line)
        if number in seen:
            continue
        seen.add(number)
        try:
            kept.append(_cells(row, columns, counted))
        except Refused as no:
            trouble(line, no)
    return _problems(kept)


def _cells(row: Row, columns: Columns, counted: Sequence[str]) -> tuple[object, ...]:
    return (
        columns.cell(row, "kind"),
        columns.cell(row, "by"),
        _degrees(columns.cell(row, "lon"), columns.lon),
        _degrees(columns.cell(row, "lat"), columns.lat),
        _day(columns.cell(row, "found"), columns.found),
        _day(columns.cell(row, "closed") or "nan", columns.closed),
        not counted or columns.cell(row, "channel") in counted,
    )


def _problems(kept: list[tuple[object, ...]]) -> Problems:
    told = list(zip(*kept, strict=True)) or [()] * 7
    kind, group = (np.array(column, dtype=object) for column in told[:2])
    lon, lat, found, closed = (np.array(column, dtype=float) for column in told[2:6])
    middle = float(np.nanmean(lat)) if np.isfinite(lat).any() else 0.0
    scale = Scale.at(middle)
    return Problems(
        kind, group, lon * scale.east, lat * scale.north, found, closed, np.array(told[6], bool)
    )


def _day(text: str, column: str) -> float:
    if text == "nan":
        return math.nan
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        told = {"column": column, "value": text[:40]}
        sentence = _("%(column)s“%(value)s”不是时间：请写 2026-10-01 或 2026-10-01T08:30+08:00。")
        raise Refused("time_unreadable", sentence % told, field=column) from None
    known = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return known.timestamp() / SECONDS


def _degrees(text: str, column: str) -> float:
    try:
        return float(text or math.nan)
    except ValueError:
        told = {"column": column, "value": text[:40]}
        sentence = _("%(column)s“%(value)s”不是经纬度：请写 116.708 这样的度数，不知道就留空。")
        raise Refused("degrees_unreadable", sentence % told, field=column) from None
