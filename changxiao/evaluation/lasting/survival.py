"""多久复发: the share still in order so many days after closing, with what is not over yet.

The product-limit estimate of Kaplan and Meier (1958), its variance by Greenwood's formula, its
interval on the scale of log(−log S) so that it stays between 0 and 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from changxiao.evaluation.lasting.problems import Flags, Floats


@dataclass(frozen=True, slots=True)
class Curve:
    """保持曲线: at `days` (rising), the share `kept` still in order, its interval, and how many
    were still watched just before."""

    days: Floats
    kept: Floats
    low: Floats
    high: Floats
    watched: Floats

    def at(self, day: float) -> float:
        """当日保持率: the curve is a staircase, 1 before its first step."""
        step = int(np.searchsorted(self.days, day, side="right"))
        return 1.0 if step == 0 else float(self.kept[step - 1])

    def mean_within(self, day: float) -> float:
        """限期内平均保持天数: the area under the curve up to that day (restricted mean)."""
        inside = self.days[self.days < day]
        edges = np.concatenate([[0.0], inside, [day]])
        heights = np.concatenate([[1.0], self.kept[: len(inside)]])
        return float(np.sum(np.diff(edges) * heights))


def kept(days: Floats, happened: Flags, *, level: float = 0.95) -> Curve:
    """保持曲线: from days watched and whether the recurrence ended the watching.

    Who was watched 0 days or fewer tells nothing and is left out.
    """
    told = days > 0
    days, happened = days[told], happened[told]
    moments, which = np.unique(days[happened], return_inverse=True)
    events = np.bincount(which, minlength=len(moments)).astype(float)
    watched = len(days) - np.searchsorted(np.sort(days), moments, side="left").astype(float)
    share = np.cumprod(1 - events / watched) if len(moments) else np.array([])
    low, high = _interval(share, events, watched, level)
    return Curve(moments, share, low, high, watched)


def _interval(
    share: Floats, events: Floats, watched: Floats, level: float
) -> tuple[Floats, Floats]:
    inner = (share > 0) & (share < 1)
    low, high = share.copy(), share.copy()
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.sqrt(np.cumsum(events / (watched * (watched - events))))
        wide = NormalDist().inv_cdf(0.5 + level / 2) * spread / np.abs(np.log(share))
        low[inner] = (share ** np.exp(wide))[inner]
        high[inner] = (share ** np.exp(-wide))[inner]
    return low, high
