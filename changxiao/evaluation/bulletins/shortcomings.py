"""短板 shortcomings: a unit's rate that lies below the others' by more than the city tolerates and
by more than chance. Each says how many cases it takes, so that it can be a task. Pure.

The others are all groups of the result but this one, their cases added up. Of all pairs looked at,
Holm's procedure (1979) keeps the chance of even one false finding at 5 %.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from changxiao.evaluation.bulletins.source import Measure, Source, period_words
from changxiao.evaluation.periods import Period
from changxiao.evaluation.rankings.bands import ALPHA
from changxiao.evaluation.rankings.statistics import p_value
from changxiao.evaluation.rates import rounded
from changxiao.kernel.words import gettext as _


@dataclass(frozen=True, slots=True)
class Shortcoming:
    """一项短板: the unit's counts and the others'; the gap is in percentage points, above 0."""

    group: str
    indicator: str
    numerator: int
    denominator: int
    others_numerator: int
    others_denominator: int
    low: bool  # the smaller rate is the better one
    again: bool = False  # it was one in the period before already

    @property
    def percent(self) -> Decimal:
        return rounded(Fraction(100 * self.numerator, self.denominator))

    @property
    def others_percent(self) -> Decimal:
        return rounded(Fraction(100 * self.others_numerator, self.others_denominator))

    @property
    def gap(self) -> Decimal:
        """差距, of the printed figures: whoever reads both can check it."""
        return abs(self.percent - self.others_percent)

    @property
    def missing(self) -> int:
        """差几件: what would have brought the unit level with the others."""
        level = Fraction(self.others_numerator * self.denominator, self.others_denominator)
        if self.low:
            return math.ceil(self.numerator - level)
        return math.ceil(level - self.numerator)


Cells = dict[str, dict[str, tuple[int, int]]]  # indicator: group: numerator, denominator


def shortcomings(source: Source) -> list[Shortcoming]:
    """短板 of a period, the widest gap first; `again` where the period before had it too."""
    old = set()
    if source.before is not None:
        found_before = _found(source.before, source.measures, source.gap)
        old = {(one.group, one.indicator) for one in found_before}
    return [
        one if (one.group, one.indicator) not in old else _again(one)
        for one in _found(source.told, source.measures, source.gap)
    ]


def made_good(source: Source) -> list[Shortcoming]:
    """补齐的短板: of the period before, and none any more though there is data."""
    if source.before is None:
        return []
    now = {(one.group, one.indicator) for one in shortcomings(source)}
    cells = _cells(source.told, source.measures)
    return [
        one
        for one in _found(source.before, source.measures, source.gap)
        if (one.group, one.indicator) not in now and one.group in cells.get(one.indicator, {})
    ]


def sentence(source: Source, one: Shortcoming) -> str:
    """一句话, which can become a task: who, what, against what, how many cases, by when."""
    unit, title = source.name(one.group), source.measure(one.indicator).title
    return worded(one, unit=unit, indicator=title, period=source.period)


def worded(one: Shortcoming, *, unit: str, indicator: str, period: Period) -> str:
    """写成话 in the reader's language, of a shortcoming that was found in `period`."""
    told = {
        "unit": unit,
        "indicator": indicator,
        "percent": f"{one.percent:f}",
        "n": one.numerator,
        "d": one.denominator,
        "others": f"{one.others_percent:f}",
        "gap": f"{one.gap:f}",
        "missing": one.missing,
        "next": period_words(period.after()),
    }
    if one.low:
        words = _(
            "%(unit)s的%(indicator)s为 %(percent)s%%（%(n)s/%(d)s），高于其他单位的 %(others)s%%，"
            "相差 %(gap)s 个百分点；要与其他单位持平，须减少 %(missing)s 件。"
            "请查明原因，%(next)s降到 %(others)s%% 以下。"
        )
    else:
        words = _(
            "%(unit)s的%(indicator)s为 %(percent)s%%（%(n)s/%(d)s），低于其他单位的 %(others)s%%，"
            "相差 %(gap)s 个百分点；要与其他单位持平，须再有 %(missing)s 件达标。"
            "请查明原因，%(next)s提到 %(others)s%% 以上。"
        )
    found = words % told
    return found if not one.again else found + _("上期已列为短板。")


def _again(one: Shortcoming) -> Shortcoming:
    return replace(one, again=True)


def _found(
    told: Mapping[str, Any], measures: Mapping[str, Measure], least: Decimal
) -> list[Shortcoming]:
    pairs = list(_pairs(_cells(told, measures), measures))
    chances = {
        n: p_value((one.numerator, one.denominator), (one.others_numerator, one.others_denominator))
        for n, one in enumerate(pairs)
        if one.gap >= least and one.missing > 0
    }
    found = []
    for done, n in enumerate(sorted(chances, key=lambda n: (chances[n], n))):
        if Fraction(chances[n]) * (len(pairs) - done) > ALPHA:
            break
        found.append(pairs[n])
    return sorted(found, key=lambda one: (-one.gap, one.group, one.indicator))


def _cells(told: Mapping[str, Any], measures: Mapping[str, Measure]) -> Cells:
    found: Cells = {}
    for row in told["rows"]:
        for cell in row["cells"]:
            measure = measures.get(cell["indicator"])
            if measure is not None and measure.share and cell["denominator"]:
                counts = (cell["numerator"], cell["denominator"])
                found.setdefault(cell["indicator"], {})[row["code"]] = counts
    return found


def _pairs(cells: Cells, measures: Mapping[str, Measure]) -> Iterator[Shortcoming]:
    """Every unit against the others, the worse side only; all of them are the family of tests."""
    for key, groups in sorted(cells.items()):
        low = measures[key].better == "low"
        hits, whole = (sum(counts[part] for counts in groups.values()) for part in (0, 1))
        for code, (numerator, denominator) in sorted(groups.items()):
            others = (hits - numerator, whole - denominator)
            if others[1] and measures[key].better:
                yield Shortcoming(code, key, numerator, denominator, *others, low)
