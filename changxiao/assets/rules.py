"""普查规则 rules: what a row of a census must say, and what is wrong with it. No tables, no clock.

Columns follow the survey sheet of GB/T 30428.2 (domain.md §2); columns that nobody knows are kept
as attributes. A row is taken whole or not at all, and each fault names column, value and remedy.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from changxiao.kernel import codes, geo
from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "code": ("code", "部件代码", "代码", "标识码", "部件编码"),
    "name": ("name", "名称", "部件名称"),
    "lon": ("lon", "经度", "x", "longitude"),
    "lat": ("lat", "纬度", "y", "latitude"),
    "state": ("state", "状态"),
    "oversight": ("oversight", "主管部门"),
    "owner_unit": ("owner_unit", "权属单位"),
    "maintainer": ("maintainer", "养护单位", "管养单位", "维护单位"),
    "unit_grid_code": ("unit_grid", "unit_grid_code", "所在单元网格", "单元网格"),
}
REQUIRED = ("code", "lon", "lat")
UNITS = ("oversight", "owner_unit", "maintainer")
STATES = {
    "完好": "intact",
    "破损": "damaged",
    "丢失": "lost",
    "废除": "abolished",
    "移除": "removed",
}
MAX_TEXT = 200
PLACES = 7  # decimals of a degree: a centimetre
_SCIENTIFIC = re.compile(r"\d(\.\d+)?E\+?1[45]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Fault:
    """问题: why a row is not taken; `row` as the spreadsheet numbers it."""

    row: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Known:
    """已知: what a row may refer to: sub-classes by four digits, units by code and by name.

    `grid_at` answers the unit grid of a point, "" where none is laid out; outside the city it
    refuses.
    """

    subcategories: Mapping[str, Any]
    units: Mapping[str, Any]
    crs: str = "wgs84"
    grid_at: Callable[[float, float], str] = lambda _lon, _lat: ""
    scheme: codes.CodeScheme = field(default_factory=codes.component_scheme)


@dataclass(frozen=True, slots=True)
class Draft:
    """一行: a component as the census has it."""

    code: str
    name: str
    lon: float
    lat: float
    state: str
    subcategory: Any
    units: Mapping[str, Any]
    unit_grid_code: str
    attributes: Mapping[str, str]


def heading(cells: Sequence[str]) -> list[str]:
    """表头: the known name of each column, or its own; Refused("census_columns") if one lacks."""
    aliases = {alias: name for name, others in COLUMNS.items() for alias in others}
    names = [aliases.get(cell.lower(), cell) for cell in cells]
    missing = [COLUMNS[name][1] for name in REQUIRED if name not in names]
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if missing or twice:
        told = {"missing": "、".join(missing) or "-", "twice": "、".join(twice) or "-"}
        sentence = _("普查表的表头不合：缺少 %(missing)s，重复 %(twice)s；请改第一行")
        raise Refused("census_columns", sentence % told, field="file")
    return names


def read(row: int, names: Sequence[str], cells: Sequence[str], known: Known) -> Draft | list[Fault]:
    """读一行: the component, or all that is wrong with the row."""
    told = dict(zip(names, cells, strict=False))
    faults: list[Fault] = []

    def fault(column: str, reason: str) -> None:
        title = COLUMNS[column][1] if column in COLUMNS else column
        faults.append(Fault(row, title, told.get(column, "")[:80], reason))

    subcategory = _subcategory(told, known, fault)
    lon, lat, located = _place(told, known, fault)
    units = {name: _unit(name, told, known, fault) for name in UNITS}
    state = _state(told, fault)
    grid = told.get("unit_grid_code", "") or located
    if grid and not (grid.isascii() and grid.isdigit() and len(grid) <= 24):
        fault("unit_grid_code", _("单元网格代码须为数字"))
    for name, value in told.items():
        if not value.isprintable():
            fault(name, _("含有换行或不可见字符，请删去"))
    extra = {name: value for name, value in told.items() if name and name not in COLUMNS and value}
    for name, value in extra.items():
        if len(value) > MAX_TEXT:
            fault(name, _("内容超过 200 字，请缩短"))
    if faults:
        return faults
    name = told.get("name", "")[:120] or str(subcategory)
    return Draft(told["code"], name, lon, lat, state, subcategory, units, grid, extra)


def _subcategory(told: Mapping[str, str], known: Known, fault: Any) -> Any:
    code = told.get("code", "")
    if _SCIENTIFIC.fullmatch(code):
        fault("code", _("代码被存成数字，末位已失真；请把该列设为文本后重新导出"))
        return None
    try:
        parts = known.scheme.parse(code)
    except Refused as refused:
        fault("code", refused.sentence)
        return None
    found = known.subcategories.get(parts["category"] + parts["subcategory"])
    if found is None:
        fault("code", _("代码第 7–10 位不是目录中的部件小类；请核对代码或先补目录"))
    return found


def _place(told: Mapping[str, str], known: Known, fault: Any) -> tuple[float, float, str]:
    numbers = []
    for column in ("lon", "lat"):
        try:
            numbers.append(float(told.get(column, "")))
        except ValueError:
            fault(column, _("不是以度表示的小数，例如 116.681234"))
    if len(numbers) != 2:
        return 0.0, 0.0, ""
    try:
        if known.crs == "wgs84":
            geo.check_degrees(*numbers)
            lon, lat = numbers
        else:
            lon, lat = geo.to_wgs84(numbers[0], numbers[1], known.crs)
        lon, lat = round(lon, PLACES), round(lat, PLACES)
        return lon, lat, known.grid_at(lon, lat)
    except Refused as refused:
        fault(refused.field or "lon", refused.sentence)
        return 0.0, 0.0, ""


def _unit(name: str, told: Mapping[str, str], known: Known, fault: Any) -> Any:
    value = told.get(name, "")
    if not value:
        return None
    found = known.units.get(value)
    if found is None:
        fault(name, _("机构表中没有这个代码或名称；请先建机构或改正"))
    return found


def _state(told: Mapping[str, str], fault: Any) -> str:
    value = told.get("state", "") or "完好"
    state = STATES.get(value, value)
    if state not in STATES.values():
        fault("state", _("状态须为完好、破损、丢失、废除、移除之一"))
    return state
