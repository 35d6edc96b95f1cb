"""对照 mapping: what a source's columns mean, and what a row of them says. Pure.

The common names of columns are known; a source's own come before them. A row becomes an `Incoming`
or a `Flaw` that names the column, the value and the remedy.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from changxiao.kernel.words import gettext as _
from changxiao.workorders import reading
from changxiao.workorders.reading import Cells, heading, plain

MOST_NUMBER = 60
NONE = "—"  # stands first where a person said that the file has no such column
NEEDED = ("number", "description")
# Who rang: told to nobody who need not know, and never sent back.
PERSONAL = frozenset({"name", "phone"})
FIELDS: Mapping[str, str | Promise] = {
    "number": gettext_lazy("工单编号"),
    "limit": gettext_lazy("办理时限"),
    "received": gettext_lazy("受理时间"),
    "name": gettext_lazy("来电人姓名"),
    "phone": gettext_lazy("来电人电话"),
    "title": gettext_lazy("标题"),
    "description": gettext_lazy("诉求内容"),
    "category": gettext_lazy("诉求类别"),
    "area": gettext_lazy("所属区域"),
    "address": gettext_lazy("事发地址"),
    "lon": gettext_lazy("经度"),
    "lat": gettext_lazy("纬度"),
    "callback": gettext_lazy("是否回访"),
}
COMMON: Mapping[str, Sequence[str]] = {
    "number": (
        "工单编号",
        "工单号",
        "受理编号",
        "受理单号",
        "信件编号",
        "来信编号",
        "任务编号",
        "交办编号",
        "编号",
    ),
    "limit": (
        "办理时限",
        "办结时限",
        "截止时间",
        "办理截止时间",
        "截止日期",
        "应办结时间",
        "要求办结时间",
        "到期时间",
        "时限",
    ),
    "received": (
        "受理时间",
        "来电时间",
        "诉求时间",
        "登记时间",
        "交办时间",
        "派单时间",
        "来信时间",
        "发布时间",
        "创建时间",
    ),
    "name": ("来电人", "来电人姓名", "诉求人", "诉求人姓名", "联系人", "姓名", "反映人", "信访人"),
    "phone": (
        "来电号码",
        "联系电话",
        "来电人电话",
        "联系方式",
        "电话",
        "手机号",
        "诉求人电话",
        "联系号码",
    ),
    "title": ("标题", "工单标题", "诉求标题", "主题"),
    "description": (
        "诉求内容",
        "问题描述",
        "反映内容",
        "工单内容",
        "内容",
        "主要内容",
        "事项内容",
        "交办内容",
        "诉求描述",
    ),
    "category": (
        "诉求类别",
        "问题类别",
        "诉求类型",
        "问题类型",
        "问题分类",
        "类别",
        "事项分类",
        "内容分类",
        "诉求分类",
    ),
    "area": (
        "所属区域",
        "区域",
        "所属区县",
        "区县",
        "所属街道",
        "街道",
        "镇街",
        "社区",
        "所属社区",
    ),
    "address": (
        "事发地址",
        "地址",
        "发生地址",
        "问题地址",
        "地点",
        "事发地点",
        "诉求地址",
        "详细地址",
    ),
    "lon": ("经度", "lng", "lon", "longitude", "坐标X"),
    "lat": ("纬度", "lat", "latitude", "坐标Y"),
    "callback": ("是否回访", "是否需要回访", "要求回访", "需回访"),
}
_YES = frozenset({"是", "y", "yes", "1", "true", "需要", "要", "√", "需回访", "要求回访"})


class Flaw(Exception):  # noqa: N818 - it is a finding about a row
    """问题行: which column, its value, and what to do about it."""

    def __init__(self, column: str, value: str, remedy: str) -> None:
        super().__init__(remedy)
        self.column, self.value, self.remedy = column, value, remedy

    @property
    def sentence(self) -> str:
        """一句话, for the sheet that goes back."""
        words = _("%(column)s“%(value)s”：%(remedy)s")
        told = {"column": self.column, "value": self.value[:40], "remedy": self.remedy}
        return words % told


@dataclass(frozen=True, slots=True)
class Columns:
    """列位: where each of our fields stands among the headings of this very file."""

    headings: Sequence[str]
    places: Mapping[str, int]

    def cell(self, cells: Cells, name: str) -> str:
        """单元格, "" where the file has no such column."""
        at = self.places.get(name, -1)
        return cells[at] if 0 <= at < len(cells) else ""

    def heading(self, name: str) -> str:
        """列名 as the file has it, else ours."""
        at = self.places.get(name, -1)
        return self.headings[at] if 0 <= at < len(self.headings) else str(FIELDS[name])

    @property
    def missing(self) -> list[str]:
        """缺少的列 that no row can do without."""
        return [name for name in NEEDED if name not in self.places]


def known_names(own: Mapping[str, Sequence[str]]) -> frozenset[str]:
    """认得的列名, ours and the source's own, as they are compared."""
    rows = [*COMMON.values(), *own.values()]
    return frozenset(heading(name) for names in rows for name in names)


def columns_of(headings: Sequence[str], own: Mapping[str, Sequence[str]]) -> Columns:
    """列位 by the source's own names first, then by the common ones; a column serves one field."""
    at = {heading(name): n for n, name in reversed(list(enumerate(headings))) if name}
    places: dict[str, int] = {}
    for table in (own, COMMON):
        for name, wanted in table.items():
            if name in places or name not in FIELDS or NONE in list(own.get(name, ()))[:1]:
                continue
            hit = next((at[heading(w)] for w in wanted if heading(w) in at), None)
            if hit is not None and hit not in places.values():
                places[name] = hit
    return Columns(list(headings), places)


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """来单: what a row says, in plain words; not yet any place or sub-category of ours."""

    number: str
    description: str
    limit: datetime | None = None
    received: datetime | None = None
    name: str = ""
    phone: str = ""
    category: str = ""
    area: str = ""
    address: str = ""
    lon: float | None = None
    lat: float | None = None
    callback: bool = False
    cells: Mapping[str, str] = field(default_factory=dict)


def read_row(cells: Cells, columns: Columns, zone: ZoneInfo) -> Incoming:
    """读一行; raises Flaw."""
    row = _Row(cells, columns)
    lon, lat = row.degrees()
    return Incoming(
        number=row.number(),
        description=row.description(),
        limit=row.moment("limit", zone, end_of_day=True),
        received=row.moment("received", zone),
        name=row["name"][:64],
        phone=plain(row["phone"])[:32],
        category=row["category"],
        area=row["area"],
        address=row["address"][:200],
        lon=lon,
        lat=lat,
        callback=plain(row["callback"]).lower() in _YES,
        cells=dict(zip(columns.headings, cells, strict=False)),
    )


@dataclass(frozen=True, slots=True)
class _Row:
    cells: Cells
    columns: Columns

    def __getitem__(self, name: str) -> str:
        return self.columns.cell(self.cells, name)

    def flaw(self, name: str, remedy: str) -> Flaw:
        return Flaw(self.columns.heading(name), self[name], remedy)

    def number(self) -> str:
        number = plain(self["number"])
        if not number:
            raise self.flaw("number", _("没有编号，请补上来源单位的编号"))
        if reading.spoiled(number):
            remedy = _("长编号被 Excel 变成了科学计数，末尾数字已丢失：请把该列设为文本后重填")
            raise self.flaw("number", remedy)
        if len(number) > MOST_NUMBER:
            remedy = _("编号超过 %(most)d 个字符，请核对") % {"most": MOST_NUMBER}
            raise self.flaw("number", remedy)
        return number

    def description(self) -> str:
        parts = dict.fromkeys((self["title"], self["description"]))
        if not (told := "\n".join(filter(None, parts))):
            raise self.flaw("description", _("内容为空，请补上"))
        return told

    def moment(self, name: str, zone: ZoneInfo, *, end_of_day: bool = False) -> datetime | None:
        if not self[name]:
            return None
        found = reading.moment(self[name], zone, end_of_day=end_of_day)
        if found is None:
            raise self.flaw(name, _("时间读不出：请写成 2026-11-03 08:05"))
        return found

    def degrees(self) -> tuple[float | None, float | None]:
        if not self["lon"] and not self["lat"]:
            return None, None
        if not self["lon"] or not self["lat"]:
            raise self.flaw("lat" if self["lon"] else "lon", _("经度和纬度须一起填写"))
        return self._degree("lon", 180), self._degree("lat", 90)

    def _degree(self, name: str, most: int) -> float:
        try:
            found = float(plain(self[name]))
        except ValueError:
            raise self.flaw(name, _("坐标不是数字，请核对")) from None
        if not -most <= found <= most:  # a not-a-number is not either
            raise self.flaw(name, _("坐标不在地球上，请核对"))
        return found
