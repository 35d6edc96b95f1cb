"""长效表: what is told of each group, in one row."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

import numpy as np

from changxiao.evaluation.lasting.problems import Problems
from changxiao.evaluation.lasting.recurrence import Reach, first_again, recurrence
from changxiao.evaluation.lasting.survival import Curve, kept
from changxiao.evaluation.rates import percent

MILESTONES = (30, 90, 365)  # days
WITHIN = 90.0


@dataclass(frozen=True, slots=True)
class Told:
    """长效一行: of one group: cases whose days are over and those of them that came back, and the
    curve of all its closed cases."""

    NAMES: ClassVar[tuple[str, ...]] = (
        "group",
        "closed",
        "again",
        "percent",
        *(f"kept_{day}" for day in MILESTONES),
        "mean_days",
    )
    group: str
    closed: int
    again: int
    curve: Curve

    def row(self) -> dict[str, Any]:
        """一行, by name: `percent` empty where no case's days are over, `kept_30` … in percent."""
        rate = percent(Decimal(self.again), Decimal(self.closed))
        shares = (f"{100 * self.curve.at(day):.2f}" for day in MILESTONES)
        values = (
            *(self.group, self.closed, self.again, "" if rate is None else str(rate)),
            *shares,
            f"{self.curve.mean_within(WITHIN):.1f}",
        )
        return dict(zip(self.NAMES, values, strict=True))


def lasting_of(problems: Problems, *, reach: Reach | None = None) -> list[Told]:
    """长效表: a row a group, in the order of its code. Finds are known up to the last one told."""
    if not len(problems):
        return []
    until = float(problems.found.max())
    again = first_again(problems, reach)
    watched = np.minimum(again, until - problems.closed)
    happened = again <= until - problems.closed
    closed = ~np.isnan(problems.closed)
    told = []
    for counted in recurrence(problems, until=until, reach=reach, again=again):
        mine = closed & (problems.group == counted.group)
        curve = kept(watched[mine], happened[mine])
        told.append(Told(counted.group, counted.closed, counted.again, curve))
    return told
