"""读观测表: a sheet's rows become observations, or faults by cell with the nearest name. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from difflib import get_close_matches
from zoneinfo import ZoneInfo

from changxiao.evaluation.indicators.base import NUMBER
from changxiao.evaluation.indicators.observed import ROWS
from changxiao.evaluation.scoring.reading import Fault
from changxiao.kernel.refused import Refused
from changxiao.kernel.sheets import column, read_day
from changxiao.kernel.words import gettext as _

KINDS = {row.key: row for row in ROWS if row.table.name == "observations"}
SUBJECTS = ("junction", "unit", "place")
MOST_ROWS, MOST_TEXT, MOST_COUNT = 2000, 64, 10**9
_NEEDED = ("item", "kind", "subject", "observed_at", "numerator")

Row = dict[str, str | int]


@dataclass(frozen=True, slots=True)
class Known:
    """本市所有: the codes of units, districts and streets, the city's zone, and what time it is."""

    department: Sequence[str]
    district: Sequence[str]
    street: Sequence[str]
    zone: ZoneInfo
    now: datetime


@dataclass(slots=True)
class Read:
    """读出的表: its rows, and what must be put right before any of them is taken."""

    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def headings() -> dict[str, str]:
    """列名 of the sheet, in order; the English names of the columns are read too."""
    return {
        "item": _("观测编号"),
        "kind": _("观测项目"),
        "subject_kind": _("对象类别"),
        "subject": _("对象代码"),
        "department": _("负责单位"),
        "district": _("区代码"),
        "street": _("街道代码"),
        "observed_at": _("观测时间"),
        "numerator": _("符合数或得分"),
        "denominator": _("观测数或满分"),
    }


def subject_kinds() -> dict[str, str]:
    """对象类别, by what a sheet calls them."""
    return {_("路口"): "junction", _("单位"): "unit", _("点位"): "place"}


def read(table: Sequence[Sequence[str]], known: Known) -> Read:
    """读表. Refused `table_unreadable` without the headings, `table_empty`, `file_long`."""
    places = _head(table)
    rows = [(n, row) for n, row in enumerate(table[1:], 2) if any(cell.strip() for cell in row)]
    if not rows:
        raise Refused("table_empty", _("表里没有任何观测"), field="file")
    if len(rows) > MOST_ROWS:
        sentence = _("一张表最多 %(most)d 行，请分开导入") % {"most": MOST_ROWS}
        raise Refused("file_long", sentence, field="file")
    found, seen = Read(), set[tuple[str | int, ...]]()
    for number, cells in rows:
        reader = _Row(number, cells, places, known, found.faults)
        row = reader.read()
        if (row["item"], row["kind"]) in seen:
            reader.fault("item", _("同一编号的同一项目在表里出现两次"))
        seen.add((row["item"], row["kind"]))
        found.rows.append(row)
    return found


def _head(table: Sequence[Sequence[str]]) -> dict[str, int]:
    told = ["".join(cell.split()) for cell in table[0]] if table else []
    heads = headings()
    places = {
        name: told.index(title)
        for name, written in heads.items()
        for title in (name, written)
        if title in told
    }
    missing = [heads[name] for name in _NEEDED if name not in places]
    if missing:
        sentence = _("第一行缺少列：%(missing)s") % {"missing": "、".join(missing)}
        raise Refused("table_unreadable", sentence, field="file")
    return places


@dataclass(slots=True)
class _Row:
    number: int
    cells: Sequence[str]
    places: Mapping[str, int]
    known: Known
    faults: list[Fault]

    def read(self) -> Row:
        kind = self._kind()
        count = KINDS.get(kind)
        numerator = self._count("numerator")
        # A plain count has no whole; whoever fills in one anyway means nothing by it.
        denominator = 0 if count and count.kind == NUMBER else self._count("denominator")
        if count and count.kind != NUMBER and numerator > denominator:
            self.fault("numerator", _("符合数不能多于观测数"))
        return {
            "item": self._text("item"),
            "kind": kind,
            "subject_kind": self._subject_kind(),
            "subject": self._text("subject"),
            **{name: self._code(name) for name in ("department", "district", "street")},
            "observed_at": self._moment(),
            "numerator": numerator,
            "denominator": denominator,
        }

    def told(self, name: str) -> str:
        at = self.places.get(name, len(self.cells))
        return self.cells[at].strip() if at < len(self.cells) else ""

    def fault(self, name: str, remedy: str) -> None:
        at = self.places.get(name, self.places["item"])
        self.faults.append(Fault(f"{column(at)}{self.number}", self.told(name)[:40], remedy))

    def _text(self, name: str) -> str:
        told = self.told(name)
        if not told or len(told) > MOST_TEXT:
            self.fault(name, _("请填写，最多 %(most)d 个字") % {"most": MOST_TEXT})
        return told[:MOST_TEXT]

    def _kind(self) -> str:
        told, titles = self.told("kind"), {row.zh: key for key, row in KINDS.items()}
        if told not in KINDS and told not in titles:
            self._unknown("kind", [*titles, *KINDS])
        return titles.get(told, told)

    def _subject_kind(self) -> str:
        words = subject_kinds()
        told = self.told("subject_kind") or "junction"
        if told not in words and told not in SUBJECTS:
            self._unknown("subject_kind", list(words))
        return words.get(told, told)

    def _code(self, name: str) -> str:
        told, codes = self.told(name), getattr(self.known, name)
        if told and told not in codes:
            self._unknown(name, codes)
        return told

    def _unknown(self, name: str, known: Sequence[str]) -> None:
        told = self.told(name)
        near = get_close_matches(told, known, 1, 0.4)
        words = {"told": told[:40], "near": near[0] if near else "、".join(list(known)[:8])}
        self.fault(name, _("没有“%(told)s”，可写 %(near)s") % words)

    def _count(self, name: str) -> int:
        told = self.told(name)
        if told.isascii() and told.isdecimal() and int(told) <= MOST_COUNT:
            return int(told)
        self.fault(name, _("请写不小于 0 的整数"))
        return 0

    def _moment(self) -> str:
        day, _space, clock = self.told("observed_at").replace("T", " ").partition(" ")
        try:
            hours = time.fromisoformat(clock.strip().zfill(5)) if clock.strip() else time()
            found = datetime.combine(read_day(day), hours, tzinfo=self.known.zone)
        except (ValueError, Refused):
            self.fault("observed_at", _("请写日期或日期加时间，如 2026-10-08 09:30"))
            return ""
        if found > self.known.now:
            self.fault("observed_at", _("观测时间在将来"))
        return found.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
