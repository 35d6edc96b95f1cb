"""读分数表: a sheet's rows become lines, or faults by cell with the nearest name offered. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import NamedTuple

from changxiao.evaluation.rankings.marks import Line
from changxiao.evaluation.rankings.marks import faults as line_faults
from changxiao.evaluation.schemes import Scheme
from changxiao.evaluation.scoring.contracts import Contracts
from changxiao.kernel.refused import Refused
from changxiao.kernel.sheets import column
from changxiao.kernel.words import gettext as _

HEAD_WITHIN = 10
MOST_LINES = 1000
TEXTS = {"reason": 400, "evidence": 400, "author": 64, "contract": 64, "section": 64}
_NEAR = 0.45


class Fault(NamedTuple):
    """一处错误: the cell as Excel names it, what stands there, and the remedy."""

    cell: str
    value: str
    remedy: str


@dataclass(slots=True)
class Read:
    """读出的表: its lines, and what must be put right before any of them is taken."""

    lines: list[Line] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)  # of the row that each line stands in


def headings() -> dict[str, str]:
    """列名 of the sheet, in order; `name` is for whoever fills it in, and read where no code is."""
    return {
        "item": _("项目"),
        "code": _("对象代码"),
        "name": _("对象"),
        "score": _("得分"),
        "minus": _("扣分"),
        "reason": _("原因"),
        "evidence": _("证据"),
        "author": _("填报人"),
    }


def contract_headings() -> dict[str, str]:
    """列名 of the contract, where contractors are ranked."""
    return {"contract": _("合同编号"), "section": _("标段")}


def read(
    rows: Sequence[Sequence[str]],
    scheme: Scheme,
    groups: Mapping[str, str],
    contracts: Contracts | None = None,
) -> Read:
    """读表: `groups` are the codes that may be scored, with their names; none known, any will do.

    A row without score and deduction is one that was left blank. Refused `table_unreadable`
    without the headings, `file_long`.
    """
    top = head(rows, headings() | contract_headings())
    found = Reader(scheme, groups, top, contracts).read(rows)
    if len(found.lines) > MOST_LINES:
        sentence = _("一张表最多 %(most)d 行，请分开提交") % {"most": MOST_LINES}
        raise Refused("file_long", sentence, field="file")
    return found


class Head(NamedTuple):
    """表头: the row that it stands in, and the place of each column that is there."""

    row: int
    places: Mapping[str, int]


def head(rows: Sequence[Sequence[str]], heads: Mapping[str, str]) -> Head:
    """找表头 by these titles. Refused `table_unreadable`."""
    for number, row in enumerate(rows[:HEAD_WITHIN]):
        told = ["".join(cell.split()) for cell in row]
        places = {name: told.index(title) for name, title in heads.items() if title in told}
        if "item" in places and {"score", "minus"} & set(places) and {"code", "name"} & set(places):
            return Head(number, places)
    told_heads = {"heads": "、".join(headings().values())}
    sentence = _("表里没有这些列名：%(heads)s。请下载模板填写。") % told_heads
    raise Refused("table_unreadable", sentence, field="file")


class Reader:
    """读行: against a scheme and those who may be scored. Where these are None, the rows are what a
    ranking counted: each names its group by code, and items that were borrowed are there too."""

    def __init__(
        self,
        scheme: Scheme,
        groups: Mapping[str, str] | None,
        head: Head,
        contracts: Contracts | None = None,
    ) -> None:
        self.scheme, self.coded, self.contracts = scheme, groups is None, contracts
        self.groups, self.top, self.places = groups or {}, head.row, head.places
        items = [one for one in scheme.outside if one.borrows is None or self.coded]
        self.items = {one.title: one.key for one in items}
        self.found = Read()

    def read(self, rows: Sequence[Sequence[str]]) -> Read:
        """读完整张表. Refused `table_empty`."""
        for number in range(self.top + 1, len(rows)):
            self.take(number, rows[number])
        if not self.found.lines and not self.found.faults:
            raise Refused("table_empty", _("表里没有填写任何得分或扣分"), field="file")
        self.check_whole()
        return self.found

    def take(self, number: int, row: Sequence[str]) -> None:
        """读一行; one without score and deduction was left blank."""
        cells = {name: cell(row, at) for name, at in self.places.items()}
        if not cells.get("score") and not cells.get("minus"):
            return
        line = Line(
            item=self._item(number, cells),
            group=self._group(number, cells),
            score=self._number(number, cells, "score"),
            minus=self._number(number, cells, "minus"),
            **{name: self._text(number, cells, name) for name in TEXTS},
        )
        if self.contracts is not None:
            line = self._settled(number, line, self.contracts)
        self.found.lines.append(line)
        self.found.numbers.append(number)

    def _settled(self, number: int, line: Line, contracts: Contracts) -> Line:
        if line.group in self.groups:
            for part, sentence in contracts.faults(line):
                self._fault(number, part, getattr(line, part), sentence)
        return contracts.settled(line)

    def check_whole(self) -> None:
        """Whatever only shows once all is read: caps, double scores, sums; not where a cell of the
        line is at fault already."""
        bad = {fault.cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") for fault in self.found.faults}
        for n, part, sentence in line_faults(self.scheme, self.found.lines):
            if str(self.found.numbers[n] + 1) not in bad:
                value = getattr(self.found.lines[n], part)
                self._fault(self.found.numbers[n], part, value, sentence)

    def _item(self, number: int, cells: Mapping[str, str]) -> str:
        told = cells.get("item", "")
        if told in self.items:
            return self.items[told]
        if told in self.items.values():
            return told
        self._fault(number, "item", told, _unknown(_("外部得分项"), told, list(self.items)))
        return ""

    def _group(self, number: int, cells: Mapping[str, str]) -> str:
        code, name = cells.get("code", ""), cells.get("name", "")
        if self.coded:
            return self._coded(number, code, name)
        if not self.groups:
            if not (code or name):
                self._fault(number, "code", "", _("请写对象的代码"))
            return (code or name)[:64]
        if code:
            if code not in self.groups:
                self._fault(number, "code", code, _unknown(_("被评对象"), code, self._near()))
            return code
        found = [one for one, title in self.groups.items() if title == name]
        if len(found) == 1:
            return found[0]
        if found:
            told = {"name": name, "codes": "、".join(found[:5])}
            self._fault(number, "name", name, _("有几个“%(name)s”，请写代码：%(codes)s") % told)
        else:
            self._fault(number, "name", name, _unknown(_("被评对象"), name, self._near()))
        return name

    def _coded(self, number: int, code: str, name: str) -> str:
        if not code:
            self._fault(number, "code", name, _("请写对象的代码：只有事实时认不出名称"))
        return code[:64]

    def _near(self) -> list[str]:
        return [*self.groups.values(), *self.groups]

    def _number(self, number: int, cells: Mapping[str, str], name: str) -> str:
        told = cells.get(name, "")
        if not told:
            return ""
        try:
            # what a formula left in the cell may be 0.30000000000000004
            found = round(Decimal(told), 9).normalize()
        except InvalidOperation:
            self._fault(number, name, told, _("请写数字，如 92.5"))
            return "0"
        exponent = found.as_tuple().exponent
        if not found.is_finite() or not isinstance(exponent, int) or exponent < -2 or found < 0:
            self._fault(number, name, told, _("请写不小于 0、最多两位小数的数，如 92.5"))
            return "0"
        return f"{found:f}"

    def _text(self, number: int, cells: Mapping[str, str], name: str) -> str:
        told = cells.get(name, "")
        if len(told) > TEXTS[name]:
            most = {"most": TEXTS[name]}
            self._fault(number, name, told[:40], _("最多 %(most)d 个字") % most)
        return told[: TEXTS[name]]

    def _fault(self, number: int, name: str, value: str, remedy: str) -> None:
        at = self.places.get(name, self.places["item"])
        self.found.faults.append(Fault(f"{column(at)}{number + 1}", value, remedy))


def cell(row: Sequence[str], at: int) -> str:
    """一格的字, without the apostrophe that keeps a formula from running."""
    return row[at].strip().removeprefix("'") if at < len(row) else ""


def _unknown(what: str, told: str, known: Sequence[str]) -> str:
    near = get_close_matches(told, known, 1, _NEAR)
    words = {"what": what, "told": told, "near": near[0] if near else ""}
    if near:
        return _("没有%(what)s“%(told)s”，最接近的是“%(near)s”") % words
    words["known"] = "、".join(known[:12])
    return _("没有%(what)s“%(told)s”，可写 %(known)s") % words
