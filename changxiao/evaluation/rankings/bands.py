"""分段 bands: which differences are more than noise, and which other ranks a unit could have. Pure.

Each pair of units is tested; Holm's procedure (Holm 1979) keeps the chance that even one pair of
equals is told apart at 5 %. Of one rate the test is on its two pairs of counts. Of a weighted score
the variance comes by the delta method (Oehlert 1992), from the secants of the score over the
critical distance of each count, so that steps and full marks count; how the indicators of one unit
hang together is not known, so their deviations are added as if all failed together, which is never
too small. A line between two bands is drawn only where every unit above is told apart from every
unit below. The ranks a unit could have follow from the same tests (Al Mohamad, Goeman & van Zwet
2022; Mogstad, Romano, Shaikh & Wilhelm 2024).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from math import ceil, floor

from changxiao.evaluation.formulas import names_in
from changxiao.evaluation.rankings.scores import Cells, Scorer
from changxiao.evaluation.rankings.statistics import critical, p_value, root, square_of, two_sided

ALPHA = Fraction(1, 20)
# Beyond so many units Holm's ordering costs more than it finds: one critical value for all pairs.
HOLM_MOST = 200
Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Place:
    """位次: the band, and the best and worst rank that the tests leave open."""

    band: int
    best: int
    worst: int


class Noise:
    """噪声: how two units, or two periods of one, are told apart under one scheme."""

    def __init__(self, scorer: Scorer) -> None:
        self.scorer = scorer
        self.rate = _only_rate(scorer)
        self.trials = {one.key: one.trials for one in scorer.scheme.outside if one.trials}
        exact = scorer.outside - set(self.trials)
        self.keys = _moving(scorer) - exact

    def apart(self, units: Sequence[Cells], pairs: Sequence[Pair]) -> set[Pair]:
        """分得开的: of the pairs, those that differ by more than noise, 5 % for all together."""
        if not pairs:
            return set()
        limit = critical(ALPHA / len(pairs))
        if self.rate is not None:
            counts = [_counts(cells, self.rate) for cells in units]
            if len(units) > HOLM_MOST:
                return {(i, j) for i, j in pairs if square_of(counts[i], counts[j]) > limit * limit}
            return _holm({(i, j): p_value(counts[i], counts[j]) for i, j in pairs}, len(pairs))
        told = [self._spread(cells, limit) for cells in units]
        squares = {(i, j): _square(told[i], told[j]) for i, j in pairs}
        if len(units) > HOLM_MOST:
            return {pair for pair, square in squares.items() if square > limit * limit}
        # p > 0.08 is never small enough, whatever the family
        return _holm(
            {pair: two_sided(square) for pair, square in squares.items() if square > 3}, len(pairs)
        )

    def _spread(self, cells: Cells, z: Fraction) -> tuple[int, int]:
        """Score and standard deviation of one unit, in billionths."""
        here = self.scorer.score(cells).total or Fraction(0)
        whole = Fraction(0)
        for key in sorted(self.keys & set(cells)):
            numerator, denominator, _excluded = cells[key]
            reach = z * self._deviation(key, numerator, denominator)
            most = Fraction(denominator) if self._is_share(key) else None
            whole += max(
                abs(self._moved(cells, key, numerator + way * reach, most) - here)
                for way in (-1, 1)
            )
        return floor(here * 10**9), ceil(whole / z * 10**9)

    def _moved(
        self, cells: Cells, key: str, numerator: Fraction, most: Fraction | None
    ) -> Fraction:
        within = max(Fraction(0), numerator if most is None else min(most, numerator))
        moved = {**cells, key: (within, *cells[key][1:])}
        return self.scorer.score(moved).total or Fraction(0)

    def _deviation(self, key: str, numerator: Fraction, denominator: int) -> Fraction:
        if key not in self.trials:
            return deviation(numerator, denominator, self._is_share(key))
        # a score given outside, as if each questionnaire or check it rests on were a trial
        one = Fraction(denominator, self.trials[key])
        return one * deviation(numerator / one, self.trials[key], share=True)

    def _is_share(self, key: str) -> bool:
        if key in self.trials:
            return True
        return self.scorer.library[key].kind == "rate"


def deviation(numerator: Fraction, denominator: int, share: bool) -> Fraction:
    """标准差 of a count: binomial of a share, Poisson otherwise; one case is added to each side, so
    that 0 % and 100 % are not taken for certainty (Agresti & Coull 1998)."""
    if not share:
        return root(numerator + 1)
    hit = (numerator + 1) / (denominator + 2)
    return root(hit * (1 - hit) * denominator)


def places(units: int, apart: set[Pair]) -> list[Place]:
    """位次 of units in the order of their ranks, from the pairs told apart."""
    found, band, reach = [], 1, -1
    for i in range(units):
        if i and reach < i:
            band += 1
        above = sum((j, i) in apart for j in range(i))
        alike = [j for j in range(i + 1, units) if (i, j) not in apart]
        # nobody so far is mistaken for a unit further down than this
        reach = max(reach, i, *alike)
        found.append(Place(band, above + 1, i + 1 + len(alike)))
    return found


def all_pairs(units: int) -> list[Pair]:
    """全部两两组合."""
    return list(combinations(range(units), 2))


def _holm(chances: Mapping[Pair, Decimal], family: int) -> set[Pair]:
    """Those found apart among `family` tests; what is not in `chances` was not."""
    found: set[Pair] = set()
    ordered = sorted(chances, key=lambda pair: (chances[pair], pair))
    for done, pair in enumerate(ordered):
        if Fraction(chances[pair]) * (family - done) > ALPHA:
            break
        found.add(pair)
    return found


def _square(one: tuple[int, int], other: tuple[int, int]) -> Fraction:
    variance = one[1] ** 2 + other[1] ** 2
    # Without any variance chance moves neither: on two steps far from their edges.
    return Fraction((one[0] - other[0]) ** 2, variance or 1)


def _counts(cells: Cells, key: str) -> tuple[int, int]:
    numerator, denominator, _excluded = cells.get(key, (Fraction(0), 0, 0))
    return int(numerator), denominator


def _moving(scorer: Scorer) -> set[str]:
    """The indicators on which the score depends; those of ties and limits do not move it."""
    nodes = [leaf.node for leaf in scorer.leaves]
    nodes += [node for one in scorer.scheme.adjustments for node in (one.node, one.double)]
    names = [name for node in nodes if node is not None for name in names_in(node)]
    found: set[str] = set()
    while names:
        name = names.pop()
        formula = scorer.scheme.formulas.get(name)
        names += names_in(formula[1]) if formula else ()
        if not formula:
            found.add(name.partition(".")[0])
    return found


def _only_rate(scorer: Scorer) -> str | None:
    """The one rate that the whole score hangs on, where it does."""
    scheme = scorer.scheme
    names = {name for leaf in scorer.leaves if leaf.node for name in names_in(leaf.node)}
    if len(names) != 1 or scheme.adjustments:
        return None
    name = names.pop()
    known = scorer.library.get(name)
    return name if known is not None and known.kind == "rate" else None
