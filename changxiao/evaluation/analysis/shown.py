"""研判的样子: cases behind a number, hot spots and forecasts, with names."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from changxiao.evaluation.naming import names_of
from changxiao.evaluation.outlook.gathering import Cell, Gathered
from changxiao.evaluation.outlook.pivot import Asked
from changxiao.evaluation.outlook.weeks import Forecast
from changxiao.kernel.day import local_time

LISTED = 20
CHARTED = 30
_NAMED = ("category", "channel", "street", "department", "stage")


def cases(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """案卷若干, codes in words and times aware."""
    words = {kind: names_of(kind, (row[kind] for row in rows)) for kind in _NAMED}
    return [
        {kind: words[kind].get(value, value) for kind, value in row.items() if kind in words}
        | {name: _aware(value) for name, value in row.items() if name not in words}
        for row in rows
    ]


def _aware(value: Any) -> Any:
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else value


def plain(row: Mapping[str, Any]) -> list[Any]:
    """CSV 一行: times on the city's clock."""
    return [
        local_time(_aware(value)).strftime("%Y-%m-%d %H:%M:%S")
        if isinstance(value, datetime)
        else value
        for value in row.values()
    ]


def hotspots(found: Gathered, asked: Asked, query: QueryDict) -> dict[str, Any]:
    """热点: sums, and the hottest cells as rows."""
    hot = [cell for cell in found.cells if cell.hot]
    names = names_of("community", (cell.community for cell in hot[:LISTED]))
    rows = [(cell, names[cell.community], _behind(cell, asked, query)) for cell in hot[:LISTED]]
    cold = len(found.cells) - len(hot)
    return {"rows": rows, "hot": len(hot), "cold": cold, "found": found}


def _behind(cell: Cell, asked: Asked, query: QueryDict) -> str:
    told = query.copy()
    told["measure"] = asked.measure
    told["box"] = ",".join(f"{edge:.7f}" for edge in cell.box)
    return told.urlencode()


def geojson(found: Gathered) -> dict[str, Any]:
    """热点格 as squares."""
    return {"type": "FeatureCollection", "features": [_square(cell) for cell in found.cells]}


def _square(cell: Cell) -> dict[str, Any]:
    west, south, east, north = (round(edge, 6) for edge in cell.box)
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    told = {"count": cell.count, "near": cell.near, "z": round(cell.z, 2), "hot": cell.hot}
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "geometry": geometry, "properties": told}


@dataclass(frozen=True, slots=True)
class Next:
    """下周一行."""

    code: str
    name: str
    expected: float
    low: int
    high: int
    last: int

    @property
    def numbers(self) -> tuple[float, int, int, int]:
        return round(self.expected, 1), self.low, self.high, self.last


def forecast(found: Forecast, asked: Asked) -> dict[str, Any]:
    """下周预测: rows with names, the highest first; the back-test in words."""
    names = names_of(asked.rows, found.weeks.places)
    rows = [
        Next(
            code,
            names[code],
            float(found.expected[row]),
            math.floor(found.low[row]),
            math.ceil(found.high[row]),
            int(found.weeks.counts[row, -1]),
        )
        for row, code in enumerate(found.weeks.places)
    ]
    rows.sort(key=lambda one: (-one.expected, one.code))
    told = {"rows": rows, "week": found.weeks.next, "by": asked.rows, "few": found.weeks.few}
    return told | {"chart": _chart(rows), "trial": _trial(found)}


def _chart(rows: Iterable[Next]) -> dict[str, Any]:
    some = list(rows)[:CHARTED]
    return {
        "names": [one.name for one in some],
        "values": [round(one.expected, 1) for one in some],
        "low": [one.low for one in some],
        "high": [one.high for one in some],
        "last": [one.last for one in some],
    }


def _trial(found: Forecast) -> str:
    if not found.tried:
        return str(_("周数还不够回测：区间有多准还不知道。"))
    told = {
        "weeks": found.tried,
        "error": f"{found.error:.3f}",
        "naive": f"{found.naive:.3f}",
        "inside": f"{100 * found.inside:.1f}",
    }
    return (
        _(
            "用最近 %(weeks)d 周回测：误差 MASE %(error)s（照搬去年同周为 %(naive)s，越小越好），"
            "%(inside)s%% 落在名义九成的区间里。"
        )
        % told
    )
