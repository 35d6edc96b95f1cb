"""地图 of a ranking: its districts, streets or communities from their outlines, coloured by band.
Pure.

Drawn by ourselves on a plane of `WIDE` units, so that it needs no tiles and no network: the page
and the PDF take it as SVG, Word as a picture (`map_drawn`). The table of ranks has the figures.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import shapely

from changxiao.evaluation.bulletins.layout import Map, Patch
from changxiao.evaluation.bulletins.source import LISTED, Row, Source
from changxiao.kernel.geo import Scale
from changxiao.kernel.words import gettext as _

WIDE, HIGH = 1000.0, 900.0  # units: 156 mm across, at most 140 mm down
FINE = 0.6  # units: what is smaller is not drawn
SHADES = 6  # more cannot be told from each other
NAMED = 12  # so many areas carry their names
NUMBERED = 11.0  # units of room that a number takes
# From blue over grey to yellow, lighter at each step: told apart in grey print and by whoever
# sees no red or green (the idea of cividis, Nuñez, Anderton and Renslow 2018).
STOPS = ((32, 75, 135), (123, 122, 119), (253, 231, 77))
NONE = ""  # an outline only

Outlines = Mapping[str, Any]  # code → polygons of rings of lon, lat


def ranking_map(source: Source) -> Map | None:
    """排名地图, None where what is ranked is no area."""
    rows = [row for row in source.rows if source.outlines.get(row["code"])]
    if not rows or not source.listed:
        return None
    shapes, high = _plane([source.outlines[row["code"]] for row in rows])
    groups = _groups(source.listed)
    shades = dict(zip(groups, _shades(len(groups)), strict=True))
    of_band = {band: shades[bands] for bands in groups for band in bands}
    patches = tuple(
        _patch(source, row, shape, of_band.get(row["band"], NONE), named=len(rows) <= NAMED)
        for row, shape in zip(rows, shapes, strict=True)
    )
    legend = [(shades[bands], _words(source.listed, bands)) for bands in groups]
    if any(row["status"] != LISTED for row in rows):
        legend.append((NONE, _("未列入排名")))
    caption = _("各%(noun)s的名次与档次") % {"noun": source.noun}
    return Map(caption, high, patches, tuple(legend))


def _plane(told: Sequence[Any]) -> tuple[list[Any], float]:
    """On the plane, north up, as wide as it may be; and how high that is."""
    shapes = [shapely.multipolygons([_polygon(rings) for rings in one]) for one in told]
    west, south, east, north = shapely.total_bounds(shapes)
    scale = Scale.at((south + north) / 2)
    wide, high = (east - west) * scale.east, (north - south) * scale.north
    unit = min(WIDE / wide, HIGH / high)
    left = (WIDE - wide * unit) / 2

    def placed(points: Any) -> Any:
        x, y = np.asarray(points).T
        across, down = (x - west) * scale.east * unit, (north - y) * scale.north * unit
        return np.column_stack([left + across, down])

    drawn = [shapely.transform(shape, placed) for shape in shapes]
    return [shapely.simplify(shape, FINE) for shape in drawn], round(high * unit, 1)


def _polygon(rings: Sequence[Any]) -> Any:
    return shapely.Polygon(rings[0], rings[1:])


def _patch(source: Source, row: Row, shape: Any, fill: str, *, named: bool) -> Patch:
    name = source.name(row["code"])
    listed = row["status"] == LISTED
    told = {"name": name, "rank": row["rank"], "score": row["score"], "band": row["band"]}
    words = _("%(name)s：第 %(rank)s 名，%(score)s 分，第 %(band)s 档") % told if listed else name
    circle = shapely.maximum_inscribed_circle(shape, tolerance=2 * FINE)
    at, room = circle.coords[0], circle.length
    number = str(row["rank"]) if listed else ""
    lines = [number] if number and room >= NUMBERED else []
    if named:
        lines = [one for one in (name, number) if one]
    return Patch(words, tuple(_rings(shape)), fill, tuple(lines), at)


def _rings(shape: Any) -> Iterator[tuple[tuple[float, float], ...]]:
    for part in shapely.get_parts(shape):
        for ring in (part.exterior, *part.interiors):
            yield tuple((round(x, 1), round(y, 1)) for x, y in ring.coords)


def _groups(listed: Sequence[Row]) -> list[tuple[int, ...]]:
    """同色的档: each band its own colour as far as colours go, else neighbours together."""
    bands = sorted({row["band"] for row in listed})
    colours = min(len(bands), SHADES)
    ends = [n * len(bands) // colours for n in range(colours + 1)]
    return [tuple(bands[a:b]) for a, b in pairwise(ends)]


def _shades(count: int) -> list[str]:
    """从深到浅: the first band darkest."""
    return [_shade(n / (count - 1) if count > 1 else 0.0) for n in range(count)]


def _shade(share: float) -> str:
    first, middle, last = (np.array(stop, float) for stop in STOPS)
    a, b, way = (first, middle, 2 * share) if share < 0.5 else (middle, last, 2 * share - 1)
    red, green, blue = (round(value) for value in a + (b - a) * way)
    return f"#{red:02x}{green:02x}{blue:02x}"


def _words(listed: Sequence[Row], bands: tuple[int, ...]) -> str:
    ranks = [row["rank"] for row in listed if row["band"] in bands]
    told = {"band": reach(bands[0], bands[-1]), "ranks": reach(min(ranks), max(ranks))}
    return _("第 %(band)s 档（第 %(ranks)s 名）") % told


def reach(first: int, last: int) -> str:
    """从几到几."""
    return str(first) if first == last else f"{first}–{last}"
