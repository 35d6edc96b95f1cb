"""先验 prior: how common each label is at a place and at a season and hour, beside the whole city.

A grid with three cases says little, so each place is smoothed towards the wider one it lies in:
grid, community, city. Pure.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

WEIGHT = 5.0  # cases' worth of the wider place in each narrower one
COMMON = 1.5  # times the city's share: then a place or an hour is a reason worth telling

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Context:
    """何处何时: places from the narrowest to the widest, and one word for season and hour."""

    places: tuple[str, ...] = ()
    moment: str = ""


NOWHERE = Context()


@dataclass(slots=True)
class Prior:
    """先验: for each place and moment, how often each label (by number) was seen."""

    size: int
    counts: dict[str, dict[int, int]] = field(default_factory=dict)

    def lift(self, context: Context) -> Numbers:
        """倍数的对数: log of the share here and now over the city's, one a label."""
        city = self._city()
        return np.log(self.place(context.places) / city) + np.log(self.moment(context) / city)

    def place(self, places: Sequence[str]) -> Numbers:
        """此处的比例, smoothed from the widest place to the narrowest."""
        share = self._city()
        for key in reversed(places):
            share = self._smoothed(key, share)
        return share

    def moment(self, context: Context) -> Numbers:
        """此时的比例."""
        city = self._city()
        return self._smoothed(context.moment, city) if context.moment else city

    def common_at(self, label: int, context: Context) -> str:
        """常见之处: the narrowest of the places where the label is markedly more common than in
        the city; empty where it is not."""
        for depth, key in enumerate(context.places):
            seen = self.counts.get(key, {}).get(label, 0)
            share = self.place(context.places[depth:])[label]
            if seen >= 2 and share >= COMMON * self._city()[label]:
                return key
        return ""

    def common_when(self, label: int, context: Context) -> bool:
        """此时常见."""
        return bool(self.moment(context)[label] >= COMMON * self._city()[label])

    def _city(self) -> Numbers:
        return self._smoothed("", np.full(self.size, 1.0 / self.size))

    def _smoothed(self, key: str, wider: Numbers) -> Numbers:
        seen = self.counts.get(key)
        if not seen:
            return wider
        found: Numbers = WEIGHT * wider
        found[list(seen)] += list(seen.values())
        found /= found.sum()
        return found


def learnt(labels: Iterable[int], contexts: Iterable[Context], size: int) -> Prior:
    """计数: the prior of these cases; key "" is the city."""
    counts: dict[str, Counter[int]] = defaultdict(Counter)
    for label, context in zip(labels, contexts, strict=True):
        for key in {"", *context.places, context.moment}:
            counts[key][label] += 1
    return Prior(size, {key: dict(sorted(counts[key].items())) for key in sorted(counts)})


def read(told: Mapping[str, Mapping[str, int]], size: int) -> Prior:
    """由 JSON 读入."""
    return Prior(size, {key: {int(k): int(n) for k, n in row.items()} for key, row in told.items()})
