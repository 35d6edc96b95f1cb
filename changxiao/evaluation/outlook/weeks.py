"""每周件数: of each street in each whole week, for the forecast. No Django."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from changxiao.evaluation.facts import schema
from changxiao.evaluation.localtime import local_time
from changxiao.evaluation.outlook.forecast import WARM, YEAR, Floats, back_test, coverage, mase
from changxiao.evaluation.outlook.forecast import next_week as _next_week
from changxiao.evaluation.outlook.pivot import Asked, Columns, dimension, narrowed
from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _

MONDAY = date(1970, 1, 5)


@dataclass(frozen=True, slots=True)
class Weeks:
    """每周件数: a row a place, a column a week from `first` on; `few` had less than one a week."""

    places: list[str]
    counts: Floats
    first: date
    few: int

    @property
    def next(self) -> date:
        """下周一, the week that is told."""
        return self.first + timedelta(days=7 * self.counts.shape[1])


@dataclass(frozen=True, slots=True)
class Forecast:
    """下周预测 of each place, and how it would have done on past weeks: the scaled error of ours
    and of the same week a year before (NaN where too few weeks to try), and the share of weeks
    within the interval."""

    weeks: Weeks
    expected: Floats
    low: Floats
    high: Floats
    tried: int
    error: float
    naive: float
    inside: float


def weeks_of(columns: Columns, asked: Asked) -> Weeks:
    """每周件数 by `asked.rows`. The first and the last week, of which a part may be missing, are
    left out. Refused `weeks_few` for less than a week."""
    cases = narrowed(schema.unbound("cases"), asked)
    local = local_time(asked.zone).of_column(cases.reported_at)
    told = cases.mutate(place=dimension(cases, asked.rows, asked.zone), week=local.truncate("W"))
    rows = columns(told.group_by(["place", "week"]).agg(n=told.count())).to_pylist()
    numbered = [(one["place"], _week(one["week"].date()), one["n"]) for one in rows]
    first = min((week for _p, week, _n in numbered), default=0) + 1
    last = max((week for _p, week, _n in numbered), default=0)
    if last <= first:
        raise Refused("weeks_few", _("不足一周的案卷，无法预测：请放宽筛选。"), field="weeks")
    names = sorted({place for place, _w, _n in numbered})
    place = {name: row for row, name in enumerate(names)}
    counts = np.zeros((len(names), last - first))
    for name, week, count in numbered:
        if first <= week < last:
            counts[place[name], week - first] = count
    many = counts.sum(axis=1) >= counts.shape[1]
    kept = [name for name, enough in zip(names, many, strict=True) if enough]
    start = MONDAY + timedelta(days=7 * first)
    return Weeks(kept, counts[many], start, int((~many).sum()))


def _week(day: date) -> int:
    return (day - MONDAY).days // 7


def forecast(weeks: Weeks) -> Forecast:
    """下周预测与回测. Refused `weeks_few` for less than a year and a half of weeks, `places_few`
    where no place has one case a week."""
    if not weeks.places and weeks.counts.shape[1] >= WARM:
        sentence = _("没有一处每周有一件以上，无法预测：请放宽筛选，或按区来看。")
        raise Refused("places_few", sentence, field="rows")
    told = _next_week(weeks.counts)
    known = weeks.counts.shape[1]
    tried, error, naive, inside = 0, math.nan, math.nan, math.nan
    if known > WARM:
        back = back_test(weeks.counts)
        actual, before = weeks.counts[:, WARM:], weeks.counts[:, :WARM]
        tried = known - WARM
        error = mase(actual, back.expected, before)
        naive = mase(actual, weeks.counts[:, WARM - YEAR : -YEAR], before)
        inside = coverage(actual, back)
    expected, low, high = (column[:, 0] for column in (told.expected, told.low, told.high))
    return Forecast(weeks, expected, low, high, tried, error, naive, inside)
