"""分档 scales: steps that cover the whole line once, and what a value gets. Pure.

Each step is half open: from `least`, included, up to `below`, not included.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _


@dataclass(frozen=True, slots=True)
class Step:
    """档: None at an end is without limit; `score` is a percentage of the weight."""

    least: Fraction | None
    below: Fraction | None
    score: Fraction = Fraction(0)
    name: str = ""

    def holds(self, value: Fraction) -> bool:
        """是否在此档."""
        above = self.least is None or value >= self.least
        return above and (self.below is None or value < self.below)


@dataclass(frozen=True, slots=True)
class Full:
    """满分线: at `at` or better the full weight; each unit worse costs `minus` points."""

    at: Fraction
    minus: Fraction

    def points(self, value: Fraction, weight: Fraction, *, low: bool) -> Fraction:
        """得分: never under 0."""
        short = value - self.at if low else self.at - value
        return max(Fraction(0), weight - self.minus * max(Fraction(0), short))


def plain(number: Fraction | None) -> str:
    """数字的写法: 70, 0.25, or 1/3 where decimals do not end."""
    if number is None:
        return ""
    for places in range(10):
        scaled = number * 10**places
        if scaled.denominator == 1:
            digits = f"{abs(scaled.numerator):0{places + 1}}"
            whole = digits[:-places] + "." + digits[-places:] if places else digits
            return ("-" if number < 0 else "") + whole
    return str(number)


def step_of(steps: Sequence[Step], value: Fraction) -> Step:
    """所在档: of steps that were checked."""
    return next(step for step in steps if step.holds(value))


def check_steps(steps: Sequence[Step], where: str) -> tuple[Step, ...]:
    """核对分档: highest first, from no limit to no limit, without gap or overlap.

    Refused `steps_gap`, `steps_overlap`, `steps_open`.
    """
    rising = sorted(steps, key=lambda step: (step.least is not None, step.least or 0))
    if not rising or rising[0].least is not None or rising[-1].below is not None:
        sentence = _("%(where)s：分档要盖住全部数值：最低一档不写 from，最高一档不写 to 或 below。")
        raise Refused("steps_open", sentence % {"where": where}, field=where)
    for one, other in pairwise(rising):
        _meet(one.below, other.least, where)
    return tuple(reversed(rising))


def _meet(below: Fraction | None, least: Fraction | None, where: str) -> None:
    if below == least is not None:
        return
    if below is None or least is None or below > least:
        told = {"where": where, "least": plain(least) or "-∞", "below": plain(below) or "+∞"}
        sentence = _("%(where)s：分档重叠：从 %(least)s 到 %(below)s 同时落在两档，请改其中一档。")
        raise Refused("steps_overlap", sentence % told, field=where)
    told = {"where": where, "below": plain(below), "least": plain(least)}
    sentence = _("%(where)s：分档有空档：从 %(below)s 到 %(least)s 不属于任何一档，请补上。")
    raise Refused("steps_gap", sentence % told, field=where)
