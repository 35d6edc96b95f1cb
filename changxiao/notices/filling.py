"""填空: the blanks of a message's text and what fills them. Pure.

What a case says is never read as a blank again. A resident's text has fewer blanks: no remark among
units and no name of a stage leaves the house.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

BLANKS = (
    *("受理号", "类别", "地点", "单位", "环节", "应处置时间", "剩余", "事项", "说明"),
    *("答复", "查询链接"),
)
OUTSIDE = ("受理号", "类别", "地点", "答复", "查询链接")
SYSTEM = ("事项", "说明")
OWED = ("编号", "单位", "事项", "扣分", "期限", "说明")  # of what a room above is owed
LINK = "查询链接"  # known at the moment of sending only
_BLANK = re.compile(r"\{([^{}]*)\}")
MOST_TEXT = 300
MOST_WORDS = 120  # of one blank: a remark may be long


def unknown(text: str, known: tuple[str, ...] = BLANKS) -> list[str]:
    """不认识的空格 of a text."""
    return [name for name in _BLANK.findall(text) if name not in known]


def filled(text: str, words: Mapping[str, str]) -> str:
    """填写: every blank by its words, shortened; a blank without words goes, one that is filled
    later (the link) stays."""

    def word(hit: re.Match[str]) -> str:
        if hit[1] == LINK and LINK not in words:
            return hit[0]
        said = " ".join(words.get(hit[1], "").split())
        return said if len(said) <= MOST_WORDS else said[: MOST_WORDS - 1] + "…"

    return _BLANK.sub(word, text).strip()


def linked(text: str, url: str) -> str:
    """填上链接, or leave it out where there is none."""
    return text.replace("{" + LINK + "}", url).strip()
