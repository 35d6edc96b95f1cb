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

from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _

CITIES = Path(__file__).resolve().parent.parent / "cities"


@dataclass(frozen=True, slots=True)
class City:
    """城市: code and names, time zone, day table, working windows by kind of unit.

    `calendar` names the day table (`cities/calendars/<name>.csv`); None: the weekday rule holds.
    """

    code: str
    name: str
    folder: Path
    tz: str
    calendar: str | None = None
    windows: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)


@cache
def city(code: str) -> City:
    """城市: by its code or its folder's name. Refused `city_unknown` lists those there are."""
    known = {path.parent.name: path for path in sorted(CITIES.glob("*/city.toml"))}
    if code not in known:
        raise Refused(
            "city_unknown",
            _("没有城市“%(code)s”的数据：可用 %(known)s。")
            % {"code": code, "known": "、".join(known)},
            field="city",
        )
    told = tomllib.loads(known[code].read_text(encoding="utf-8"))
    return City(
        code=told["code"],
        name=told["name"],
        folder=known[code].parent,
        tz=told["tz"],
        calendar=told.get("calendar"),
        windows=told.get("windows", {}),
    )
