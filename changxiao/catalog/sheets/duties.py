"""责任表: each open responsibility a row: what × where → who, from which day, on what basis."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from changxiao.areas import names
from changxiao.catalog import said as words
from changxiao.catalog import where
from changxiao.catalog.actions.duties import (
    Subject,
    body_of,
    end_responsibility,
    key_of,
    set_responsibility,
)
from changxiao.catalog.models import Category, Edition, FilingCriterion, Responsibility, Subcategory
from changxiao.catalog.sheets.grid import Grid, Line
from changxiao.catalog.sheets.plan import ADD, CHANGE, END, Column, Plan, Planned, said, unknown
from changxiao.catalog.sheets.reading import day as read_day
from changxiao.catalog.sheets.reading import whole
from changxiao.kernel.act import Act
from changxiao.kernel.day import today
from changxiao.kernel.refused import Refused
from changxiao.ledger.history import differences
from changxiao.orgs.models import ContractSection, Unit

SHEET = "责任表"
STOP = "终止"
CITY = "全市"
COLUMNS = (
    Column("subject", "对象代码", 14),
    Column("subject_name", "对象", 36),
    Column("area", "区域代码", 14),
    Column("area_name", "区域", 26),
    Column("unit", "单位代码", 12),
    Column("unit_name", "责任单位", 28),
    Column("section", "标段", 18),
    Column("priority", "次序", 7),
    Column("basis", "依据", 30),
    Column("since", "起始日期", 12),
    Column("handling", "处理", 8, (STOP,)),
)
NOTE = (
    "改单位：改“单位代码”或“责任单位”一格即可；新增在末尾加一行，代码或名称写一样就行，全市写“全市”；"
    "终止在“处理”列选“终止”；删掉一行不等于终止；起始日期只用于新增和改过的行，不填从今天起。"
)
Place = tuple[str, str, int]


def rows() -> Iterator[dict[str, str]]:
    """导出各行: those in force or still to begin."""
    for row in current():
        yield told(row)


def current() -> list[Responsibility]:
    """未终止的责任, with what a row names."""
    found = Responsibility.objects.filter(until_date__isnull=True).select_related(
        "unit", "section", "criterion__subcategory", "subcategory", "category"
    )
    return list(found.order_by("area_code", "pk"))


def told(row: Responsibility) -> dict[str, str]:
    """一行的文字."""
    return {
        "subject": key_of(row.subject),
        "subject_name": _name(row.subject),
        "area": row.area_code or CITY,
        "area_name": names.words(row.area_code) if row.area_code else CITY,
        "unit": row.unit.code,
        "unit_name": row.unit.name,
        "section": row.section.section if row.section else "",
        "priority": str(row.priority + 1),
        "basis": row.basis,
        "since": row.since_date.isoformat(),
        "handling": "",
    }


def _name(subject: Subject) -> str:
    if isinstance(subject, FilingCriterion):
        return f"{subject.subcategory.name}：{subject.condition}"
    return subject.name


@dataclass(frozen=True, slots=True)
class _Wish:
    """What a line asks for, every cell of it read."""

    subject: Subject
    area: str
    priority: int
    unit: Unit
    section: ContractSection | None
    basis: str
    since: date | None


def plan(grid: Grid) -> Plan:
    """方案: what the table changes of the open responsibilities."""
    return _Reader(grid).plan()


class _Reader:
    """读表: one table against the rows in force."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.there: dict[Place, Responsibility] = {}
        for row in current():
            place = (key_of(row.subject), row.area_code, row.priority)
            self.there.setdefault(place, row)
        self.subjects = _subjects()
        self.units = {one.code: one for one in Unit.objects.on(today())}
        self.sections = {one.section: one for one in ContractSection.objects.on(today())}
        self.seen: dict[Place, int] = {}

    def plan(self) -> Plan:
        found = Plan(self.grid.sheet, rows=len(self.grid.lines))
        for line in self.grid.lines:
            before = len(self.grid.faults)
            edit = self._edit(line)
            if edit is not None:
                found.edits.append(edit)
            elif len(self.grid.faults) == before:
                found.unchanged += 1
        found.missing = len(self.there.keys() - self.seen.keys())
        found.faults = self.grid.faults
        return found

    def _edit(self, line: Line) -> Planned | None:
        before = len(self.grid.faults)
        subject, area, priority = self._subject(line), self._area(line), self._priority(line)
        if subject is None or area is None or priority is None:
            return None
        place = (key_of(subject), area, priority)
        if place in self.seen:
            remedy = _("与第 %(line)d 行的对象、区域、次序都相同，请只留一行或改次序")
            self.grid.fault(line, "subject", remedy % {"line": self.seen[place]})
            return None
        self.seen[place] = line.number
        row = self.there.get(place)
        if line["handling"]:
            return self._ended(line, row)
        was = told(row) if row else None
        unit = self._unit(line, was)
        section, since = self._section(line), self._since(line, was)
        if unit is None or len(self.grid.faults) > before:
            return None
        wish = _Wish(subject, area, priority, unit, section, line["basis"], since)
        return (
            None if row is not None and self._same(row, wish, line) else self._set(line, row, wish)
        )

    def _same(self, row: Responsibility, wish: _Wish, line: Line) -> bool:
        if (row.unit, row.section) != (wish.unit, wish.section):
            return False
        if said(row.basis) != wish.basis:
            return False
        if wish.since is not None:
            remedy = _("只改了起始日期：要推迟请先终止，再从那天起新增")
            self.grid.fault(line, "since", remedy)
        return True

    def _set(self, line: Line, row: Responsibility | None, wish: _Wish) -> Planned:
        before = body_of(row) if row else None
        after: dict[str, Any] = {
            "unit": wish.unit.code,
            "section": wish.section.section if wish.section else "",
            "priority": wish.priority,
            "origin": Responsibility.Origin.TABLE.value,
            "basis": wish.basis,
            "since": (wish.since or today()).isoformat(),
        }

        def do(act: Act) -> Responsibility:
            return set_responsibility(
                wish.subject,
                unit=wish.unit,
                area_code=wish.area,
                section=wish.section,
                priority=wish.priority,
                basis=wish.basis,
                since=wish.since,
                act=act,
            )

        return Planned(
            line=line.number,
            kind=CHANGE if row else ADD,
            key=f"{key_of(wish.subject)}@{wish.area or '*'}/{wish.priority}",
            title=self._title(wish.subject, wish.area),
            before=before,
            after=after,
            changes=differences(words.RESPONSIBILITY, before, after),
            do=do,
        )

    def _title(self, subject: Subject, area: str) -> str:
        return f"{words.label_of(subject)} × {names.words(area) if area else _('全市')}"

    def _ended(self, line: Line, row: Responsibility | None) -> Planned | None:
        if line["handling"] != STOP:
            self.grid.fault(line, "handling", unknown(line["handling"], _("处理"), [STOP]))
            return None
        if row is None:
            self.grid.fault(line, "handling", _("没有这条责任，不能终止；请核对对象、区域和次序"))
            return None
        return Planned(
            line=line.number,
            kind=END,
            key=f"{key_of(row.subject)}@{row.area_code or '*'}/{row.priority}",
            title=self._title(row.subject, row.area_code),
            before=body_of(row),
            after=None,
            changes=[],
            do=lambda act: end_responsibility(row, act=act),
        )

    def _subject(self, line: Line) -> Subject | None:
        key, name = line["subject"], line["subject_name"]
        if key:
            found = self.subjects.get(key) or self.subjects.get(key.lower())
            if found is None:
                remedy = unknown(key, _("对象代码"), list(self.subjects))
                self.grid.fault(line, "subject", remedy)
            elif name and said(_name(found)) != name:
                remedy = _("与代码不符：%(code)s 是“%(name)s”，请改代码，或清空代码只写名称")
                values = {"code": key, "name": _name(found)}
                self.grid.fault(line, "subject_name", remedy % values)
            return found
        fitting = [one for one in self.subjects.values() if said(_name(one)) == name]
        if len(fitting) == 1:
            return fitting[0]
        many = _("有几个对象都叫“%(name)s”，请写对象代码") % {"name": name}
        remedy = unknown(name, _("对象"), [_name(one) for one in self.subjects.values()])
        self.grid.fault(line, "subject_name", many if fitting else remedy)
        return None

    def _area(self, line: Line) -> str | None:
        at = "area" if line["area"] else "area_name"
        written = line[at]
        try:
            if not written:
                message = _("区域为空：请写区域代码或名称，全市写“全市”")
                raise Refused("area_missing", message)
            code = where.area(written)
        except Refused as no:
            self.grid.fault(line, at, no.sentence)
            return None
        name = line["area_name"]
        if at == "area" and name and name != (names.words(code) if code else CITY):
            remedy = _("与区域代码不符：%(code)s 是“%(name)s”，请改代码，或清空代码只写名称")
            values = {"code": written, "name": names.words(code) if code else CITY}
            self.grid.fault(line, "area_name", remedy % values)
        return code

    def _priority(self, line: Line) -> int | None:
        number = whole(line["priority"]) if line["priority"] else 1
        if number is None or not 1 <= number <= 99:
            self.grid.fault(line, "priority", _("次序须是 1 至 99 的整数，1 最先"))
            return None
        return number - 1

    def _unit(self, line: Line, was: Mapping[str, str] | None) -> Unit | None:
        code, name = line["unit"], line["unit_name"]
        if was is not None and code == was["unit"]:
            if name == said(was["unit_name"]):
                return self._old_unit(line, was)
            code = ""  # the name was changed and the code left: the name is what is meant
        if code:
            found = self.units.get(code)
            if found is None:
                self.grid.fault(line, "unit", unknown(code, _("单位代码"), list(self.units)))
            elif name and name != found.name and (was is None or name != was["unit_name"]):
                remedy = _("与单位代码不符：%(code)s 是“%(name)s”，请改成一致")
                self.grid.fault(line, "unit_name", remedy % {"code": code, "name": found.name})
            return found
        fitting = [one for one in self.units.values() if one.name == name]
        if len(fitting) == 1:
            return fitting[0]
        many = _("有几个单位都叫“%(name)s”，请写单位代码") % {"name": name}
        remedy = unknown(name, _("单位"), [one.name for one in self.units.values()])
        self.grid.fault(line, "unit_name", many if fitting else remedy)
        return None

    def _old_unit(self, line: Line, was: Mapping[str, str]) -> Unit | None:
        # One that has ended since stands as it is: nobody touched the cell.
        found = self.units.get(was["unit"])
        return found or Unit.objects.filter(code=was["unit"]).first()

    def _section(self, line: Line) -> ContractSection | None:
        name = line["section"]
        if name and name not in self.sections:
            self.grid.fault(line, "section", unknown(name, _("标段"), list(self.sections)))
        return self.sections.get(name)

    def _since(self, line: Line, was: Mapping[str, str] | None) -> date | None:
        written = line["since"]
        found = read_day(written) if written else None
        if was is not None and (not written or (found and found.isoformat() == was["since"])):
            return None
        if written and found is None:
            remedy = _("日期看不懂：请写 2026-03-01 或 2026年3月1日")
            self.grid.fault(line, "since", remedy)
        elif found is not None and found < today():
            self.grid.fault(line, "since", _("起始日期不能早于今天；不填从今天起"))
        return found


def _subjects() -> dict[str, Subject]:
    found: dict[str, Subject] = {}
    for category in Category.objects.exclude(edition=Edition.CJT).order_by("-edition"):
        found[category.key] = category
    for subject in Subcategory.objects.exclude(edition=Edition.CJT).order_by("-edition"):
        found[subject.key] = subject
    for row in FilingCriterion.objects.current().select_related("subcategory"):
        found[row.code] = row
    return found
