"""找位置 spotting: an order seldom has coordinates; the names in its address say where it lies."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from changxiao.areas import search
from changxiao.areas.locate import Locator, locator
from changxiao.kernel.bigrams import normalised
from changxiao.kernel.geo import Point, to_wgs84
from changxiao.kernel.refused import Refused
from changxiao.workorders.models import OrderSource, WorkOrder

Place = WorkOrder.Place
_TAIL = re.compile("(社区居民委员会|社区居委会|居委会|社区|街道办事处|街道|村委会)$")


@dataclass(frozen=True, slots=True)
class _Name:
    kind: str
    code: str
    name: str
    full: str  # with everything above, as `areas.search` finds it
    above: tuple[str, ...]
    short: str  # without 社区, 居委会 and the like


def spot(
    source: OrderSource, *, address: str, area: str, lon: float | None, lat: float | None
) -> tuple[Point, str] | None:
    """位置和依据: coordinates, else the exactest place named, else the source's own area; None."""
    known = locator()
    if lon is not None and lat is not None:
        point = Point(*to_wgs84(lon, lat, source.crs))
        known.at(*point)  # Refused names how far outside it lies
        return point, Place.POINT.value
    named = _named(known, normalised(f"{area} {address}"))
    if named is not None:
        return _point(known, named), named.kind
    if source.area:
        wanted = next((one for one in _names(known) if one.code == source.area), None)
        if wanted is not None:
            return _point(known, wanted), Place.DEFAULT.value
    return None


@lru_cache(4096)
def _named(known: Locator, text: str) -> _Name | None:
    """The community that is named, where no other district or street is; else the wider one."""
    hits = [one for one in _names(known) if one.name in text]
    wide = [one for one in hits if one.kind != "community"]
    for one in hits:
        if one.kind == "community" and all(w.name in one.above for w in wide if w.name != one.name):
            return one
    streets = [one for one in wide if one.kind == "street"]
    shorter = _shorter(known, text, streets)
    return shorter or next(iter([*streets, *wide]), None)


def _shorter(known: Locator, text: str, streets: Sequence[_Name]) -> _Name | None:
    """Within a street that is named, a community is known without its last words too."""
    for one in _names(known):
        if one.kind != "community" or not any(s.name in one.above for s in streets):
            continue
        if len(one.short) > 1 and one.short in text:
            return one
    return None


@lru_cache(4)
def _names(known: Locator) -> tuple[_Name, ...]:
    ground = known.ground
    found = []
    for number, one in enumerate(ground.communities):
        street = ground.streets[int(ground.street_of[number])]
        above = (ground.districts[one.district].name, street.name)
        found.append(_name("community", one.code, one.name, above))
    for street in ground.streets:
        district = ground.districts[street.district]
        found.append(_name("street", street.code, street.name, (district.name,)))
    found += [_name("district", one.code, one.name, ()) for one in ground.districts]
    return tuple(found)


def _name(kind: str, code: str, name: str, above: tuple[str, ...]) -> _Name:
    told, plain = tuple(normalised(one) for one in above), normalised(name)
    return _Name(kind, code, plain, " ".join([*above, name]), told, _TAIL.sub("", plain))


@lru_cache(4096)
def _point(known: Locator, one: _Name) -> Point:
    rows = search.spots(known, one.full, 20)
    found = next((row for row in rows if row.code == one.code), None)
    if found is None:
        raise Refused("place_unknown", one.full, field="address")
    return Point(found.lon, found.lat)
