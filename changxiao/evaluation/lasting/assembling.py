"""长效表: five parts and the index for each place, sub-category or unit, from facts.

A case counts once it is filed and neither void nor joined to another. What a part lacks is told as
NaN, so that the index leaves it out: visits are known of places only, and without a day of
inspection nothing can rebound. Pure.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from zoneinfo import ZoneInfo

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from changxiao.evaluation.facts import schema
from changxiao.evaluation.lasting.index import WEIGHTS, Sensitivity, lasting_index, sensitivity
from changxiao.evaluation.lasting.problems import Codes, Flags, Floats, Problems, rows_by
from changxiao.evaluation.lasting.rebound import Campaign, Rebound, rebound
from changxiao.evaluation.lasting.recurrence import Reach, Recurred, first_again, recurrence
from changxiao.evaluation.lasting.steadiness import steadiness
from changxiao.evaluation.lasting.survival import Curve, kept
from changxiao.evaluation.localtime import local_time
from changxiao.kernel.geo import Scale

GROUPS = ("street", "community", "place_kind", "junction", "category", "department")
PLACED = ("street", "community", "place_kind")  # of which visits are known
NOBODY = Rebound(*[math.nan] * 5)
TENTH_MICRODEGREE = 1e-7


@dataclass(frozen=True, slots=True)
class Asked:
    """怎样算: what the city decides. `channels` are those whose finds may count as a recurrence;
    `campaigns` first and last days of inspections and campaigns."""

    reach: Reach
    channels: frozenset[str]
    zone: ZoneInfo
    campaigns: tuple[tuple[date, date], ...] = ()
    weights: Mapping[str, float] = field(default_factory=lambda: WEIGHTS)
    days: int = 0  # only what was reported in the last so many; 0: everything


@dataclass(frozen=True)
class Seen:
    """所见: the cases, and who found each; days are the city's, since 1970-01-01."""

    numbers: Codes
    problems: Problems
    own: Flags
    residents: Flags
    scale: Scale
    asked: Asked

    @cached_property
    def until(self) -> float:
        """截至日: the last thing known."""
        told = np.concatenate([self.problems.found, self.problems.closed])
        return float(np.nanmax(told)) if len(told) else 0.0

    @cached_property
    def first(self) -> int:
        """首日 of the row of days."""
        return int(self.problems.found.min()) if len(self.problems) else 0

    @cached_property
    def again(self) -> Floats:
        """距复发天数 of each case, over the whole city: a street's edge is no wall."""
        return first_again(self.problems, self.asked.reach)

    @property
    def days(self) -> int:
        """天数 from the first day to the last."""
        return int(self.until) - self.first + 1

    def daily(self, moments: Floats) -> NDArray[np.int64]:
        """每天几件, from the first day on; what lies outside is left out."""
        places = np.floor(moments).astype(int) - self.first
        inside = places[(places >= 0) & (places < self.days)]
        return np.bincount(inside, minlength=self.days)

    @property
    def campaigns(self) -> list[Campaign]:
        """检查与专项行动 as places in the row of days."""
        begin = date(1970, 1, 1).toordinal() + self.first
        return [(a.toordinal() - begin, b.toordinal() - begin) for a, b in self.asked.campaigns]


@dataclass(frozen=True, slots=True)
class Lasting:
    """长效一行: of one group. `parts` are shares, NaN where nothing is known; so is `index`."""

    counted: Recurred
    cases: int
    own: int
    residents: int
    visits: int
    curve: Curve
    back: Rebound
    parts: Mapping[str, float]
    index: float = field(default=math.nan)
    moves: Sensitivity = field(default=Sensitivity(math.nan, math.nan, {}))

    @property
    def group(self) -> str:
        return self.counted.group


def question(by: str, asked: Asked) -> ir.Table:
    """问题: the columns of facts that `seen` wants. Refused `group_unknown`."""
    cases = schema.unbound("cases")
    column = cases[schema.group_column("cases", by)]
    taken = cases.filed_at.notnull() & cases.voided_at.isnull() & cases.joined_at.isnull()
    if asked.days:
        begin = cases.reported_at.max().as_scalar() - ibis.interval(days=asked.days)
        taken &= cases.reported_at >= begin
    return cases.filter(taken).select(
        "number",
        "category",
        "community",
        "reported_at",
        "closed_at",
        "x",
        "y",
        "self_found",
        "public_found",
        group=column,
        counts=cases.channel.isin(sorted(asked.channels)),
    )


def seen(rows: pa.Table, asked: Asked) -> Seen:
    """所见, from the columns of `question`."""
    lon, lat = (_floats(rows[name]) * TENTH_MICRODEGREE for name in ("x", "y"))
    scale = Scale.at(float(np.nanmean(lat)) if np.isfinite(lat).any() else 0.0)
    flags = {
        name: rows[name].to_numpy().astype(bool)
        for name in ("self_found", "public_found", "counts")
    }
    problems = Problems(
        texts(rows["category"]),
        texts(rows["group"]),
        lon * scale.east,
        lat * scale.north,
        _days(rows["reported_at"], asked.zone),
        _days(rows["closed_at"], asked.zone),
        flags["counts"],
    )
    numbers = texts(rows["number"])
    return Seen(numbers, problems, flags["self_found"], flags["public_found"], scale, asked)


def texts(column: pa.ChunkedArray) -> Codes:
    """一列文字."""
    texts: Codes = column.to_numpy()
    return texts.astype(object)


def _floats(column: pa.ChunkedArray) -> Floats:
    return np.asarray(pc.fill_null(column.cast(pa.float64()), math.nan).to_numpy(), np.float64)


def _days(column: pa.ChunkedArray, zone: ZoneInfo) -> Floats:
    known = np.asarray(column.is_valid().to_numpy(), bool)
    micros = np.asarray(pc.fill_null(column.cast(pa.int64()), 0).to_numpy(), np.int64)
    return np.where(known, local_time(zone).days(micros), math.nan)


def assemble(told: Seen, visits: Mapping[str, Floats] | None = None) -> list[Lasting]:
    """长效表: a row a group, in the order of its code; `visits` are the moments (local days) at
    which a patrol began, by group."""
    found = rows_by(told.problems.group)
    return [
        lasting_of(told, rows, one, (visits or {}).get(group, np.array([])))
        for (group, rows), one in zip(found, recurred(told), strict=True)
    ]


def recurred(told: Seen) -> list[Recurred]:
    """复发率的两个数 of each group, in the order of its code."""
    return recurrence(told.problems, until=told.until, reach=told.asked.reach, again=told.again)


def lasting_of(told: Seen, rows: NDArray[np.intp], counted: Recurred, visits: Floats) -> Lasting:
    """长效一行, from the places of the group's cases."""
    every = told.problems
    left = told.until - every.closed[rows]
    closed = np.isfinite(left)
    happened = told.again[rows] <= left
    curve = kept(np.minimum(told.again[rows], left)[closed], happened[closed])
    back = NOBODY
    if told.asked.campaigns:
        daily = told.daily(every.found[rows[every.counts[rows]]]).astype(float)
        back = rebound(daily, told.campaigns)
    own, residents = int(told.own[rows].sum()), int(told.residents[rows].sum())
    window = told.asked.reach.days
    parts = {
        "kept": curve.mean_within(window) / window if closed.any() else math.nan,
        "once": 1 - counted.again / counted.closed if counted.closed else math.nan,
        "flat": back.flat,
        "steady": steadiness(spread(visits)),
        "first": own / (own + residents) if own + residents else math.nan,
    }
    weights = told.asked.weights
    index, moves = lasting_index(parts, weights), sensitivity(parts, weights)
    return Lasting(
        counted, len(rows), own, residents, len(visits), curve, back, parts, index, moves
    )


def spread(visits: Floats) -> Floats:
    """摊开: the visits of a day at moments drawn over it, the same each time. That shifts begin at
    eight is no burst; that everybody comes in one week and nobody in the next is one."""
    return np.floor(visits) + np.random.default_rng(0).random(len(visits))
