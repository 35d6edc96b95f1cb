"""得分 scores: from whole counts to one exact fraction a group; nothing is rounded here. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from changxiao.evaluation.formulas import POINT, work_out
from changxiao.evaluation.schemes import Adjustment, Item, Library, Scheme
from changxiao.evaluation.schemes.model import NEUTRAL
from changxiao.evaluation.schemes.scales import step_of

if TYPE_CHECKING:
    # the engine that counts takes a second to load, and ranking needs none
    from changxiao.evaluation.counting import Count

Cells = Mapping[str, tuple[Fraction, int, int]]  # key: numerator, denominator, excluded
NONE = (Fraction(0), 0, 0)


@dataclass(slots=True)
class Score:
    """一个对象的得分: `values` and `points` of each leaf (None: no data), points of adjustments,
    and the total (None: nothing to score)."""

    values: dict[str, Fraction | None] = field(default_factory=dict)
    points: dict[str, Fraction | None] = field(default_factory=dict)
    adjusted: dict[str, Fraction] = field(default_factory=dict)
    total: Fraction | None = None


def cells_of(counts: Iterable[Count]) -> dict[str, dict[str, tuple[Fraction, int, int]]]:
    """按对象归拢: group, then indicator. Groups without a single row are left out."""
    found: dict[str, dict[str, tuple[Fraction, int, int]]] = {}
    for one in counts:
        cell = (Fraction(one.numerator), one.denominator, one.excluded)
        found.setdefault(one.group, {})[one.indicator] = cell
    return {
        group: cells
        for group, cells in found.items()
        if any(any(numbers) for numbers in cells.values())
    }


class Scorer:
    """评分员: one scheme, against one library."""

    def __init__(self, scheme: Scheme, library: Library) -> None:
        self.scheme, self.library = scheme, library
        self.leaves = scheme.leaves()
        self.outside = scheme.outside_keys()

    def score(self, cells: Cells) -> Score:
        """评分 of one group."""
        found = Score()
        names = _Names(self, cells)
        for leaf in self.leaves:
            assert leaf.node is not None
            value = work_out(leaf.node, names.value)
            found.values[leaf.key] = value
            found.points[leaf.key] = None if value is None else points(leaf, value)
        given = {
            one.key: cells[one.key][0]
            for one in self.scheme.outside
            if one.key in cells and not one.scored
        }
        if any(value is not None for value in found.values.values()):
            base = _branch(self.scheme.items, self.scheme.total, found.points)
            found.adjusted = {
                one.key: self._adjustment(one, names) for one in self.scheme.adjustments
            }
            found.adjusted |= given
            found.total = max(Fraction(0), (base or 0) + self._capped(found.adjusted))
        return found

    def value(self, name: str, cells: Cells) -> Fraction | None:
        """一个指标或公式的值, percent of a rate and the count of a count."""
        return _Names(self, cells).value(name)

    def _adjustment(self, one: Adjustment, names: _Names) -> Fraction:
        cases = work_out(one.node, names.value) or Fraction(0)
        if one.double is not None:
            cases += work_out(one.double, names.value) or Fraction(0)
        found = one.each * cases
        return found if one.most is None else max(-one.most, min(one.most, found))

    def _capped(self, adjusted: Mapping[str, Fraction]) -> Fraction:
        minus = sum((value for value in adjusted.values() if value < 0), Fraction(0))
        plus = sum((value for value in adjusted.values() if value > 0), Fraction(0))
        if self.scheme.most_minus is not None:
            minus = max(minus, -self.scheme.most_minus)
        if self.scheme.most_plus is not None:
            plus = min(plus, self.scheme.most_plus)
        return minus + plus


def points(leaf: Item, value: Fraction) -> Fraction:
    """一项得分: its value on its scale, from 0 to its weight."""
    if leaf.steps:
        return step_of(leaf.steps, value).score / 100 * leaf.weight
    if leaf.full:
        return leaf.full.points(value, leaf.weight, low=leaf.better == "low")
    found = value if leaf.unit == POINT else value / 100 * leaf.weight
    return max(Fraction(0), min(leaf.weight, found))


def _branch(
    items: Iterable[Item], weight: Fraction, told: Mapping[str, Fraction | None]
) -> Fraction | None:
    """The weight of what has no data goes to its neighbours, in proportion."""
    known = [
        (item.weight, found)
        for item in items
        if not item.off and (found := _item(item, told)) is not None
    ]
    shares = sum((share for share, _found in known), Fraction(0))
    total = sum((found for _share, found in known), Fraction(0))
    return total * weight / shares if known else None


def _item(item: Item, told: Mapping[str, Fraction | None]) -> Fraction | None:
    if item.parts:
        return _branch(item.parts, item.weight, told)
    found = told[item.key]
    if found is None and item.no_data == NEUTRAL:
        return item.neutral / 100 * item.weight
    return found


class _Names:
    """What the names of a formula come to for one group, each worked out once."""

    def __init__(self, scorer: Scorer, cells: Cells) -> None:
        self.scorer, self.cells = scorer, cells
        self.known: dict[str, Fraction | None] = {}

    def value(self, name: str) -> Fraction | None:
        if name not in self.known:
            formula = self.scorer.scheme.formulas.get(name)
            found = work_out(formula[1], self.value) if formula else self._indicator(name)
            self.known[name] = found
        return self.known[name]

    def _indicator(self, name: str) -> Fraction | None:
        key, _dot, part = name.partition(".")
        numerator, denominator, excluded = self.cells.get(key, NONE)
        if part:
            whole = {"n": numerator, "d": Fraction(denominator), "excluded": Fraction(excluded)}
            return whole[part]
        if key in self.scorer.outside:
            return numerator * 100 / denominator if denominator else None
        if self.scorer.library[key].kind == "count":
            return numerator
        return numerator * 100 / denominator if denominator else None
