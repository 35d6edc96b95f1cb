"""排名 ranks: the published order of a period, with all that stands beside each score. Pure.

Scores are exact until here; they are rounded once, half up, to two places, and the published figure
decides: whoever reads the bulletin can check the order. Ties go by the scheme's rule, then by code.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from changxiao.evaluation.rankings.bands import Noise, Place, all_pairs, places
from changxiao.evaluation.rankings.honors import Appearances, Listed, Standing, honors
from changxiao.evaluation.rankings.marks import Marks
from changxiao.evaluation.rankings.scores import Cells, Score, Scorer, cells_of
from changxiao.evaluation.rates import rounded
from changxiao.evaluation.schemes import Library, Scheme
from changxiao.evaluation.schemes.scales import step_of

if TYPE_CHECKING:
    from changxiao.evaluation.counting import Count

_NO_MARKS: Marks = {}
LISTED, TOO_FEW, NO_DATA = "listed", "too_few", "no_data"


@dataclass(frozen=True, slots=True)
class Trend:
    """与上期比: the score and rank before, and whether the change is more than noise."""

    score: Decimal
    rank: int | None
    change: Decimal
    apart: bool


@dataclass(frozen=True, slots=True)
class Row:
    """一行排名. Unlisted units have no rank, band or grade, and say why (`status`)."""

    code: str
    status: str
    score: Decimal | None
    exact: Score
    cells: Cells
    rank: int | None = None
    tied: bool = False
    grade: str = ""
    place: Place | None = None
    trend: Trend | None = None


@dataclass(frozen=True, slots=True)
class Ranking:
    """排名表: listed rows by rank, then the unlisted by code; and the lists that follow from it."""

    rows: tuple[Row, ...]
    honors: tuple[Listed, ...]
    unassigned: Cells


@dataclass(frozen=True, slots=True)
class Past:
    """过去的一期: its cells by group, and who stood on which list."""

    groups: Mapping[str, Cells]
    appearances: Appearances


def rank(
    scheme: Scheme,
    library: Library,
    counts: Iterable[Count],
    before: Sequence[Past] = (),
    outside: Marks = _NO_MARKS,
) -> Ranking:
    """排名 of a period by its counts and what came from outside; `before` are the periods before
    it, the newest first."""
    scorer = Scorer(scheme, library)
    noise = Noise(scorer)
    counted = cells_of(counts)
    unassigned = counted.pop("", {})
    groups = _joined(counted, outside, scheme.within)
    rows = _table(scorer, noise, groups)
    if before:
        rows = _with_trend(noise, rows, _numbered(scorer, before[0].groups))
    standings = [_standing(row) for row in rows if row.place]
    listed = honors(scheme, standings, [past.appearances for past in before])
    return Ranking(tuple(rows), tuple(listed), unassigned)


def _joined(groups: Mapping[str, Cells], outside: Marks, within: str) -> dict[str, Cells]:
    """Counts and marks of each group in one; of the area that the scheme is for."""
    every = sorted(code for code in {*groups, *outside} if code.startswith(within))
    return {code: {**groups.get(code, {}), **outside.get(code, {})} for code in every}


def past(scheme: Scheme, library: Library, counts: Iterable[Count]) -> Past:
    """过去的一期, by the same scheme."""
    groups = _joined(
        {code: one for code, one in cells_of(counts).items() if code}, {}, scheme.within
    )
    if not scheme.honors:
        return Past(groups, frozenset())
    scorer = Scorer(scheme, library)
    rows = _table(scorer, Noise(scorer), groups)
    listed = honors(scheme, [_standing(row) for row in rows if row.place], ())
    return Past(groups, frozenset((one.list, one.code) for one in listed))


def _table(scorer: Scorer, noise: Noise, groups: Mapping[str, Cells]) -> list[Row]:
    rows = _numbered(scorer, groups)
    listed = [row for row in rows if row.rank is not None]
    found = places(len(listed), noise.apart([row.cells for row in listed], all_pairs(len(listed))))
    placed = [replace(row, place=place) for row, place in zip(listed, found, strict=True)]
    return [*placed, *rows[len(listed) :]]


def _numbered(scorer: Scorer, groups: Mapping[str, Cells]) -> list[Row]:
    """The listed with their ranks, then the others by code."""
    rows = [_row(scorer, code, cells) for code, cells in sorted(groups.items())]
    orders = {row.code: _order(scorer, row) for row in rows if row.status == LISTED}
    listed = sorted((row for row in rows if row.code in orders), key=lambda row: orders[row.code])
    met = Counter(order[:-1] for order in orders.values())
    ranked = [
        replace(row, rank=n, grade=_grade(scorer, row), tied=met[orders[row.code][:-1]] > 1)
        for n, row in enumerate(listed, 1)
    ]
    return [*ranked, *(row for row in rows if row.code not in orders)]


def _grade(scorer: Scorer, row: Row) -> str:
    assert row.score is not None
    return step_of([grade.step for grade in scorer.scheme.grades], Fraction(row.score)).name


def _row(scorer: Scorer, code: str, cells: Cells) -> Row:
    score = scorer.score(cells)
    if score.total is None:
        return Row(code, NO_DATA, None, score, cells)
    few = _cases(scorer, cells) < scorer.scheme.least_cases
    return Row(code, TOO_FEW if few else LISTED, rounded(score.total), score, cells)


def _cases(scorer: Scorer, cells: Cells) -> Fraction:
    """How many cases a unit had: by the scheme's own count, or its widest denominator."""
    if scorer.scheme.least_of:
        return scorer.value(scorer.scheme.least_of, cells) or Fraction(0)
    counted = [cells[key] for key in cells if key not in scorer.outside]
    widest = max((denominator for _n, denominator, _x in counted), default=0)
    found = Fraction(widest) or max((n for n, _d, _x in counted), default=Fraction(0))
    return found or Fraction(len(cells) > len(counted))  # marks from outside are something


def _order(scorer: Scorer, row: Row) -> tuple[object, ...]:
    """Published score, then the scheme's ties (no data last), then code."""
    assert row.score is not None
    ties: list[object] = []
    for tie in scorer.scheme.ties:
        value = scorer.value(tie.name, row.cells)
        ties.append((value is None, (value or 0) if tie.low else -(value or 0)))
    return (-row.score, *ties, row.code)


def _with_trend(noise: Noise, now: list[Row], before: list[Row]) -> list[Row]:
    """One test a unit, this period against the last, 5 % for all of them together."""
    old = {row.code: row for row in before if row.score is not None}
    both = [row for row in now if row.code in old and row.score is not None]
    units = [cells for row in both for cells in (row.cells, old[row.code].cells)]
    pairs = [(2 * i, 2 * i + 1) for i in range(len(both))]
    apart = noise.apart(units, pairs)
    trends = {
        row.code: _trend(row, old[row.code], apart=pair in apart)
        for row, pair in zip(both, pairs, strict=True)
    }
    return [replace(row, trend=trends.get(row.code)) for row in now]


def _trend(row: Row, old: Row, *, apart: bool) -> Trend:
    assert row.score is not None and old.score is not None
    return Trend(old.score, old.rank, row.score - old.score, apart)


def _standing(row: Row) -> Standing:
    assert row.rank is not None and row.place is not None and row.score is not None
    place = row.place
    return Standing(row.code, row.rank, place.band, row.score, place.best, place.worst)
