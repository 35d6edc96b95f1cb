"""沿革 history: what each entry of a configuration row changed in words; what an undo puts back.

An edit's entry holds the values of the row after it, and under `was` those before it (None: there
was no row). An entry with no value at all has ended the row. Pure: no table, no clock.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from changxiao.kernel.refused import Refused

State = Mapping[str, Any]
Words = str | Promise


class Recorded(Protocol):
    """一条记录: what of an entry is read here."""

    n: int
    verb: str
    actor: str
    at: datetime

    @property
    def data(self) -> dict[str, Any]: ...


def plain(value: Any) -> str:
    """值的文字: yes and no, lists joined; "" where nothing is said."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, list | tuple):
        return "、".join(plain(one) for one in value)
    return str(value)


@dataclass(frozen=True, slots=True)
class Field:
    """字段: its name in the body, its name for people, and how a value is said."""

    name: str
    label: Words
    words: Callable[[Any], str] = plain


@dataclass(frozen=True, slots=True)
class Change:
    """一处变化: before → after in words; "" where there was or is nothing."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Edit:
    """一次修改: an entry as a change of the row; `before` None: it was new, `after` None: it ended.

    `undoes` is the number of the edit that this one took back; `blind` says that the log does not
    tell what had been (a first entry without `was`).
    """

    n: int
    verb: str
    actor: str
    at: datetime
    note: str
    before: State | None
    after: State | None
    undoes: int | None = None
    blind: bool = False


def differences(fields: Sequence[Field], before: State | None, after: State | None) -> list[Change]:
    """差异: the fields whose words differ, in the order in which a page shows them."""
    old, new = before or {}, after or {}
    pairs = ((one, _said(one, old), _said(one, new)) for one in fields)
    return [Change(str(one.label), was, now) for one, was, now in pairs if was != now]


def _said(field: Field, state: State) -> str:
    return field.words(state[field.name]) if field.name in state else ""


def edits(
    fields: Sequence[Field], entries: Iterable[Recorded], *, ends: Collection[str] = ()
) -> list[Edit]:
    """沿革: the edits of one stream, the oldest first; `ends` are the verbs that end the row.

    An entry of before the log said what had been is held against the entry before it.
    """
    told: list[Edit] = []
    names = [field.name for field in fields]
    standing: State | None = None
    for entry in entries:
        body = entry.data
        before = body.get("was", standing)
        said = {name: body[name] for name in names if name in body}
        standing = None if entry.verb in ends else {**(before or {}), **said}
        act = body.get("_act", {})
        told.append(
            Edit(
                n=entry.n,
                verb=entry.verb,
                actor=entry.actor,
                at=entry.at,
                note=act.get("note", ""),
                before=before,
                after=standing,
                undoes=act.get("undoes"),
                blind="was" not in body and not told,
            )
        )
    return told


def put_back(told: Sequence[Edit], n: int) -> State | None:
    """撤销方案: the state in which edit `n` found the row; None: there was no row.

    Only what came last is taken back so; what lies before it is changed by a plain edit. Refused
    `undo_unknown`, `undo_superseded`, `undo_blind`.
    """
    found = next((one for one in told if one.n == n), None)
    if found is None:
        raise Refused("undo_unknown", _("没有第 %(n)d 次修改，无法撤销") % {"n": n})
    if found is not told[-1]:
        message = _("第 %(n)d 次修改之后又有第 %(last)d 次，请先撤销后面的，或直接修改")
        raise Refused("undo_superseded", message % {"n": n, "last": told[-1].n})
    if found.blind:
        raise Refused("undo_blind", _("总账没有记下修改前的内容，无法撤销，请直接修改"))
    return found.before


def sentence(change: Change) -> str:
    """一处变化的句子: “时限：4 工作时 → 2 工作时”, for one line of a list or a message."""
    empty = _("（空）")
    values = {
        "label": change.label,
        "before": change.before or empty,
        "after": change.after or empty,
    }
    return _("%(label)s：%(before)s → %(after)s") % values
