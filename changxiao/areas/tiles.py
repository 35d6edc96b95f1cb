"""底图瓦片: districts, streets, communities and grids as vector tiles, drawn from the ground.

The map needs no tile server and asks no database. Each level is drawn when first asked for, and a
tile when first looked at; a process keeps those it drew. Areas are public data without scope.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cached_property, lru_cache
from gzip import compress
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from changxiao.areas import outlines
from changxiao.areas.generate import Ground
from changxiao.areas.load import digest_of
from changxiao.areas.locate import Locator
from changxiao.kernel import mvt
from changxiao.kernel.mvt import Tile

FIRST = Tile(12, 0, 0)  # its pixels are the steps of the first picture: two metres in our cities
FIRST_LEVELS = ("district", "street")
DEEPEST = 16  # closer looks are drawn from these tiles
MARGIN = 64 / mvt.EXTENT  # of a tile: what lies beside it, so that cut edges are never seen
KEPT = 4096  # tiles a process remembers, a few kB each


class Level:
    """一级地域: outlines and label points, found by an index, drawn when first asked for."""

    def __init__(self, name: str, codes: list[str], names: list[str], draw: Callable[[], Any]):
        self.name, self.codes, self.names, self._draw = name, codes, names, draw

    @cached_property
    def shapes(self) -> NDArray[Any]:
        return np.array(self._draw(), dtype=object)

    @cached_property
    def marks(self) -> NDArray[Any]:
        return np.asarray(shapely.get_coordinates(shapely.point_on_surface(self.shapes)))

    @cached_property
    def _index(self) -> Any:
        return shapely.STRtree(self.shapes)

    def tile(self, tile: Tile) -> bytes:
        """一级的瓦片: the outlines that touch it, and the names of those that stand in it."""
        west, south, east, north = tile.bounds
        wide, high = (east - west) * MARGIN, (north - south) * MARGIN
        box = (west - wide, south - high, east + wide, north + high)
        found = np.sort(self._index.query(shapely.box(*box)))
        # Half a step of the screen: finer bends are not seen and cost bytes.
        shapes = shapely.simplify(self.shapes[found], (east - west) / 1024)
        drawn = zip(found.tolist(), shapely.clip_by_rect(shapes, *box), strict=True)
        polygons = (({"code": self.codes[number]}, _rings(tile, shape)) for number, shape in drawn)
        return mvt.polygons(self.name, polygons) + self._labels(tile, found)

    def _labels(self, tile: Tile, found: NDArray[Any]) -> bytes:
        xs, ys = tile.pixels(*self.marks[found].T)
        # Exactly one tile holds a name, else it would be written twice.
        held = (xs >= 0) & (xs < mvt.EXTENT) & (ys >= 0) & (ys < mvt.EXTENT)
        told = ({"name": self.names[number]} for number in found[held].tolist())
        return mvt.points(f"{self.name}_name", xs[held].tolist(), ys[held].tolist(), told)

    def first(self, origin: tuple[int, int]) -> dict[str, Any]:
        """首图的一级: every outline as one SVG path, and the names with where they stand."""
        rings = [ring - origin for shape in self.shapes for ring in _rings(FIRST, shape)]
        places = np.stack(FIRST.pixels(*self.marks.T), axis=1) - origin
        names = zip(self.names, places.tolist(), strict=True)
        path = "".join(_path(ring) for ring in rings)
        return {"path": path, "names": [[name, *place] for name, place in names]}


def _path(ring: mvt.Ring) -> str:
    # Steps from corner to corner are a third of the places themselves.
    (x, y), steps = ring[0].tolist(), np.diff(ring[:-1], axis=0).ravel().tolist()
    return f"M{x} {y}l{' '.join(map(str, steps))}z"


def _rings(tile: Tile, shape: Any) -> list[mvt.Ring]:
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    # By their turn a reader tells what is land from what is a hole in it.
    turned = shapely.orient_polygons(parts, exterior_cw=True)
    rings = [ring for part in turned for ring in (part.exterior, *part.interiors)]
    return [np.stack(tile.pixels(*shapely.get_coordinates(one).T), axis=1) for one in rings]


class Sheets:
    """底图: all levels of one city."""

    def __init__(self, base: Ground) -> None:
        self.edition = digest_of(base.city)[:12]
        self.bounds: list[float] = shapely.total_bounds(
            [t.outline for t in base.districts]
        ).tolist()
        self._levels = _levels(base)
        self._unit = next(level for _zoom, level in self._levels if level.name == "unit")

    def unit_shape(self, number: int) -> Any:
        """单元网格的边界, by its index in the ground."""
        return self._unit.shapes[number]

    @cached_property
    def first(self) -> bytes:
        """首图: what a map shows before its tiles, as JSON, gzipped; places count from `origin`, in
        `step` of the world's width."""
        west, _south, _east, north = self.bounds
        x, y = (int(axis[0]) for axis in FIRST.pixels([west], [north]))
        levels = [level for _zoom, level in self._levels if level.name in FIRST_LEVELS]
        told = {"origin": [x, y], "step": 1 / (mvt.EXTENT * 2**FIRST.z)}
        told |= {level.name: level.first((x, y)) for level in levels}
        text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
        return compress(text.encode(), 6, mtime=0)

    @lru_cache(KEPT)  # noqa: B019 - one a process, for as long as it lives
    def tile(self, tile: Tile) -> bytes:
        """瓦片: its bytes, gzipped; b"" where there is nothing."""
        drawn = b"".join(level.tile(tile) for zoom, level in self._levels if tile.z >= zoom)
        return compress(drawn, 6, mtime=0) if drawn else b""


def _levels(base: Ground) -> list[tuple[int, Level]]:
    """From which zoom on each level is on the map."""
    units = base.units
    sequence = base.city.grid["sequence"]

    def unit_shapes() -> Any:
        return outlines.unit_grids(base)

    unit = Level("unit", list(units.codes), [code[-sequence:] for code in units.codes], unit_shapes)
    duty = Level(
        "duty",
        list(units.duty_codes),
        [code[-3:] for code in units.duty_codes],
        lambda: outlines.duty_grids(base, list(unit.shapes)),
    )
    tracts, streets, communities = base.districts, base.streets, base.communities
    return [
        (0, _named("district", tracts, lambda: [one.outline for one in tracts])),
        (9, _named("street", streets, lambda: outlines.pieces(base, streets))),
        (12, _named("community", communities, lambda: outlines.pieces(base, communities))),
        (13, duty),
        (14, unit),
    ]


def _named(name: str, rows: Any, draw: Callable[[], Any]) -> Level:
    return Level(name, [one.code for one in rows], [one.name for one in rows], draw)


@lru_cache(2)
def sheets(known: Locator) -> Sheets:
    """某城市的底图: made once a process."""
    return Sheets(known.ground)
