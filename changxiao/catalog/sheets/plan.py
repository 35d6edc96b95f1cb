"""方案 plan: what a table would change, or what is wrong with it, before anything is done."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from django.utils.translation import gettext as _

from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.ledger.history import Change, State

ADD, CHANGE, END = "add", "change", "end"


@dataclass(frozen=True, slots=True)
class Column:
    """列: its name here, its heading in the file, its width, and the values Excel offers."""

    name: str
    head: str
    width: int
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """单元格错误: where, what stands there, and what to do about it."""

    sheet: str
    cell: str
    value: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Planned:
    """一条修改: row of the table, the thing it is about, before → after, and the verb to call."""

    line: int
    kind: str
    key: str
    title: str
    before: State | None
    after: State | None
    changes: list[Change]
    do: Callable[[Act], object]


@dataclass(slots=True)
class Plan:
    """方案: the edits in the order in which they can be done; none is done while a fault stands."""

    sheet: str
    rows: int = 0
    edits: list[Planned] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    unchanged: int = 0
    missing: int = 0

    @property
    def counts(self) -> Counter[str]:
        """各类修改的条数."""
        return Counter(edit.kind for edit in self.edits)

    @property
    def digest(self) -> str:
        """方案摘要: what was previewed; another content, or somebody's edit since, is another."""
        told = [(one.line, one.kind, one.key, one.before, one.after) for one in self.edits]
        text = json.dumps(told, ensure_ascii=False, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()


def apply(plan: Plan, act: Act, tick: Callable[[int], None] = lambda _done: None) -> None:
    """执行方案 in the caller's transaction; Refused names the row whose verb said no."""
    for done, edit in enumerate(plan.edits, 1):
        try:
            edit.do(act.derive(f"{edit.kind}/{edit.key}"))
        except Refused as no:
            message = _("什么都没有改。第 %(line)d 行：%(why)s") % {
                "line": edit.line,
                "why": no.sentence,
            }
            raise Refused(no.code, message) from None
        tick(done)


def nearest(text: str, known: Iterable[str]) -> str:
    """相近的名称: “，是不是“…”？”, or nothing."""
    found = get_close_matches(text, list(known), 1, 0.5)
    return _("，是不是“%(name)s”？") % {"name": found[0]} if found else ""


def unknown(text: str, what: str, known: Sequence[str]) -> str:
    """不认识的值: the sentence with the nearest known one, or with all when they are few."""
    near = nearest(text, known)
    if near or len(known) > 12:
        return _("没有%(what)s“%(text)s”%(near)s") % {"what": what, "text": text, "near": near}
    return _("没有%(what)s“%(text)s”：可用 %(known)s") % {
        "what": what,
        "text": text,
        "known": "、".join(known),
    }


def said(value: Any) -> str:
    """单元格文字: how lines end, outer blanks and what no cell can hold do not count."""
    return _UNWRITABLE.sub("", str(value).replace("\r\n", "\n").replace("\r", "\n")).strip()


# Control characters have no place in a cell, the two noncharacters none in XML.
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")
