"""双字 bigrams: how search reads a text, so that two Chinese characters suffice to find it.

Chinese has no spaces, so a run of its characters becomes every two neighbours and its last one:
"东方街道" is 东方 方街 街道 道. The last one lets a single character be found as a beginning. Other
letters and digits stay whole words. Full width, case and compatibility forms are one (NFKC);
pictures, direction marks and punctuation vanish. Pure, and the same for both databases.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

MOST_TEXT = 6000  # characters of one text that are read
MOST_QUERY = 80  # characters of a question: nobody types more, a paste may bring 5,000
MOST_PHRASES = 6
LONGEST = 40  # characters of one word

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(rf"(?P<han>[{_HAN}]+)|(?P<word>(?:(?![{_HAN}_])\w)+)")


@dataclass(frozen=True, slots=True)
class Phrase:
    """词: terms that stand one after the other; the last may be the beginning of a longer one."""

    terms: tuple[str, ...]
    open_end: bool = False


def normalised(text: str) -> str:
    """归一: full-width "１２ＡＢ" reads as "12ab"."""
    return unicodedata.normalize("NFKC", text[:MOST_TEXT]).casefold()


def terms(text: str) -> list[str]:
    """索引词: what a text is found by, in its order."""
    found: list[str] = []
    for run in _RUN.finditer(normalised(text)):
        han, word = run["han"], run["word"]
        found += [*_pairs(han), han[-1]] if han else [word[:LONGEST]]
    return found


def phrases(query: str) -> list[Phrase]:
    """问词: all of which a text must hold; empty where nothing readable was typed."""
    runs = _RUN.finditer(normalised(query[:MOST_QUERY]))
    found = dict.fromkeys(_asked(run["han"], run["word"]) for run in runs)
    return list(found)[:MOST_PHRASES]


def _asked(han: str | None, word: str | None) -> Phrase:
    if han:
        return Phrase(tuple(_pairs(han))) if len(han) > 1 else Phrase((han,), open_end=True)
    assert word is not None
    # Digits are meant as they are: "1" for 1号 shall not read every number of the year 1xxx.
    return Phrase((word[:LONGEST],), open_end=not word.isdecimal() and len(word) > 1)


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)]
