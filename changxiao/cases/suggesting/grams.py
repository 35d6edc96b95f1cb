"""字组: the character n-grams of a text, cut where a sentence pauses. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from math import exp, log

LONGEST = 2  # two characters are a Chinese word more often than not; three gave no better score
HEAD = 20.0  # characters, about a title's worth: what stands there counts more
MOST_CHARACTERS = 8_000  # of one text: a whole book would cost seconds and say no more

# Digits and Latin letters name a house, a telephone or a bus, not a kind of problem.
_PAUSE = re.compile(r"[^㐀-䶿一-鿿]+")


def weighed(text: str) -> dict[str, float]:
    """字组分量: one and two characters that stand together, no pause between them; damped by how
    often, and up to doubled near the beginning, where people say what the matter is."""
    counts: Counter[str] = Counter()
    first: dict[str, int] = {}
    at = 0
    for run in _runs(text):
        for length in range(1, LONGEST + 1):
            for start in range(len(run) - length + 1):
                name = run[start : start + length]
                counts[name] += 1
                first[name] = min(first.get(name, at + start), at + start)
        at += len(run)
    return {name: (1 + log(n)) * (1 + exp(-first[name] / HEAD)) for name, n in counts.items()}


def known(text: str) -> bool:
    """有字可据: whether the text holds a Chinese character at all."""
    return any(_runs(text))


def _runs(text: str) -> list[str]:
    return _PAUSE.split(unicodedata.normalize("NFKC", text[:MOST_CHARACTERS]))
