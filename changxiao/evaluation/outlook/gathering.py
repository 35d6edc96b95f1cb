"""热点 of facts: cells on the map, with the community most of their cases lie in. No Django."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from changxiao.evaluation.facts import schema
from changxiao.evaluation.outlook.pivot import Asked, Columns, narrowed
from changxiao.kernel.geo import Scale

if TYPE_CHECKING:
    from changxiao.evaluation.outlook.hotspots import Cells

DEGREE = 1e-7
CELL, REACH = 200.0, 400.0  # metres


@dataclass(frozen=True, slots=True)
class Cell:
    """热点格: its edges in degrees, its cases, those within reach of its middle, its z-score, and
    the community most of these lie in."""

    box: tuple[float, float, float, float]
    count: int
    near: int
    z: float
    hot: bool
    community: str


@dataclass(frozen=True, slots=True)
class Gathered:
    """热点: hot and cold cells, the hottest first; how many cases have a place and how many cells
    were held against each other."""

    cells: list[Cell]
    cases: int
    asked: int


def gathered(columns: Columns, asked: Asked) -> Gathered:
    """热点 of the cases asked for. Refused `points_few`, `cells_many`."""
    from scipy.spatial import cKDTree  # two seconds of import: other questions do without

    from changxiao.evaluation.outlook.hotspots import hotspots

    cases = narrowed(schema.unbound("cases"), asked)
    placed = cases.filter(cases.x.notnull() & cases.y.notnull())
    rows = columns(placed.select("x", "y", "community"))
    lon, lat = (rows[name].to_numpy().astype(float) * DEGREE for name in ("x", "y"))
    scale = Scale.at(float(lat.mean()) if len(lat) else 0.0)
    x, y = lon * scale.east, lat * scale.north
    found = hotspots(x, y, cell=CELL, reach=REACH)
    told = np.flatnonzero(found.hot | found.cold)
    near = cKDTree(np.column_stack([x, y])).query_ball_point(
        np.column_stack([found.x[told], found.y[told]]), REACH
    )
    communities = rows["community"].to_pylist()
    cells = [
        _cell(found, int(place), scale, [communities[row] for row in rows_near])
        for place, rows_near in zip(told, near, strict=True)
    ]
    return Gathered(sorted(cells, key=lambda one: -one.z), len(lon), len(found.x))


def _cell(found: Cells, place: int, scale: Scale, communities: list[str]) -> Cell:
    half = CELL / 2
    x, y = float(found.x[place]), float(found.y[place])
    west, east = (x - half) / scale.east, (x + half) / scale.east
    south, north = (y - half) / scale.north, (y + half) / scale.north
    common = Counter(communities).most_common(1)
    return Cell(
        (west, south, east, north),
        int(found.count[place]),
        len(communities),
        float(found.z[place]),
        bool(found.hot[place]),
        common[0][0] if common else "",
    )
