"""通报来料: what a bulletin is made of: a result and the names for its codes. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from changxiao.evaluation.bulletins.layout import Picture
from changxiao.evaluation.periods import Period, read_period
from changxiao.evaluation.rates import percent
from changxiao.kernel.words import gettext as _

LISTED, TOO_FEW, NO_DATA = "listed", "too_few", "no_data"
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Measure:
    """指标, as far as a bulletin speaks of it; `how` says how it counts."""

    title: str
    kind: str
    better: str
    how: str

    @property
    def share(self) -> bool:
        return self.kind == "rate"


@dataclass(frozen=True, slots=True)
class HonorRule:
    """红黑榜的一张."""

    title: str
    color: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """奖惩决定 that stands: what is done, who decided (and who looked again), when and why."""

    words: str
    reason: str
    date: date
    decided_by: str
    confirmed_by: str = ""


@dataclass(frozen=True, slots=True)
class Objected:
    """成立的申诉: what it changed."""

    n: int
    group: str
    indicator: str
    numerator: int
    denominator: int
    before: str
    after: str
    opinion: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Praised:
    """亮点: a former repeat spot, found first on `first`, closed last on `closed`, then clean for
    `days`, on `visits` of which its community was patrolled; its pictures before and after."""

    place: str
    category: str
    times: int
    first: date
    closed: date
    days: int
    visits: int
    pictures: Sequence[Picture] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """通报来料: `told` is result.json, `before` that of the period before (None: there is none),
    `gap` the percentage points from which a unit is weak."""

    told: Mapping[str, Any]
    digest: str
    names: Mapping[str, str]
    measures: Mapping[str, Measure]
    lists: Mapping[str, HonorRule] = field(default_factory=dict)
    points: Mapping[str, str] = field(default_factory=dict)  # titles of adjustments
    number: str = ""
    revision: int = 1
    state: str = "draft"
    signed: str = ""
    dated: date | None = None
    objections: Sequence[Objected] = ()
    objections_all: int = 0
    decisions: Mapping[tuple[str, str], Decided] = field(default_factory=dict)  # list, group
    before: Mapping[str, Any] | None = None
    gap: Decimal = Decimal(5)
    highlights: Sequence[Praised] = ()
    outlines: Mapping[str, Any] = field(default_factory=dict)  # polygons of rings of lon, lat

    @property
    def rows(self) -> list[Row]:
        return list(self.told["rows"])

    @property
    def listed(self) -> list[Row]:
        """列入排名的, in their order."""
        return [row for row in self.told["rows"] if row["status"] == LISTED]

    @property
    def keys(self) -> list[str]:
        """指标 of the result; rates first."""
        found = {cell["indicator"] for row in self.told["rows"] for cell in row["cells"]}
        return sorted(found, key=lambda key: (self.measure(key).kind == "count", key))

    @property
    def period(self) -> Period:
        told = self.told["period"]
        return read_period(told["label"], ZoneInfo(told["tz"]))

    @property
    def noun(self) -> str:
        """被评的是什么."""
        return nouns()[self.told["scheme"]["group"]]

    def name(self, code: str) -> str:
        """名称, the code where there is none."""
        return self.names.get(code, code)

    def measure(self, key: str) -> Measure:
        """指标; one that the library no longer has stands for itself."""
        return self.measures.get(key) or Measure(key, "count", "", "")

    def names_of(self, rows: Sequence[Row], most: int = 10, *, counted: bool = False) -> str:
        """名单, cut with its count; `counted`, where the sentence says it already."""
        names = [self.name(row["code"]) for row in rows]
        shown = _("、").join(names[:most])
        if len(names) <= most:
            return shown
        if counted:
            return _("%(names)s等") % {"names": shown}
        return _("%(names)s 等 %(count)d 个") % {"names": shown, "count": len(names)}


@dataclass(frozen=True, slots=True)
class Total:
    """全市合计 of one indicator, over all groups and what belongs to none."""

    numerator: int
    denominator: int
    excluded: int

    @property
    def percent(self) -> str:
        found = percent(Decimal(self.numerator), Decimal(self.denominator))
        return "" if found is None else f"{found:f}"


def total(told: Mapping[str, Any], key: str) -> Total:
    """合计."""
    cells = [cell for row in told["rows"] for cell in row["cells"] if cell["indicator"] == key]
    cells += [cell for cell in told["unassigned"] if cell["indicator"] == key]
    parts = ("numerator", "denominator", "excluded")
    return Total(*(sum(cell[part] for cell in cells) for part in parts))


def nouns() -> dict[str, str]:
    """被评对象的称呼, by the scheme's group."""
    return {
        "district": _("区县"),
        "street": _("街道"),
        "community": _("社区"),
        "duty_grid": _("责任网格"),
        "department": _("处置单位"),
        "contractor": _("管养单位"),
        "person": _("人员"),
        "subject": _("责任单位"),
        "junction": _("路口"),
    }


def period_words(period: Period) -> str:
    """考核期，写成字."""
    first = period.first_date
    told = {"year": first.year, "month": first.month, "day": first.day}
    if period.kind == "month":
        return _("%(year)s年%(month)s月") % told
    if period.kind == "quarter":
        n = (first.month + 2) // 3
        return _("%(year)s年第%(zh)s季度") % {**told, "n": n, "zh": "一二三四"[n - 1]}
    if period.kind == "week":
        year, week, _day = first.isocalendar()
        return _("%(year)s年第%(week)s周") % {"year": year, "week": week}
    return _("%(year)s年") % told if period.kind == "year" else day_words(first)


def day_words(day: date) -> str:
    """日期，写成字 (GB/T 9704-2012, 7.3.5.5: Arabic figures, no leading nought)."""
    told = {"year": day.year, "month": day.month, "day": day.day, "iso": day.isoformat()}
    return _("%(year)s年%(month)s月%(day)s日") % told
