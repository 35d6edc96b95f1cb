"""核对来单 checking: a row as read, against what is here: sub-category, place and number."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from changxiao.cases import rules, subjects
from changxiao.catalog.models import Subcategory
from changxiao.kernel.bigrams import normalised
from changxiao.kernel.day import local_time
from changxiao.kernel.refused import Refused
from changxiao.workorders.actions import Placed
from changxiao.workorders.mapping import Columns, Flaw, Incoming, read_row
from changxiao.workorders.models import OrderBatch, OrderSource, WorkOrder
from changxiao.workorders.reading import Cells
from changxiao.workorders.spotting import spot

CHUNK = 500


@dataclass(slots=True)
class Checker:
    """核对器 of one source: every row of one file, or one order of the API, by the same rules."""

    source: OrderSource
    columns: Columns | None = None
    batch: OrderBatch | None = None
    seen: dict[str, int] = field(default_factory=dict)
    unmapped: dict[str, int] = field(default_factory=dict)
    _subjects: Mapping[str, Subcategory] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # By key, by number and by name; a name that two kinds share means the event.
        found: dict[str, Subcategory] = {}
        for row in sorted(subjects.enabled(), key=lambda one: one.kind):
            for name in (row.key, row.name, row.label):
                found[normalised(name)] = row
        self._subjects = found

    def row(self, number: int, cells: Cells, zone: ZoneInfo) -> Placed:
        """核对一行; raises Flaw."""
        assert self.columns is not None
        told = read_row(cells, self.columns, zone)
        if first := self.seen.get(told.number):
            remedy = _("与第 %(row)d 行编号重复，只收前一行") % {"row": first}
            raise self.flaw("number", told.number, remedy)
        self.seen[told.number] = number
        return self.placed(told, row=number)

    def flaw(self, name: str, value: str, remedy: str) -> Flaw:
        """一处问题, by the name that the file gives the column."""
        columns = self.columns or Columns([], {})
        return Flaw(columns.heading(name), value, remedy)

    def placed(self, told: Incoming, *, row: int = 0) -> Placed:
        """有了小类和位置的来单; raises Flaw."""
        subject = self.subject(told.category)
        if subject is None:
            self.unmapped[told.category] = self.unmapped.get(told.category, 0) + 1
            remedy = _("没有对应的小类：请在类别对照里为它选一个，或为其余类别选一个")
            raise self.flaw("category", told.category, remedy)
        try:
            found = spot(
                self.source, address=told.address, area=told.area, lon=told.lon, lat=told.lat
            )
        except Refused as no:
            raise self.flaw("lon", f"{told.lon}, {told.lat}", no.sentence) from None
        if found is None:
            remedy = _("看不出在哪个区、街道或社区：请补上，或填经纬度，或为来源设默认区域")
            raise self.flaw("address", told.address or told.area, remedy)
        point, by = found
        return Placed(told, subject, point, by, self.batch, row)

    def subject(self, category: str) -> Subcategory | None:
        """小类: by the source's own table, else by our key or name, else the source's rest."""
        told = self.source.categories
        key = told.get(category) or told.get(category.strip())
        for name in (key, category, *_parts(category), self.source.subject):
            if name and (found := self._subjects.get(normalised(name))):
                return found
        return None


def _parts(category: str) -> Iterable[str]:
    """ "城市管理-市容环卫-暴露垃圾" is known by its last part."""
    for mark in ("/", "-", "—", ">", "\\", "、"):
        if mark in category:
            yield category.rpartition(mark)[2].strip()


@dataclass(frozen=True, slots=True)
class Held:
    """此前已收: the case that a number has, and what its order said then."""

    case: str
    description: str
    category: str
    limit: datetime | None

    @classmethod
    def of(cls, order: WorkOrder) -> Held:
        """所收的 of an order that is read already."""
        case = order.case
        return cls(case.number, case.description, order.category, order.limit_at)

    def changed(self, told: Incoming) -> dict[str, tuple[str, str]]:
        """内容变化: field → what it was and what it is in this row; an empty cell changes nothing.
        The limit may have moved with their consent: then theirs and ours agree."""
        limit = _clock(self.limit)
        pairs = {
            "description": (self.description, told.description[: rules.MOST_DESCRIPTION]),
            "category": (self.category, told.category[:200]),
            "limit": (limit, _clock(told.limit)),
        }
        return {n: (a, b) for n, (a, b) in pairs.items() if b and a.split() != b.split()}


def _clock(moment: datetime | None) -> str:
    """By the city's clock, to the minute, as sheets have it."""
    return f"{local_time(moment):%Y-%m-%d %H:%M}" if moment else ""


def known_numbers(source: str, numbers: Collection[str]) -> dict[str, Held]:
    """此前已收: of these numbers, with the case of each."""
    rows = WorkOrder.everything.filter(source=source, number__in=numbers)
    return {order.number: Held.of(order) for order in rows.select_related("case")}
