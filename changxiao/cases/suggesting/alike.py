"""重复的可能: how likely two reports tell of one thing, by place × time × text × category. Pure.

Each part is a number from 0 to 1, and the score is their mean by the city's weights; a part that is
not known (no words, no category yet) is left out with its weight.

    place     2^(−metres / radius)           half at the city's radius for similar cases
    time      2^(−hours / (7 × hours))       half after seven times the city's hours
    text      cosine of the two-character groups near the beginning, full from `TOLD_ALIKE`
    category  1 the same sub-category, ½ the same category, 0 another
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from math import sqrt

BEGINNING = 30  # characters: what the matter is stands there, the rest is each caller's own story
TOLD_ALIKE = 1 / 3  # two people who tell of one thing hardly share more than this
SLOWER = 7.0
_PAUSE = re.compile(r"[^㐀-䶿一-鿿A-Za-z0-9]+")


@dataclass(frozen=True, slots=True)
class Parts:
    """各项: from 0 to 1 each; None where it is not known."""

    place: float | None = None
    time: float | None = None
    text: float | None = None
    category: float | None = None

    def score(self, weights: Mapping[str, float]) -> float:
        """重复的可能, 0 to 1: the mean of the known parts by their weights."""
        known = {name: part for name, part in asdict(self).items() if part is not None}
        total = sum(weights[name] for name in known)
        return sum(weights[name] * part for name, part in known.items()) / total if total else 0.0


def place(metres: float, radius: float) -> float:
    """地点."""
    return float(2.0 ** (-metres / radius))


def time(hours: float, usual: float) -> float:
    """时间: hours between the two reports, whichever came first."""
    return float(2.0 ** (-abs(hours) / (SLOWER * usual)))


def category(same: bool, akin: bool) -> float:
    """类别."""
    if same:
        return 1.0
    return 0.5 if akin else 0.0


def text(one: str, other: str) -> float | None:
    """文字; None where one of them says nothing."""
    return told(pieces(one), pieces(other))


def told(ours: frozenset[str], theirs: frozenset[str]) -> float | None:
    """文字, of texts cut before: one report is compared with many."""
    if not ours or not theirs:
        return None
    cosine = len(ours & theirs) / sqrt(len(ours) * len(theirs))
    return min(1.0, cosine / TOLD_ALIKE)


def pieces(text: str) -> frozenset[str]:
    """字组 of the beginning; digits and letters too, for A3 区 and 12 号 name the place."""
    found: set[str] = set()
    left = BEGINNING
    for run in _PAUSE.split(unicodedata.normalize("NFKC", text[: 8 * BEGINNING])):
        said = run[:left]
        found.update(said[start : start + 2] for start in range(len(said) - 1))
        left -= len(said)
        if left <= 0:
            break
    return frozenset(found)
