"""长效指数: 0 to 100 out of five parts, each a share between 0 and 1, as a weighted mean.

| part | what it is |
|---|---|
| kept 保持 | mean days still in order after closing, of the days watched (`survival`) |
| once 不复发 | one less the share of closed cases that came back (`recurrence`) |
| flat 不反弹 | finds right after a campaign ÷ finds later, at most 1 (`rebound`) |
| steady 平稳 | visits no more in bursts than chance (`steadiness`) |
| first 先发现 | found by ourselves before a resident had to say so |

A part of which nothing is known is left out and its weight shared among the others; under half of
the weight known, there is no index. The weights are the city's (policy `lasting_weights`);
`sensitivity` shows what hangs on them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

PARTS = ("kept", "once", "flat", "steady", "first")
WEIGHTS: Mapping[str, float] = {  # per cent, where a city says nothing else
    "kept": 30,
    "once": 25,
    "flat": 15,
    "steady": 15,
    "first": 15,
}
ENOUGH = 0.5  # of the weight
SHIFT = 0.2  # of a weight, up and down


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """敏感性: the index with one weight a fifth lower or higher, and with one part left out; NaN
    where too little is left."""

    low: float
    high: float
    without: Mapping[str, float]


def lasting_index(parts: Mapping[str, float], weights: Mapping[str, float] | None = None) -> float:
    """长效指数, NaN where less than half of the weight is known. Parts are clipped to 0…1."""
    return _index(_known(parts), weights or WEIGHTS)


def _known(parts: Mapping[str, float]) -> dict[str, float]:
    return {name: min(1.0, max(0.0, one)) for name, one in parts.items() if not math.isnan(one)}


def _index(known: Mapping[str, float], weights: Mapping[str, float]) -> float:
    weight = held = 0.0
    for name, one in weights.items():
        if name in known:
            weight += one
            held += one * known[name]
    if weight < ENOUGH * sum(weights.values()) or not weight:
        return math.nan
    return 100 * held / weight


def sensitivity(
    parts: Mapping[str, float], weights: Mapping[str, float] | None = None
) -> Sensitivity:
    """敏感性: how far the index moves when the weights do."""
    weights, known = weights or WEIGHTS, _known(parts)
    moved = [
        _index(known, {**weights, name: weights[name] * (1 + shift)})
        for name in weights
        for shift in (-SHIFT, SHIFT)
    ]
    without = {
        name: _index(known, {other: w for other, w in weights.items() if other != name})
        for name in weights
    }
    return Sensitivity(min(moved), max(moved), without)
