"""预测: next week's load of each street, with an interval that has been tried on past weeks.

The level of a street follows its last weeks (simple exponential smoothing), the season is the whole
city's, since one street alone is too few cases to show one. The interval is the spread of the
errors made on past weeks, in units of √(expected + 1) as counts have it (split conformal: Vovk et
al. 2005). Everything that a week is told by was known the week before.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _

Floats = NDArray[np.float64]
YEAR = 52  # weeks of a season
SMOOTH = 5  # weeks of the season that are averaged, the week in the middle
ALPHAS = (0.05, 0.1, 0.2, 0.3, 0.45, 0.6)
WARM = YEAR + YEAR // 2  # weeks before the first forecast
LATELY = 2 * YEAR  # weeks whose errors make the interval
LEVEL = 0.9


@dataclass(frozen=True, slots=True)
class Outlook:
    """预测: a row a street, a column a week that was asked: cases expected, and the interval."""

    expected: Floats
    low: Floats
    high: Floats


def next_week(weeks: Floats, *, level: float = LEVEL) -> Outlook:
    """下周: of counts, a row a street, a column a week, oldest first. Refused
    `weeks_few` where less than a year and a half is known."""
    _enough(weeks, weeks.shape[1])
    return _walk(weeks, weeks.shape[1], level)


def back_test(weeks: Floats, *, first: int = WARM, level: float = LEVEL) -> Outlook:
    """回测: what would have been said of each week from `first` on, the week before it.

    Refused `weeks_few` as `next_week` is.
    """
    _enough(weeks, first)
    return _walk(weeks, first, level)


def _enough(weeks: Floats, first: int) -> None:
    if first < WARM or weeks.shape[1] < first:
        told = {"known": min(first, weeks.shape[1]), "needed": WARM}
        sentence = _("只有 %(known)d 周的数据：预测至少要 %(needed)d 周，一年看季节，半年试误差。")
        raise Refused("weeks_few", sentence % told, field="weeks")


def _walk(weeks: Floats, first: int, level: float) -> Outlook:
    """Week by week: say what is expected, then see what came, and learn from it."""
    known = weeks.shape[1]
    season = seasons(weeks.sum(axis=0), known + 1)
    levels = np.repeat(weeks[:, :YEAR].mean(axis=1)[None], len(ALPHAS), axis=0)
    missed = np.zeros(len(ALPHAS))
    errors: list[Floats] = []
    said: list[tuple[Floats, Floats, Floats]] = []
    for week in range(YEAR, max(known, first + 1)):
        expected = levels[missed.argmin()] * season[week]
        spread = np.sqrt(expected + 1)
        if week >= first:
            low, high = _spread(errors, level)
            least = np.maximum(0, expected + low * spread)
            said.append((expected, least, expected + high * spread))
        if week < known:
            came = weeks[:, week]
            errors.append((came - expected) / spread)
            missed += np.abs(levels * season[week] - came).sum(axis=1)
            levels += np.array(ALPHAS)[:, None] * (came / season[week] - levels)
    columns = (np.column_stack(column) for column in zip(*said, strict=True))
    return Outlook(*columns)


def seasons(city: Floats, count: int) -> Floats:
    """季节: of each of `count` weeks, how much more than an ordinary week, by the same weeks of the
    years before it; 1 in the first year, and drawn towards 1 while few years are known."""
    total = np.concatenate([[0.0], np.cumsum(city)])

    def mean(begin: int, end: int) -> float:
        return float(total[end] - total[begin]) / (end - begin)

    found = np.ones(count)
    half, wing = YEAR // 2, SMOOTH // 2
    for week in range(YEAR, count):
        seen = [
            mean(same - wing, same + wing + 1) / usual
            for same in range(week - YEAR, half - 1, -YEAR)
            if (usual := mean(same - half, same + half)) > 0
        ]
        found[week] = (1 + sum(seen)) / (1 + len(seen))
    return np.maximum(found, 0.05)


def _spread(errors: list[Floats], level: float) -> tuple[float, float]:
    """What the errors of the last two years lie between, so many of them."""
    lately = np.concatenate(errors[-LATELY:])
    tail = (1 - level) / 2
    return float(np.quantile(lately, tail)), float(np.quantile(lately, 1 - tail))


def mase(actual: Floats, expected: Floats, before: Floats) -> float:
    """平均绝对比例误差: mean absolute error, of what the seasonal-naive forecast (the same week of
    the year before) misses on the weeks `before` (Hyndman and Koehler 2006). Under 1 is better."""
    usual = np.abs(before[:, YEAR:] - before[:, :-YEAR]).mean()
    return float(np.abs(actual - expected).mean() / usual)


def coverage(actual: Floats, outlook: Outlook) -> float:
    """覆盖率: the share of weeks and streets that came within the interval."""
    return float(((actual >= outlook.low) & (actual <= outlook.high)).mean())
