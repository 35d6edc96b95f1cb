"""发现的规则: how often a source is right, whether that is too seldom, where a box lies. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _

Z = 1.959964  # of the two-sided 95 % interval


@dataclass(frozen=True, slots=True)
class Rate:
    """真实率: of so many finds that somebody judged, so many were true."""

    true: int = 0
    judged: int = 0

    @property
    def low(self) -> float:
        """保守真实率: the lower end of the Wilson interval; what it can be held to."""
        return wilson(self.true, self.judged)[0]

    @property
    def high(self) -> float:
        """The upper end."""
        return wilson(self.true, self.judged)[1]

    @property
    def percent(self) -> int:
        """真实率 in whole percent."""
        return round(100 * self.true / self.judged) if self.judged else 0

    @property
    def low_percent(self) -> int:
        """保守真实率 in whole percent, rounded down: nobody is let through by rounding."""
        return math.floor(100 * self.low)

    @property
    def high_percent(self) -> int:
        """The upper end in whole percent."""
        return math.ceil(100 * self.high)


def wilson(true: int, judged: int) -> tuple[float, float]:
    """威尔逊区间 of a share (E. B. Wilson 1927), 95 %; the whole of 0..1 where nothing is known."""
    if not judged:
        return 0.0, 1.0
    share, weight = true / judged, Z * Z / judged
    middle = share + weight / 2
    half = Z * math.sqrt(share * (1 - share) / judged + weight / (4 * judged))
    low, high = (middle - half) / (1 + weight), (middle + half) / (1 + weight)
    return max(0.0, low), min(1.0, high)


def too_seldom(rate: Rate, *, floor: int, least: int) -> bool:
    """须静默: enough were judged, and its conservative rate is below the floor (percent)."""
    return rate.judged >= least and rate.low_percent < floor


def framed(told: Sequence[float], size: tuple[int, int] | None) -> list[float]:
    """框: [x, y, width, height] as shares of the picture; numbers above 1 are its pixels.

    Refused("box_unreadable") for one that has no area or leaves the picture.
    """
    if not told:
        return []
    if len(told) != 4 or not all(math.isfinite(n) for n in told):
        raise _unreadable(told)
    # A detector's box may touch the edge by a rounding; cut it there.
    slack = 0.02
    if max(told) > 1 + slack:
        if size is None:
            return []  # pixels of a picture that did not come
        told = [n / size[at % 2] for at, n in enumerate(told)]
    x, y, width, height = told
    inside = x >= -slack and y >= -slack and x + width <= 1 + slack and y + height <= 1 + slack
    if not inside or width <= 0 or height <= 0:
        raise _unreadable(told)
    left, top = max(x, 0.0), max(y, 0.0)
    right, bottom = min(x + width, 1.0), min(y + height, 1.0)
    return [round(n, 5) for n in (left, top, right - left, bottom - top)]


def _unreadable(told: Sequence[float]) -> Refused:
    shown = "、".join(f"{n:g}" for n in told[:6])
    message = _("框“%(box)s”不可用：请填 [x, y, 宽, 高]，在画面之内，0至1的比例或像素")
    return Refused("box_unreadable", message % {"box": shown}, field="data.box")
