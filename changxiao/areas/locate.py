"""定位 locate: which unit grid, community, street, district and duty grid a point belongs to.

In memory, from the city's data, without database. A cell that one district holds whole is answered
by arithmetic; only a cell that an outline crosses asks the polygons. A point on a boundary belongs
to one side, the first by code. Points are WGS-84 degrees.

`boundary_m`: metres to the nearest boundary of the point's community, be it another community or
the edge of the city. A measure of doubt: below the error of a phone the answer may be next door.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from changxiao.areas.edges import Edges
from changxiao.areas.generate import MIXED, OUTSIDE, Ground, ground
from changxiao.kernel.geo import Crs, check_degrees, to_wgs84
from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _


@dataclass(frozen=True, slots=True)
class Place:
    """位置: codes and names from district to unit grid; grids are "" where none are laid out."""

    district_code: str
    district: str
    street_code: str
    street: str
    community_code: str
    community: str
    unit_grid: str
    duty_grid: str
    boundary_m: float

    def as_dict(self) -> dict[str, str | float]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Found:
    """批量定位结果: indexes into the ground's tables, -1 where there is nothing; metres or NaN."""

    district: NDArray[np.int64]
    community: NDArray[np.int64]
    unit: NDArray[np.int64]
    boundary_m: NDArray[np.float64] | None = None


class Locator:
    """定位器: one city's ground, ready to be asked point by point or in columns."""

    def __init__(self, base: Ground) -> None:
        self.ground = base
        self._lattice = base.lattice
        rects = [piece.rect for piece in base.communities]
        self._rects = np.array(rects, dtype=float).reshape(-1, 4)
        self._sides = [tuple(map(float, rect)) for rect in rects]
        self._names = [self._named(number) for number in range(len(rects))]
        scale = self._lattice.scale
        self._cell = (self._lattice.width * scale.east, self._lattice.height * scale.north)

    @cached_property
    def _edges(self) -> Edges:
        return Edges(self._lattice, self.ground.districts)

    def at(self, lon: float, lat: float, *, crs: Crs | str = Crs.WGS84) -> Place:
        """定位一点. Refused `outside_city` with the nearest district and its distance."""
        if crs != Crs.WGS84:
            lon, lat = to_wgs84(lon, lat, crs)
        lattice, base = self._lattice, self.ground
        if not (math.isfinite(lon) and math.isfinite(lat)):
            check_degrees(lon, lat)
        x, y = (lon - lattice.west) / lattice.width, (lattice.north - lat) / lattice.height
        if not (0 <= x < lattice.cols and 0 <= y < lattice.rows):
            raise self._outside(lon, lat)
        row, col = int(y), int(x)
        district = int(base.whole[row, col])
        if district == MIXED:
            district = self._asked(lon, lat, row, col)
        if district == OUTSIDE:
            raise self._outside(lon, lat)
        community = int(base.community[district, row, col])
        unit = int(base.units.plane[district, row, col])
        return Place(
            *self._names[community],
            *self._grids(unit),
            self._boundary(x, y, community),
        )

    def many(self, lons: ArrayLike, lats: ArrayLike, *, boundary: bool = False) -> Found:
        """批量定位: WGS-84 columns; nothing is refused, what lies outside is -1."""
        lon, lat = np.asarray(lons, float), np.asarray(lats, float)
        base, lattice = self.ground, self._lattice
        x, y = lattice.x(lon), lattice.y(lat)
        held = (x >= 0) & (x < lattice.cols) & (y >= 0) & (y < lattice.rows)
        row, col = (np.where(held, axis, 0).astype(np.intp) for axis in (y, x))
        district = np.where(held, base.whole[row, col], OUTSIDE).astype(np.int64)
        mixed = np.flatnonzero(district == MIXED)
        district[mixed] = self._asked_many(lon[mixed], lat[mixed])
        found = district >= 0
        sheet = np.where(found, district, 0)
        community = np.where(found, base.community[sheet, row, col], -1).astype(np.int64)
        unit = np.where(found, base.units.plane[sheet, row, col], -1).astype(np.int64)
        metres = self._boundary_many(x, y, community) if boundary else None
        return Found(district, community, unit, metres)

    def place(self, found: Found, number: int) -> Place | None:
        """一行结果: names and codes of one row of `many`, None outside the city."""
        community = int(found.community[number])
        if community < 0:
            return None
        metres = math.nan if found.boundary_m is None else float(found.boundary_m[number])
        return Place(*self._names[community], *self._grids(int(found.unit[number])), metres)

    def refusal(self, lon: float, lat: float) -> Refused:
        """为何不在市内: the sentence for a point that `many` found outside."""
        try:
            check_degrees(lon, lat)
        except Refused as no:
            return no
        return self._outside(lon, lat)

    def _named(self, number: int) -> tuple[str, str, str, str, str, str]:
        base = self.ground
        community = base.communities[number]
        street = base.streets[int(base.street_of[number])]
        district = base.districts[community.district]
        names = (district.code, district.name, street.code, street.name)
        return (*names, community.code, community.name)

    def _grids(self, unit: int) -> tuple[str, str]:
        if unit < 0:
            return "", ""
        units = self.ground.units
        return units.codes[unit], units.duty_codes[units.duty[unit]]

    def _asked(self, lon: float, lat: float, row: int, col: int) -> int:
        point = shapely.Point(lon, lat)
        for number, tract in enumerate(self.ground.districts):
            if (tract.crossed[row, col] or tract.inside[row, col]) and tract.outline.intersects(
                point
            ):
                return number
        return OUTSIDE

    def _asked_many(self, lon: NDArray[Any], lat: NDArray[Any]) -> NDArray[np.int64]:
        district = np.full(len(lon), OUTSIDE, dtype=np.int64)
        for number, tract in enumerate(self.ground.districts):
            asked = np.flatnonzero(district == OUTSIDE)
            hit = shapely.intersects_xy(tract.outline, lon[asked], lat[asked])
            district[asked[hit]] = number
        return district

    def _boundary(self, x: float, y: float, community: int) -> float:
        top, bottom, left, right = self._sides[community]
        east, north = self._cell
        side = min((x - left) * east, (right - x) * east, (y - top) * north, (bottom - y) * north)
        if self._edges.at_least(int(y), int(x)) >= side:
            return side
        return min(side, self._edges.metres(x, y))

    def _boundary_many(
        self, x: NDArray[Any], y: NDArray[Any], community: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        rect, (east, north) = self._rects[community], self._cell
        across = np.minimum(x - rect[:, 2], rect[:, 3] - x) * east
        along = np.minimum(y - rect[:, 0], rect[:, 1] - y) * north
        metres = np.where(community >= 0, np.minimum(across, along), np.nan)
        row, col = np.floor(y), np.floor(x)
        close = np.flatnonzero(community >= 0)
        least = self._edges.at_least_many(row[close].astype(int), col[close].astype(int))
        close = close[least < metres[close]]
        metres[close] = np.minimum(metres[close], self._edges.metres_many(x[close], y[close]))
        return metres

    def _outside(self, lon: float, lat: float) -> Refused:
        check_degrees(lon, lat)
        city = self.ground.city
        metres, tract = self._edges.nearest_district(lon, lat)
        told = {
            "lon": f"{lon:.6f}",
            "lat": f"{lat:.6f}",
            "city": city.name,
            "district": tract.name,
            "distance": _distance(metres),
        }
        sentence = _(
            "位置（经度 %(lon)s，纬度 %(lat)s）不在%(city)s范围内，"
            "离最近的%(district)s边界 %(distance)s；请检查坐标或坐标系。"
        )
        return Refused("outside_city", sentence % told, field="lon")


def _distance(metres: float) -> str:
    if metres < 1000:
        return _("%(metres)s 米") % {"metres": max(1, round(metres))}
    return _("%(km)s 公里") % {"km": f"{metres / 1000:.1f}"}


def locator_of(folder: str) -> Locator:
    """某城市的定位器: by code or folder, made once a process."""
    # One thread draws the ground and the others wait for it: at the first four requests of a web
    # four grounds drawn at once would cost four times the memory and the time.
    with _drawing:
        return _made(folder)


_drawing = threading.Lock()


@cache
def _made(folder: str) -> Locator:
    return Locator(ground(folder))


def locator() -> Locator:
    """本系统的定位器: for the city that this home was set up for. Refused `home_empty` before."""
    from changxiao.areas.home import home_city

    return locator_of(home_city().folder.name)


def columns() -> Sequence[str]:
    """`--batch` 的新列, in the order that others script against."""
    return (
        "district_code",
        "district",
        "street",
        "community",
        "unit_grid",
        "duty_grid",
        "boundary_m",
    )
