"""对照表 mapping: what the columns and values of a foreign list mean in our words. Pure.

A mapping is a TOML file (docs/import.md lists every key). Those that come with the product live
with their city, `cities/<city>/mappings/<name>.toml`; any other is named by its path.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping as Table
from dataclasses import dataclass, field
from datetime import time
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from changxiao.cases.importing.keys import Keys
from changxiao.kernel.city import CITIES
from changxiao.kernel.geo import Crs
from changxiao.kernel.refused import Refused

NEEDED = ("number", "reported_at", "lon", "lat")
FIELDS = (
    *NEEDED,
    "completed_at",
    "due_at",
    "seen_at",
    "status",
    "criterion",
    "subcategory",
    "unit",
    "channel",
    "address",
    "description",
    "note",
)
ENDS = ("open", "closed", "declined", "duplicate")
POSTS = ("collector", "intake", "shift_leader", "dispatcher")
COORDINATES = ("detect", "as_headed", "swapped")
REPEATS = ("first",)
# Office hours that stand in where a list has days only and its mapping names no hours.
MORNING, AFTERNOON = (time(8), time(12)), (time(13), time(17))


@dataclass(frozen=True, slots=True)
class Status:
    """状态含义: how far a row's case went, whether the source calls it overdue, and why not taken.

    `overdue` None: the source says nothing of it.
    """

    to: str
    overdue: bool | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """取值对照: a cell's value to our code: by table, else by prefix, else the default."""

    values: Table[str, str] = field(default_factory=dict)
    prefix: str | None = None
    default: str | None = None

    def of(self, value: str) -> str | None:
        """对应代码; None where the table does not know the value."""
        if value in self.values:
            return self.values[value]
        if self.prefix is not None and value:
            return self.prefix + value
        return self.default


@dataclass(frozen=True, slots=True)
class Times:
    """时间写法: formats tried in order; the hours that stand in where the source has only days."""

    formats: tuple[str, ...]
    reported: tuple[time, time]
    completed: tuple[time, time]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """对照表: read by `load`; `columns` gives each of our fields the headings it may have.

    The number alone may be made of several columns, all of which count.
    """

    name: str
    city: str
    source: str
    columns: Table[str, tuple[str, ...]]
    times: Times
    status: Table[str, Status]
    status_default: Status | None
    criterion: Choice
    subcategory: Choice
    unit: Choice
    channel: Choice
    actors: Table[str, str]
    note: str
    crs: Crs = Crs.WGS84
    coordinates: str = "detect"
    repeats: str = "first"

    @property
    def origin(self) -> str:
        """来源名: what the entries say of where they come from."""
        return f"import:{self.name}"


def load(name: str) -> Mapping:
    """读对照表: by the name of a built-in one or the path of a file.

    Raises Refused: mapping_unknown, mapping_unreadable, mapping_key.
    """
    path = known().get(name) or Path(name)
    if not path.is_file():
        message = _("没有对照表“%(name)s”：可用 %(known)s，或给出 .toml 文件的路径")
        values = {"name": name, "known": "、".join(known())}
        raise Refused("mapping_unknown", message % values, field="mapping")
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        message = _("对照表“%(name)s”读不出：%(why)s；请按 TOML 格式更正")
        values = {"name": path.name, "why": str(wrong)}
        raise Refused("mapping_unreadable", message % values, field="mapping") from None
    return parse(told, name=path.stem)


def known() -> dict[str, Path]:
    """内置对照表: by name."""
    return {path.stem: path for path in sorted(CITIES.glob("*/mappings/*.toml"))}


def parse(told: dict[str, Any], *, name: str) -> Mapping:
    """解析对照表; Refused `mapping_key` names the key, its value and what may stand there."""
    keys = Keys(told, name)
    made = Mapping(
        name=keys.text("name", name, most=33),
        city=keys.text("city", ""),
        source=keys.text("source", ""),
        columns=_columns(keys.table("columns")),
        times=_times(keys.table("times")),
        **_statuses(keys.table("status")),
        criterion=_choice(keys.table("criterion")),
        subcategory=_choice(keys.table("subcategory")),
        unit=_choice(keys.table("unit")),
        channel=_choice(keys.table("channel"), default="imported"),
        actors=_actors(keys.table("actors")),
        note=keys.text("note", ""),
        crs=Crs(keys.one_of("crs", [crs.value for crs in Crs], Crs.WGS84.value)),
        coordinates=keys.one_of("coordinates", COORDINATES, "detect"),
        repeats=keys.one_of("repeats", REPEATS, "first"),
    )
    keys.done()
    return made


def _columns(keys: Keys) -> dict[str, tuple[str, ...]]:
    found = {name: keys.texts(name) for name in FIELDS if keys.has(name)}
    for name in NEEDED:
        if name not in found:
            raise keys.refuse(name, "", _("必须指明本列的表头"))
    keys.done()
    return found


def _times(keys: Keys) -> Times:
    formats = keys.texts("formats")
    if not formats:
        raise keys.refuse("formats", "", _("请列出时间写法，如 %%Y-%%m-%%d") % {})
    made = Times(
        formats,
        keys.span("reported", MORNING),
        keys.span("completed", AFTERNOON),
    )
    keys.done()
    return made


def _statuses(keys: Keys) -> dict[str, Any]:
    values = keys.table("values")
    found = {value: _status(values.table(value)) for value in values.names()}
    default = _status(keys.table("default")) if keys.has("default") else None
    keys.done()
    return {"status": found, "status_default": default or (None if found else Status("closed"))}


def _status(keys: Keys) -> Status:
    made = Status(
        keys.one_of("to", ENDS, ""), keys.flag("overdue"), keys.text("reason", "", most=400)
    )
    if made.to in {"declined", "duplicate"} and not made.reason:
        raise keys.refuse("reason", "", _("请写明不予受理的理由"))
    keys.done()
    return made


def _choice(keys: Keys, *, default: str | None = None) -> Choice:
    values = keys.table("values")
    made = Choice(
        {name: values.text(name, "") for name in values.names()},
        keys.text("prefix", "") if keys.has("prefix") else None,
        keys.text("default", "") if keys.has("default") else default,
    )
    keys.done()
    return made


def _actors(keys: Keys) -> dict[str, str]:
    units = keys.table("handler")
    found = {post: keys.text(post, "") for post in POSTS if keys.has(post)}
    found |= {f"handler/{unit}": units.text(unit, "") for unit in units.names()}
    keys.done()
    return found
