"""表中时限: one limit, a limit with words around it, or several in stages, out of one cell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from changxiao.catalog.importing.reading import plain
from changxiao.kernel.refused import Refused
from changxiao.kernel.worktime import Limit, TimeUnit, split_limit

_COMMA = re.compile(r"[，,；;。\n]")
_BARE = re.compile(r"(?<![作然])(小时|天|日|时)")


@dataclass(frozen=True, slots=True)
class StageText:
    """阶段: a limit and the words beside it ("围护")."""

    limit: Limit
    words: str


def read_limits(text: str, *, bare: Mapping[str, TimeUnit]) -> list[StageText]:
    """读时限: "3紧急工作时内现场围护，8紧急工作时内修复" gives two stages in order.

    Refused like `kernel.worktime.split_limit` where a part holds no limit or more than one.
    """
    try:
        return [_stage(text, bare)]
    except Refused:
        parts = [part for part in _COMMA.split(text) if part.strip()]
        if len(parts) < 2:
            raise
    return [_stage(part, bare) for part in parts]


def _stage(text: str, bare: Mapping[str, TimeUnit]) -> StageText:
    limit, words = split_limit(text, bare=bare)
    return StageText(limit, words.strip("，,；;。:： "))


def bare_word(text: str) -> str:
    """有歧义的单位: the 天 or 小时 of a cell, "" where the unit is said in full."""
    found = _BARE.search(plain(text))
    return found[1] if found else ""
