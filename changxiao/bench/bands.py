"""Bench `bands`: how often bands part units that are equal in truth, and how soon they part others.

Simulated months of a scheme on one rate and of the ready scheme of departments. Of equal units the
share of months in which even one pair is parted must be at most 5 %; beside it the plain habit, a
line wherever two published scores differ by one point.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from itertools import pairwise

import click

from changxiao.bench.figures import Figure
from changxiao.evaluation.counting import Count
from changxiao.evaluation.indicators.library import LIBRARY
from changxiao.evaluation.rankings import Row, rank
from changxiao.evaluation.schemes import EXAMPLES, Scheme, read_scheme

OPTIONS = [
    click.Option(["--months"], type=click.IntRange(min=10), default=300, show_default=True),
    click.Option(["--seed"], type=int, default=1, show_default=True),
]
UNITS = 12
_ONE = """schema = 1
key = "one"
title = "按期处置率"
version = 1
from = 2026-01-01
group = "department"
[[items]]
key = "on_time"
title = "按期处置率"
weight = 100
score = "on_time_handling_rate"
"""


def run(*, months: int = 300, seed: int = 1) -> list[Figure]:
    """分段: wrongly parted among equals, and rightly parted where two halves differ."""
    many = (EXAMPLES / "department.toml").read_text(encoding="utf-8")
    schemes = {"one-rate": read_scheme(_ONE, LIBRARY), "department": read_scheme(many, LIBRARY)}
    figures = []
    for name, scheme in schemes.items():
        for cases in (40, 400):
            figures += _equal(name, scheme, cases, (months, seed))
        figures.append(_apart(name, scheme, (months // 10, seed)))
    return figures


def _equal(name: str, scheme: Scheme, cases: int, plan: tuple[int, int]) -> list[Figure]:
    months, seed = plan
    chance, parted, habit = random.Random(seed), 0, 0
    begin = time.process_time()
    for _month in range(months):
        rows = _month_of(scheme, chance, lambda _unit: 0.9, cases)
        parted += any(_ranges(row) != (1, UNITS) for row in rows)
        scores = [row.score for row in rows if row.score is not None]
        habit += any(one - other >= 1 for one, other in pairwise(scores))
    spent = (time.process_time() - begin) / months * 1000
    note = f"{UNITS} equal units of {cases} cases, {months} months"
    path = f"bands/{name}/equal-{cases}"
    return [
        Figure(path=path, value=100 * parted / months, unit="%", cpu_ms=spent, note=note),
        Figure(path=f"{path}/by-one-point", value=100 * habit / months, unit="%", note=note),
    ]


def _apart(name: str, scheme: Scheme, plan: tuple[int, int]) -> Figure:
    """From how many cases a unit on two halves, at 95 % and at 80 %, are parted."""
    months, seed = plan
    for cases in (50, 100, 200, 400, 800, 1600, 3200):
        chance = random.Random(seed)
        months_parted = sum(
            _halves(_month_of(scheme, chance, _two_shares, cases)) for _month in range(months)
        )
        if months_parted >= 0.9 * months:
            break
    note = f"at 95 % and 80 %, parted in nine of ten of {months} months"
    return Figure(path=f"bands/{name}/two-halves", value=cases, unit="cases", note=note)


def _month_of(
    scheme: Scheme, chance: random.Random, share: Callable[[int], float], cases: int
) -> list[Row]:
    told = []
    for unit in range(UNITS):
        good = _hits(chance, cases, share(unit))
        code = f"u{unit:02}"
        for key, hits in (
            ("on_time_handling_rate", good),
            ("handling_rate", good + _hits(chance, cases - good, 0.5)),
            ("rework_rate", _hits(chance, cases, (1 - share(unit)) / 2)),
            ("return_rate", _hits(chance, cases, 0.04)),
        ):
            told.append(Count(key, code, hits, cases, 0))
        told.append(Count("should_handle", code, cases, 0, 0))
    return list(rank(scheme, LIBRARY, told).rows)


def _two_shares(unit: int) -> float:
    return 0.95 if unit < UNITS // 2 else 0.8


def _hits(chance: random.Random, cases: int, share: float) -> int:
    return sum(chance.random() < share for _case in range(cases))


def _ranges(row: Row) -> tuple[int, int]:
    return (row.place.best, row.place.worst) if row.place else (1, UNITS)


def _halves(rows: list[Row]) -> bool:
    """Whether a line runs between the sixth and the seventh."""
    bands = [row.place.band for row in rows if row.place]
    return len(bands) == UNITS and bands[UNITS // 2 - 1] < bands[UNITS // 2]
