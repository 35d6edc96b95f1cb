"""读单元格: yes and no, days in either style, full-width digits."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

_YES = frozenset({"是", "y", "yes", "1", "true", "对", "√"})
_NO = frozenset({"否", "n", "no", "0", "false", "不", "×"})
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")


def plain(text: str) -> str:
    """整理: full-width digits and letters made plain."""
    return unicodedata.normalize("NFKC", text).strip()


def yes_or_no(text: str) -> bool | None:
    """是否; None where it is neither."""
    told = plain(text).lower()
    return True if told in _YES else False if told in _NO else None


def day(text: str) -> date | None:
    """日期: 2026-03-01, 2026/3/1, 2026.3.1 and 2026年3月1日; None for anything else."""
    found = _DAY.fullmatch(plain(text))
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def whole(text: str) -> int | None:
    """整数; None where it is none."""
    told = plain(text)
    return int(told) if told.isascii() and told.isdecimal() and len(told) < 6 else None
