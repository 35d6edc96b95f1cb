"""地点样本 spots: points spread over the unit grids of the city that a home was set up for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from changxiao.areas.locate import locator

_DIGITS = 7


@dataclass(frozen=True, slots=True)
class Spot:
    """地点: degrees (WGS-84) as entries write them, codes from district to duty grid."""

    lon: str
    lat: str
    district_code: str
    community_code: str
    unit_grid_code: str
    duty_grid_code: str
    address: str


def spots(count: int, seed: int) -> list[Spot]:
    """地点样本: about `count`, never none; fewer where little of the city has unit grids."""
    known, rng = locator(), np.random.default_rng(seed)
    lattice = known.ground.lattice
    tries = max(count * 15, 20_000)
    east, south = lattice.lon(lattice.cols), lattice.lat(lattice.rows)
    lons = np.round(rng.uniform(lattice.west, east, tries), _DIGITS)
    lats = np.round(rng.uniform(south, lattice.north, tries), _DIGITS)
    found = known.many(lons, lats)
    gridded = np.flatnonzero(found.unit >= 0)
    chosen = gridded if len(gridded) else np.flatnonzero(found.community >= 0)
    return [_spot(float(lons[i]), float(lats[i])) for i in chosen[:count]]


def _spot(lon: float, lat: float) -> Spot:
    place = locator().at(lon, lat)
    return Spot(
        lon=f"{lon:.{_DIGITS}f}",
        lat=f"{lat:.{_DIGITS}f}",
        district_code=place.district_code,
        community_code=place.community_code,
        unit_grid_code=place.unit_grid,
        duty_grid_code=place.duty_grid,
        address=f"{place.street}{place.community}",
    )
