"""样板与变量 forms: what a journey's rows become when number, place and week are another's.

A form is a text with places left open. Moving a case by whole weeks changes nothing but the dates
of its times, so every time is the open date and the fixed rest. Pure; the hashes are not here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

# The year 9999 stands for "no limit runs" (cases.models.LAST) and moves with nobody.
_TIME = re.compile(r"((?!9999)\d{4}-\d\d-\d\d)(?=[T ]\d\d:)")
_OPEN = re.compile(r"\{\{([\w-]+)\}\}")


class Slots:
    """变量表: names of what differs between cases, and the position at which each is kept."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = list(names)
        self.dates: list[date] = []
        self._at = {name: position for position, name in enumerate(self.names)}

    def position(self, name: str) -> int:
        return self._at[name]

    def of_date(self, written: str) -> int:
        """The position of a date of the template; dates stand after the names."""
        if written not in self._at:
            self._at[written] = len(self.names) + len(self.dates)
            self.dates.append(date.fromisoformat(written))
        return self._at[written]


@dataclass(frozen=True, slots=True)
class Form:
    """样板文字: `pieces` with the values of `slots` in between."""

    pieces: tuple[str, ...]
    slots: tuple[int, ...]

    def filled(self, values: Sequence[str]) -> str:
        """The text with everything in its place."""
        if not self.slots:
            return self.pieces[0]
        told = [self.pieces[0]]
        for slot, piece in zip(self.slots, self.pieces[1:], strict=True):
            told.append(values[slot])
            told.append(piece)
        return "".join(told)

    def bound(self, known: Mapping[int, str]) -> Form:
        """The form with some of its values in place for good."""
        pieces, slots = [self.pieces[0]], []
        for slot, piece in zip(self.slots, self.pieces[1:], strict=True):
            if slot in known:
                pieces[-1] += known[slot] + piece
            else:
                slots.append(slot)
                pieces.append(piece)
        return Form(tuple(pieces), tuple(slots))


def form(text: str, slots: Slots) -> Form:
    """样板: of a text in which `{{name}}` and the date of every time are left open."""
    parts = _OPEN.split(_TIME.sub(r"{{\1}}", text))
    names = parts[1::2]
    found = (slots.of_date(name) if "-" in name else slots.position(name) for name in names)
    return Form(tuple(parts[::2]), tuple(found))


def moment(at: datetime) -> str:
    """库中时间: UTC as both databases read it, and as SQLite stores it."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


@dataclass(frozen=True, slots=True)
class RowForm:
    """样板行: fixed columns, and the forms of those that differ, by position."""

    fixed: tuple[Any, ...]
    opened: tuple[tuple[int, Form], ...]

    def filled(self, values: Sequence[str]) -> list[Any]:
        """The row with everything in its place."""
        row = list(self.fixed)
        for position, one in self.opened:
            row[position] = one.filled(values)
        return row

    def bound(self, known: Mapping[int, str]) -> RowForm:
        """The row with some of its values in place for good."""
        fixed, opened = list(self.fixed), []
        for position, one in self.opened:
            rest = one.bound(known)
            if rest.slots:
                opened.append((position, rest))
            else:
                fixed[position] = rest.pieces[0]
        return RowForm(tuple(fixed), tuple(opened))


def row_form(columns: Mapping[str, Any], changed: Mapping[str, str], slots: Slots) -> RowForm:
    """样板行: of one row's columns; `changed` names those that hold something else for each case.

    JSON columns come as lists or mappings, times as datetimes; both are left open by their dates.
    """
    fixed: list[Any] = []
    opened: list[tuple[int, Form]] = []
    for position, (name, value) in enumerate(columns.items()):
        text = changed[name] if name in changed else _text(value)
        found = None if text is None else form(text, slots)
        if found is not None and found.slots:
            opened.append((position, found))
        fixed.append(value if text is None else text)
    return RowForm(tuple(fixed), tuple(opened))


def _text(value: Any) -> str | None:
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, (list, dict)):
        return json.dumps(value)
    return None
