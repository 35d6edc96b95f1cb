"""立案标准表: each criterion in force a row; a changed row is a new version of its criterion."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from changxiao.catalog import policy
from changxiao.catalog import said as words
from changxiao.catalog.actions.criteria import (
    body_of,
    draft_of,
    next_code,
    retire_criterion,
    set_criterion,
)
from changxiao.catalog.models import Edition, FilingCriterion, Need, Subcategory
from changxiao.catalog.sheets.grid import Grid, Line
from changxiao.catalog.sheets.plan import (
    ADD,
    CHANGE,
    END,
    Column,
    Plan,
    Planned,
    said,
    unknown,
)
from changxiao.catalog.sheets.reading import yes_or_no
from changxiao.kernel.limits import Limit, TimeUnit, parse_amount, parse_limit, parse_unit
from changxiao.kernel.refused import Refused
from changxiao.ledger.history import differences

SHEET = "立案标准"
RETIRE = "停用"
_UNITS = {unit: policy.written(Limit(1, unit)).partition(" ")[2] for unit in TimeUnit}  # type: ignore[arg-type]
_GRADES = {"slight": "轻微", "normal": "一般", "serious": "严重"}
_YES_NO = ("是", "否")
COLUMNS = (
    Column("code", "代码", 14),
    Column("subject", "小类代码", 10),
    Column("name", "小类", 18),
    Column("condition", "立案条件", 48),
    Column("amount", "时限数值", 10),
    Column("unit", "时限单位", 12, tuple(_UNITS.values())),
    Column("urgent", "紧急", 7, _YES_NO),
    Column("grade", "程度", 8, tuple(_GRADES.values())),
    Column("closing_condition", "结案条件", 32),
    Column("closing_needs", "结案材料", 22),
    Column("capture_rule", "采集要求", 32),
    Column("stage", "阶段", 12),
    Column("is_first", "首阶段", 8, _YES_NO),
    Column("successor", "后续阶段代码", 14),
    Column("condition_en", "立案条件（英文）", 32),
    Column("source", "出处", 20),
    Column("handling", "处理", 8, (RETIRE,)),
)
NOTE = (
    "改哪一格就写哪一格；新增在末尾加一行，代码留空；停用在“处理”列选“停用”；删掉一行不等于停用。"
    "结案材料用分号隔开：before after near far document witness，读数写 reading:噪声:dB(A):..55。"
)


def rows() -> Iterator[dict[str, str]]:
    """导出各行: the criteria in force, in the order of their codes."""
    for row in current():
        yield told(row)


def current() -> list[FilingCriterion]:
    """现行标准, with what a row names."""
    found = FilingCriterion.objects.current().select_related("subcategory", "successor")
    return list(found.order_by("code"))


def told(row: FilingCriterion) -> dict[str, str]:
    """一行的文字, as it is written out: always in the words of the standard."""
    state = body_of(row)
    plain = ("condition", "closing_condition", "capture_rule", "condition_en", "source")
    return {
        "code": row.code,
        "subject": row.subcategory.key,
        "name": row.subcategory.name,
        "amount": f"{row.limit.amount.normalize():f}",
        "unit": _UNITS[row.limit.unit],
        "urgent": _YES_NO[not row.urgent],
        "grade": _GRADES[row.grade],
        "closing_needs": "；".join(row.closing_needs),
        "stage": row.stage_name,
        "is_first": _YES_NO[not row.is_first],
        "successor": state["successor"],
        "handling": "",
        **{name: state[name] for name in plain},
    }


def plan(grid: Grid) -> Plan:
    """方案: what the table changes of the criteria in force."""
    return _Reader(grid).plan()


class _Reader:
    """读表: one table against the criteria in force; each cell that differs is read, no other."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.there = {row.code: row for row in current()}
        subjects = Subcategory.objects.exclude(edition=Edition.CJT).order_by("-edition")
        self.subjects = {row.key: row for row in subjects}
        self.seen: set[str] = set()
        self.made: dict[str, str] = {}

    def plan(self) -> Plan:
        found = Plan(self.grid.sheet, rows=len(self.grid.lines))
        states: dict[str, Mapping[str, Any]] = {}
        for line in self.grid.lines:
            code = line["code"]
            edit = self._changed(line) if code else self._new(line)
            if edit is not None:
                found.edits.append(edit)
                states[edit.key] = edit.after or {}
            elif not self._faulty(line):
                found.unchanged += 1
        found.missing = len(self.there.keys() - self.seen)
        self._check_chains(states)
        found.edits = _last_stage_first(found.edits)
        found.faults = self.grid.faults
        return found

    def _faulty(self, line: Line) -> bool:
        cells = {f"{letter}{line.number}" for letter in self.grid.letters.values()}
        return any(one.cell in cells for one in self.grid.faults)

    def _changed(self, line: Line) -> Planned | None:
        row = self.there.get(line["code"])
        if row is None:
            self.grid.fault(line, "code", self._no_code(line["code"]))
            return None
        if row.code in self.seen:
            self.grid.fault(line, "code", _("这个代码在表中出现了两次，请只留一行"))
            return None
        self.seen.add(row.code)
        if line["handling"]:
            return self._retired(line, row)
        before, was = body_of(row), told(row)
        after = self._read(line, was, dict(before))
        if after is None or after == before:
            return None
        return self._planned(line, CHANGE, row.code, before, after)

    def _no_code(self, code: str) -> str:
        if FilingCriterion.objects.filter(code=code).exists():
            return _("这条标准已停用：要恢复请在它的沿革里撤销停用")
        near = unknown(code, _("立案标准"), list(self.there))
        return near + _("；新增请把代码留空")

    def _retired(self, line: Line, row: FilingCriterion) -> Planned | None:
        if line["handling"] != RETIRE:
            self.grid.fault(line, "handling", unknown(line["handling"], _("处理"), [RETIRE]))
            return None
        return Planned(
            line=line.number,
            kind=END,
            key=row.code,
            title=words.label_of(row),
            before=body_of(row),
            after=None,
            changes=[],
            do=lambda act: retire_criterion(row.code, act=act),
        )

    def _new(self, line: Line) -> Planned | None:
        empty = {column.name: "" for column in COLUMNS}
        start = {"condition_en": "", "source": "", "closing_needs": ["before", "after"]}
        start |= {"closing_condition": "", "capture_rule": "", "stage": "", "successor": ""}
        defaults = {"urgent": "否", "grade": "一般", "is_first": "是", "unit": ""}
        filled = {**line.cells, **{k: line[k] or told for k, told in defaults.items()}}
        after = self._read(Line(line.number, filled), empty, start)
        if after is None:
            return None
        key = after["subcategory"]
        code = self._next(key)
        return self._planned(line, ADD, code, None, after)

    def _next(self, key: str) -> str:
        first = self.made.get(key) or next_code(self.subjects[key])
        stem, _dash, number = first.rpartition("-")
        self.made[key] = f"{stem}-{int(number) + 1:02d}"
        return first

    def _planned(
        self, line: Line, kind: str, code: str, before: Any, after: dict[str, Any]
    ) -> Planned:
        subject = self.subjects[after["subcategory"]]
        return Planned(
            line=line.number,
            kind=kind,
            key=code,
            title=f"{subject.label}：{after['condition']}",
            before=before,
            after=after,
            changes=differences(words.CRITERION, before, after),
            do=lambda act: set_criterion(draft_of(code, after), act=act),
        )

    def _read(
        self, line: Line, was: Mapping[str, str], state: dict[str, Any]
    ) -> dict[str, Any] | None:
        """The state with each changed cell read into it; None where a cell cannot be read."""
        before = len(self.grid.faults)
        changed = {c.name for c in COLUMNS if line[c.name] != said(was[c.name])}
        if changed & {"subject", "name"} or "subcategory" not in state:
            state["subcategory"] = self._subject(line, was)
        if changed & {"amount", "unit"} or "limit" not in state:
            state["limit"] = self._limit(line)
        for name in ("condition", "closing_condition", "capture_rule", "condition_en", "source"):
            if name in changed:
                state[name] = line[name]
        if not line["condition"] and ("condition" in changed or not was["code"]):
            self.grid.fault(line, "condition", _("立案条件为空，请填写"))
        readers: dict[str, Callable[[Line], Any]] = {
            "urgent": lambda one: self._yes_no(one, "urgent"),
            "is_first": lambda one: self._yes_no(one, "is_first"),
            "grade": self._grade,
            "closing_needs": self._needs,
            "stage": self._stage,
            "successor": self._successor,
        }
        for name, read in readers.items():
            if name in changed:
                state[name] = read(line)
        return state if len(self.grid.faults) == before else None

    def _subject(self, line: Line, was: Mapping[str, str]) -> str:
        key, name = line["subject"].lower(), line["name"]
        if was["subject"]:
            remedy = _("已有的标准不能换小类：请停用它，在新小类下另加一行")
            at = "subject" if key != was["subject"] else "name"
            self.grid.fault(line, at, remedy)
            return was["subject"]
        if key and key not in self.subjects:
            self.grid.fault(line, "subject", unknown(key, _("小类代码"), list(self.subjects)))
            return ""
        names: dict[str, list[str]] = {}
        for one in self.subjects.values():
            names.setdefault(one.name, []).append(one.key)
        if not key and len(names.get(name, [])) != 1:
            many = names.get(name, [])
            told = _("有 %(n)d 个小类叫“%(name)s”，请写小类代码")
            remedy = unknown(name, _("小类"), list(names))
            self.grid.fault(line, "name", told % {"n": len(many), "name": name} if many else remedy)
            return ""
        return key or names[name][0]

    def _limit(self, line: Line) -> str:
        amount = unit = None
        try:
            amount = parse_amount(line["amount"])
            Limit(amount, TimeUnit.WORK_DAY)
        except Refused as no:
            self.grid.fault(line, "amount", self._limit_remedy(line["amount"], no))
            amount = None
        try:
            unit = parse_unit(line["unit"])
        except Refused as no:
            near = unknown(line["unit"], _("时限单位"), list(_UNITS.values()))
            self.grid.fault(line, "unit", near if line["unit"] else no.sentence)
        return policy.written(Limit(amount, unit)) if amount is not None and unit else ""

    def _limit_remedy(self, amount: str, no: Refused) -> str:
        try:
            limit = parse_limit(amount)
        except Refused:
            return no.sentence if amount else _("时限数值为空，请填写")
        values = {"amount": f"{limit.amount.normalize():f}", "unit": _UNITS[limit.unit]}
        return _("数值和单位要分开写：这一列写 %(amount)s，时限单位列写 %(unit)s") % values

    def _yes_no(self, line: Line, name: str) -> bool | None:
        found = yes_or_no(line[name])
        if found is None:
            self.grid.fault(line, name, _("请写“是”或“否”"))
        return found

    def _grade(self, line: Line) -> str:
        names = {told: value for value, told in _GRADES.items()}
        if line["grade"] not in names:
            self.grid.fault(line, "grade", unknown(line["grade"], _("程度"), list(names)))
        return names.get(line["grade"], "")

    def _needs(self, line: Line) -> list[str]:
        parts = [one.strip() for one in line["closing_needs"].replace(";", "；").split("；")]
        needs = [one for one in parts if one]
        for one in needs:
            try:
                Need.read(one)
            except Refused as no:
                self.grid.fault(line, "closing_needs", no.sentence)
        return needs

    def _stage(self, line: Line) -> str:
        if len(line["stage"]) > 40:
            self.grid.fault(line, "stage", _("阶段名称最多 40 字"))
        return line["stage"]

    def _successor(self, line: Line) -> str:
        code = line["successor"]
        if code and code not in self.there:
            self.grid.fault(line, "successor", unknown(code, _("立案标准"), list(self.there)))
        return code

    def _check_chains(self, states: Mapping[str, Mapping[str, Any]]) -> None:
        after = {code: row.successor.code for code, row in self.there.items() if row.successor}
        after |= {code: state.get("successor", "") for code, state in states.items()}
        for line in self.grid.lines:
            step, seen = line["code"], set[str]()
            while step and step not in seen:
                seen.add(step)
                step = after.get(step, "")
            if step and step == line["code"] and line["successor"]:
                remedy = _("后续阶段绕回了自己，请改成一条不回头的链")
                self.grid.fault(line, "successor", remedy)


def _last_stage_first(edits: Iterable[Planned]) -> list[Planned]:
    """Retired ones go last and from the first stage on; of the rest a successor goes first, so that
    whoever names it names the newest version."""
    waiting = {one.key: one for one in edits if one.kind != END}
    done: list[Planned] = []

    def take(one: Planned) -> None:
        waiting.pop(one.key, None)
        later = waiting.get((one.after or {}).get("successor", ""))
        if later is not None:
            take(later)
        done.append(one)

    while waiting:
        take(next(iter(waiting.values())))
    ended = {one.key: one for one in edits if one.kind == END}
    named = {(one.before or {}).get("successor", ""): one.key for one in ended.values()}
    ordered = sorted(ended.values(), key=lambda one: _depth(one.key, named))
    return [*done, *ordered]


def _depth(code: str, named: Mapping[str, str]) -> int:
    depth, seen = 0, {code}
    while (code := named.get(code, "")) and code not in seen:
        depth += 1
        seen.add(code)
    return depth
