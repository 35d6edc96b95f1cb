"""坐标 geo: WGS-84, GCJ-02 and BD-09 into each other, and lengths in metres on a city's scale.

Inside everything is WGS-84 (CGCS2000 differs by centimetres and is taken as equal); forms, maps and
foreign files in GCJ-02 or BD-09 are converted at the edge. The formulas are the published ones of
the offset (Krasovsky 1940 axis), their inverse is found by iteration. Degrees and metres.
"""

from __future__ import annotations

import math
from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _

Degrees = NDArray[np.float64]
_AXIS = 6378245.0  # Krasovsky 1940, as the offset uses it
_ECCENTRICITY = 0.00669342162296594323
_BD_TURN = math.pi * 3000.0 / 180.0
_CHINA = (72.004, 0.8293, 137.8347, 55.8271)  # the offset's own box: west, south, east, north


class Crs(StrEnum):
    """坐标系: the datum a pair of degrees is told in."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"


class Point(NamedTuple):
    """点: degrees east and north."""

    lon: float
    lat: float


def in_china(lon: ArrayLike, lat: ArrayLike) -> NDArray[np.bool_]:
    """国内: inside the box in which the offset is applied; elsewhere the three datums agree."""
    x, y = np.asarray(lon, float), np.asarray(lat, float)
    west, south, east, north = _CHINA
    return np.asarray((x >= west) & (x <= east) & (y >= south) & (y <= north))


def to_wgs84(lon: float, lat: float, crs: Crs | str) -> Point:
    """转为 WGS-84: one point. Refused `crs_unknown` for another datum, `lon_range`/`lat_range`."""
    check_degrees(lon, lat)
    x, y = to_wgs84_many([lon], [lat], crs)
    return Point(float(x[0]), float(y[0]))


def to_wgs84_many(lons: ArrayLike, lats: ArrayLike, crs: Crs | str) -> tuple[Degrees, Degrees]:
    """转为 WGS-84: columns of degrees, exact to 1e-9 degree (a tenth of a millimetre)."""
    x, y = np.asarray(lons, float), np.asarray(lats, float)
    match read_crs(crs):
        case Crs.WGS84:
            return x, y
        case Crs.GCJ02:
            return gcj02_to_wgs84(x, y)
        case Crs.BD09:
            return gcj02_to_wgs84(*bd09_to_gcj02(x, y))


def from_wgs84_many(lons: ArrayLike, lats: ArrayLike, crs: Crs | str) -> tuple[Degrees, Degrees]:
    """由 WGS-84 转出: columns of degrees in the datum that a map or a form wants."""
    x, y = np.asarray(lons, float), np.asarray(lats, float)
    match read_crs(crs):
        case Crs.WGS84:
            return x, y
        case Crs.GCJ02:
            return wgs84_to_gcj02(x, y)
        case Crs.BD09:
            return gcj02_to_bd09(*wgs84_to_gcj02(x, y))


def read_crs(text: Crs | str) -> Crs:
    """坐标系: by its name, any case, with or without a hyphen. Refused `crs_unknown`."""
    name = str(text).strip().lower().replace("-", "").replace("_", "")
    try:
        return Crs.WGS84 if name in {"", "cgcs2000"} else Crs(name)
    except ValueError:
        told = {"value": text}
        sentence = _("坐标系“%(value)s”不认识：请填 wgs84、gcj02 或 bd09。") % told
        raise Refused("crs_unknown", sentence, field="crs") from None


def check_degrees(lon: float, lat: float) -> None:
    """经纬度范围: Refused `lon_range` or `lat_range`; swapped columns are named as such."""
    if not -180 <= lon <= 180:
        sentence = _("经度“%(value)s”不在 -180 到 180 之间：请检查，列是否写反。") % {"value": lon}
        raise Refused("lon_range", sentence, field="lon")
    if not -90 <= lat <= 90:
        sentence = _("纬度“%(value)s”不在 -90 到 90 之间：请检查，列是否写反。") % {"value": lat}
        raise Refused("lat_range", sentence, field="lat")


def wgs84_to_gcj02(lons: ArrayLike, lats: ArrayLike) -> tuple[Degrees, Degrees]:
    """WGS-84 → GCJ-02: unchanged outside China."""
    x, y = np.asarray(lons, float), np.asarray(lats, float)
    east, north = _offset(x, y)
    inside = in_china(x, y)
    return np.where(inside, x + east, x), np.where(inside, y + north, y)


def gcj02_to_wgs84(lons: ArrayLike, lats: ArrayLike) -> tuple[Degrees, Degrees]:
    """GCJ-02 → WGS-84: the offset hardly changes over 500 m, so a few rounds meet 1e-10 degree."""
    x, y = np.asarray(lons, float), np.asarray(lats, float)
    inside = in_china(x, y)
    wx, wy = x, y
    for _round in range(8):
        east, north = _offset(wx, wy)
        wx, wy = x - east, y - north
    return np.where(inside, wx, x), np.where(inside, wy, y)


def gcj02_to_bd09(lons: ArrayLike, lats: ArrayLike) -> tuple[Degrees, Degrees]:
    """GCJ-02 → BD-09: a small turn and a shift."""
    x, y = np.asarray(lons, float), np.asarray(lats, float)
    radius = np.hypot(x, y) + 0.00002 * np.sin(y * _BD_TURN)
    angle = np.arctan2(y, x) + 0.000003 * np.cos(x * _BD_TURN)
    inside = in_china(x, y)
    east, north = radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006
    return np.where(inside, east, x), np.where(inside, north, y)


def bd09_to_gcj02(lons: ArrayLike, lats: ArrayLike) -> tuple[Degrees, Degrees]:
    """BD-09 → GCJ-02: inverse by iteration, so that a round trip comes home."""
    x, y = np.asarray(lons, float), np.asarray(lats, float)
    inside = in_china(x, y)
    gx, gy = x - 0.0065, y - 0.006
    for _round in range(10):
        bx, by = gcj02_to_bd09(gx, gy)
        gx, gy = gx - (bx - x), gy - (by - y)
    return np.where(inside, gx, x), np.where(inside, gy, y)


def _offset(x: Degrees, y: Degrees) -> tuple[Degrees, Degrees]:
    """The published offset in degrees east and north."""
    dx, dy = x - 105.0, y - 35.0
    root = np.sqrt(np.abs(dx))
    wave = 20.0 * np.sin(6.0 * dx * np.pi) + 20.0 * np.sin(2.0 * dx * np.pi)
    north = -100.0 + 2.0 * dx + 3.0 * dy + 0.2 * dy * dy + 0.1 * dx * dy + 0.2 * root
    north = (
        north + (wave + _waves(dy, (20.0, 1.0), (40.0, 3.0), (160.0, 12.0), (320.0, 30.0))) / 1.5
    )
    east = 300.0 + dx + 2.0 * dy + 0.1 * dx * dx + 0.1 * dx * dy + 0.1 * root
    swell = _waves(dx, (20.0, 1.0), (40.0, 3.0), (150.0, 12.0), (300.0, 30.0))
    east = east + (wave + swell) / 1.5
    latitude = np.radians(y)
    magic = 1 - _ECCENTRICITY * np.sin(latitude) ** 2
    north = north * 180.0 / (_AXIS * (1 - _ECCENTRICITY) / (magic * np.sqrt(magic)) * np.pi)
    east = east * 180.0 / (_AXIS / np.sqrt(magic) * np.cos(latitude) * np.pi)
    return east, north


def _waves(values: Degrees, *terms: tuple[float, float]) -> Degrees:
    total = np.zeros_like(values)
    for height, length in terms:
        total = total + height * np.sin(values / length * np.pi)
    return total


class Scale(NamedTuple):
    """比例 Scale: metres a degree at one latitude; good to 0.3 % within 30 km north or south."""

    east: float
    north: float

    @classmethod
    def at(cls, lat: float) -> Scale:
        """某纬度处的比例, after the ellipsoid WGS-84."""
        angle = math.radians(lat)
        north = 111132.954 - 559.822 * math.cos(2 * angle) + 1.175 * math.cos(4 * angle)
        east = 111412.84 * math.cos(angle) - 93.5 * math.cos(3 * angle)
        return cls(east, north)


def metres_between(one: Point, other: Point) -> float:
    """两点距离 in metres on the local scale; for distances inside a city."""
    scale = Scale.at((one.lat + other.lat) / 2)
    return math.hypot((one.lon - other.lon) * scale.east, (one.lat - other.lat) * scale.north)
