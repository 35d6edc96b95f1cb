"""场所类型表: every community a row, its kind in a cell; an emptied cell takes the kind away."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.utils.translation import gettext as _

from changxiao.areas import names
from changxiao.catalog import said as words
from changxiao.catalog.actions.places import drop_place_kind, set_place_kind
from changxiao.catalog.models import PlaceKind
from changxiao.catalog.sheets.grid import Grid, Line
from changxiao.catalog.sheets.plan import ADD, CHANGE, END, Column, Plan, Planned, unknown
from changxiao.kernel.act import Act
from changxiao.ledger.history import State, differences

SHEET = "场所类型"
# As the table says them, whatever the language of the reader.
_KINDS = {"business": "商区", "gated": "高档商住小区", "open": "开放式小区", "building": "楼宇"}
_CODES = {word: kind for kind, word in _KINDS.items()}
COLUMNS = (
    Column("code", "社区代码", 16),
    Column("name", "社区", 36),
    Column("kind", "场所类型", 16, tuple(_CODES)),
)
NOTE = "只改“场所类型”一格，从下拉中选；清空即取消；删掉一行不改变什么。"


def rows() -> Iterator[dict[str, str]]:
    """导出各行: all communities, by code."""
    kinds = _kinds()
    for code in sorted(names.communities()):
        kind = _KINDS[kinds[code].kind] if code in kinds else ""
        yield {"code": code, "name": names.words(code), "kind": kind}


def _kinds() -> dict[str, PlaceKind]:
    return {row.community_code: row for row in PlaceKind.objects.all()}


def plan(grid: Grid) -> Plan:
    """方案: what the table changes."""
    found = Plan(grid.sheet, rows=len(grid.lines))
    kinds, known, seen = _kinds(), set(names.communities()), set[str]()
    for line in grid.lines:
        code, word = line["code"], line["kind"]
        if code not in known:
            grid.fault(line, "code", unknown(code, _("社区代码"), sorted(known)))
        elif code in seen:
            grid.fault(line, "code", _("这个代码在表中出现了两次，请只留一行"))
        elif word and word not in _CODES:
            grid.fault(line, "kind", unknown(word, _("场所类型"), list(_CODES)))
        elif (edit := _edit(line, kinds.get(code))) is not None:
            found.edits.append(edit)
        else:
            found.unchanged += 1
        seen.add(code)
    found.missing = len(known - seen)
    found.faults = grid.faults
    return found


def _edit(line: Line, row: PlaceKind | None) -> Planned | None:
    kind = _CODES.get(line["kind"], "")
    if kind == (row.kind if row else ""):
        return None
    before: State | None = {"kind": row.kind} if row else None
    after: State | None = {"kind": kind} if kind else None
    return Planned(
        line=line.number,
        kind=END if after is None else CHANGE if row else ADD,
        key=line["code"],
        title=names.words(line["code"]),
        before=before,
        after=after,
        changes=differences(words.PLACE_KIND, before, after),
        do=_verb(line["code"], kind, row),
    )


def _verb(code: str, kind: str, row: PlaceKind | None) -> Callable[[Act], object]:
    if row is not None and not kind:
        return lambda act: drop_place_kind(row, act=act)
    return lambda act: set_place_kind(code, kind=kind, act=act)
