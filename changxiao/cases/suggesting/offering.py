"""建议留痕: what was suggested travels, signed, with the form and stands in the entry of the act.

The page that shows suggestions says so in a hidden field; the act that follows keeps what was
suggested (version, labels, score) beside what was taken. A field that was altered or left out
changes nothing about the act: then nothing is known to have been suggested.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core import signing

from changxiao.cases.suggesting.model import Guess

SALT = "changxiao.suggested"
MOST = 2000  # characters of the field
HEADS = ("subcategory", "criterion")


@dataclass(frozen=True, slots=True)
class Offered:
    """已给建议: the version that spoke and, for each head, its labels with percent, the likeliest
    first."""

    version: int
    ranked: Mapping[str, tuple[tuple[str, int], ...]]

    def entered(self, **taken: str) -> dict[str, Any]:
        """入账形式: what was suggested and, of the same heads, what was taken."""
        heads = {name: [list(one) for one in rows] for name, rows in self.ranked.items() if rows}
        told = {name: taken.get(name, "") for name in heads}
        return {"suggested": {"version": self.version, **heads, "taken": told}}


def ranked(guesses: Iterable[Guess]) -> tuple[tuple[str, int], ...]:
    """名次: labels with percent."""
    return tuple((one.label, round(100 * one.score)) for one in guesses)


def packed(offered: Offered) -> str:
    """随表单带出."""
    told = {"v": offered.version, **{name: list(offered.ranked.get(name, ())) for name in HEADS}}
    return signing.dumps(told, salt=SALT, compress=True)


def unpacked(field: str) -> Offered | None:
    """随表单带回; None for a field that says nothing or was altered."""
    if not field or len(field) > MOST:
        return None
    try:
        told = signing.loads(field, salt=SALT)
    except signing.BadSignature:
        return None
    heads = {name: tuple((str(k), int(n)) for k, n in told[name]) for name in HEADS}
    return Offered(int(told["v"]), heads)


def entered(offered: Offered | None, **taken: str) -> dict[str, Any]:
    """入账形式, nothing where nothing was suggested."""
    return offered.entered(**taken) if offered else {}


def rank_of(taken: str, rows: Iterable[Any]) -> int:
    """采用名次: 1 for the first, 2 or 3 for another, 0 where none of them was taken."""
    labels = [row[0] for row in rows]
    return labels.index(taken) + 1 if taken in labels else 0
