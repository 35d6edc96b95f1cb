"""城市 city: what is fixed about a city before any table is filled, read from its folder of data.

`changxiao/cities/<folder>/city.toml`; a city is data and nothing here knows one by name.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from changxiao.kernel.codes import GRID_SEGMENTS
from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _

CITIES = Path(__file__).resolve().parent.parent / "cities"


@dataclass(frozen=True, slots=True)
class City:
    """城市: code and names, time zone, day table, working windows by kind of unit, place facts.

    `calendar` names the day table (`cities/calendars/<name>.csv`); None: the weekday rule holds.
    `crs` is the datum its forms and maps speak, `grid` the lengths of a grid code's segments,
    `centre` (lon, lat) and `bbox` (west, south, east, north) are WGS-84, `ground` tells how
    outlines that have no source are drawn (areas.generate).
    """

    code: str
    name: str
    folder: Path
    tz: str
    calendar: str | None = None
    windows: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    name_en: str = ""
    language: str = "zh-hans"
    crs: str = "wgs84"
    centre: tuple[float, float] = (0.0, 0.0)
    bbox: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    grid: Mapping[str, int] = field(default_factory=lambda: GRID_SEGMENTS)
    ground: Mapping[str, Any] = field(default_factory=dict)


@cache
def city(code: str) -> City:
    """城市: by its code, folder or name. Refused `city_unknown` lists those there are."""
    for one in cities():
        if code in {one.code, one.folder.name, one.name, one.name_en}:
            return one
    known = "、".join(one.folder.name for one in cities())
    raise Refused(
        "city_unknown",
        _("没有城市“%(code)s”的数据：可用 %(known)s。") % {"code": code, "known": known},
        field="city",
    )


@cache
def cities() -> tuple[City, ...]:
    """全部城市: those whose data come with the product, by folder."""
    return tuple(_read(path) for path in sorted(CITIES.glob("*/city.toml")))


def _read(path: Path) -> City:
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    place = told.get("place", {})
    return City(
        code=told["code"],
        name=told["name"],
        folder=path.parent,
        tz=told["tz"],
        calendar=told.get("calendar"),
        windows=told.get("windows", {}),
        name_en=told.get("name_en", ""),
        language=told.get("language", "zh-hans"),
        crs=place.get("crs", "wgs84"),
        centre=tuple(place.get("centre", (0.0, 0.0))),
        bbox=tuple(place.get("bbox", (0.0, 0.0, 0.0, 0.0))),
        grid={**GRID_SEGMENTS, **place.get("grid", {})},
        ground=told.get("ground", {}),
    )
