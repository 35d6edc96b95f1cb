"""外部扣分 remarks: points that others took off a contractor for what they found, each with its
reason and evidence. Pure.

Of an outside item of points the ranking takes off what is left below 0, and so does the slip of
each contract, of its own lines. An item that is scored up to full marks counts by its weight and is
no deduction of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from changxiao.evaluation.bulletins.layout import Block, Column, Para, Table
from changxiao.evaluation.rankings.marks import Outside, lost
from changxiao.evaluation.rates import rounded
from changxiao.evaluation.schemes import Scheme
from changxiao.kernel.words import gettext as _


@dataclass(frozen=True, slots=True)
class Contract:
    """合同标段; without a number: what belongs to no section."""

    contractor: str
    number: str = ""
    section: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """一项外部扣分 under one contract: all lines of the item there, bonuses too."""

    title: str
    lines: tuple[Outside, ...]

    @property
    def points(self) -> Fraction:
        """扣分, 0 or below."""
        return min(Fraction(0), sum(map(given, self.lines), Fraction(0)))


def given(one: Outside) -> Fraction:
    """一行的分: above 0 a bonus, below 0 a deduction."""
    return Fraction(one.line.score or 0) - Fraction(one.line.minus or 0)


Remarks = Mapping[Contract, Sequence[Remark]]


def remarks(
    scheme: Scheme, told: Mapping[str, Any], bearer: Callable[[str], Contract]
) -> dict[Contract, list[Remark]]:
    """外部扣分 of each contract that lost points, in the order of the scheme; `bearer` says whose a
    line is that names the contractor alone."""
    found: dict[Contract, list[Remark]] = {}
    for item in scheme.outside:
        by: dict[Contract, list[Outside]] = {}
        for one in [] if item.scored else _lines(told, item.key):
            line = one.line
            named = Contract(line.group, line.contract, line.section)
            by.setdefault(named if line.contract else bearer(line.group), []).append(one)
        for contract, lines in by.items():
            own = Remark(item.title, tuple(lines))
            if own.points:
                found.setdefault(contract, []).append(own)
    return found


def beyond_ranking(scheme: Scheme, told: Mapping[str, Any], found: Remarks) -> Fraction:
    """多扣: by how much the contracts lose more than the ranking took, 0 or above: a bonus makes
    up for what is taken under its own contract, and for no other's."""
    counted = Fraction(0)
    for item in (one for one in scheme.outside if not one.scored):
        sums: dict[str, Fraction] = {}
        for one in _lines(told, item.key):
            sums[one.line.group] = sums.get(one.line.group, Fraction(0)) + given(one)
        counted += sum((min(Fraction(0), own) for own in sums.values()), Fraction(0))
    charged = sum((one.points for own in found.values() for one in own), Fraction(0))
    return counted - charged


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


def bonus_note(beyond: Fraction) -> Iterator[Block]:
    """说明: where a bonus of one contract leaves another's deductions as they are."""
    if beyond > 0:
        told = {"points": points_words(beyond)}
        yield Para(_("加分只抵同一合同的扣分，各合同合计比排名所用的多扣 %(points)s 分。") % told)
