"""外部扣分 remarks: points that others took off a contractor for what they found, each with its
reason and evidence. Pure.

Of an outside item of points the ranking takes off what is left below 0, and so does a slip. An item
that is scored up to full marks counts by its weight and is no deduction of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from changxiao.evaluation.bulletins.layout import Block, Column, Para, Table
from changxiao.evaluation.rankings.marks import Outside, lost
from changxiao.evaluation.rates import rounded
from changxiao.evaluation.schemes import Scheme
from changxiao.kernel.words import gettext as _


@dataclass(frozen=True, slots=True)
class Remark:
    """一项外部扣分 of one contractor: all lines of the item, bonuses too."""

    title: str
    lines: tuple[Outside, ...]

    @property
    def points(self) -> Fraction:
        """扣分, 0 or below, as the ranking took it off."""
        return min(Fraction(0), sum(map(given, self.lines), Fraction(0)))


def given(one: Outside) -> Fraction:
    """一行的分: above 0 a bonus, below 0 a deduction."""
    return Fraction(one.line.score or 0) - Fraction(one.line.minus or 0)


def remarks(scheme: Scheme, told: Mapping[str, Any]) -> dict[str, list[Remark]]:
    """外部扣分 of each contractor that lost points, in the order of the scheme."""
    found: dict[str, list[Remark]] = {}
    for item in scheme.outside:
        lines = [] if item.scored else _lines(told, item.key)
        for group in dict.fromkeys(one.line.group for one in lines):
            own = Remark(item.title, tuple(one for one in lines if one.line.group == group))
            if own.points:
                found.setdefault(group, []).append(own)
    return found


def scored_titles(scheme: Scheme, told: Mapping[str, Any]) -> list[str]:
    """按满分计的项目 in which anybody lost marks."""
    return [
        item.title
        for item in scheme.outside
        if item.scored and any(lost(item, [one.line for one in _lines(told, item.key)]))
    ]


def _lines(told: Mapping[str, Any], item: str) -> list[Outside]:
    found = map(Outside.read, told.get("outside", ()))
    return [one for one in found if one.line.item == item]


def points_words(value: Fraction) -> str:
    """分数，写成字."""
    return f"{rounded(value):f}".replace("-", "−")


def evidence(found: Sequence[Remark]) -> Iterator[Block]:
    """依据 of each figure: who gave it, for what, on which sheet."""
    columns = (
        Column(_("条款"), 4),
        Column(_("分数"), 2, figure=True),
        Column(_("原因"), 6),
        Column(_("证据"), 5),
        Column(_("填报人"), 3, minor=True),
        Column(_("表号"), 5, minor=True),
    )
    rows = tuple(
        (
            remark.title,
            points_words(given(one)),
            one.line.reason,
            one.line.evidence,
            one.line.author,
            one.sheet,
        )
        for remark in found
        for one in remark.lines
    )
    if rows:
        yield Table(_("外部扣分的依据"), columns, rows)


def scored_note(titles: Sequence[str]) -> Iterator[Block]:
    """说明: what is not charged, and why."""
    if titles:
        told = {"titles": _("、").join(titles)}
        yield Para(_("%(titles)s按满分计入得分，失分已在得分中，不逐条扣款。") % told)
