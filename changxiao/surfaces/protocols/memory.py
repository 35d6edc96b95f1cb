"""短时记忆: who stands behind a token, for two seconds.

A client that posts a hundred times a second is looked up once in two, not a hundred times. A person
whose account or token ends is gone within those two seconds (promise P18 allows five).
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from datetime import datetime

from changxiao.kernel.scope import Viewer

FRESH = 2.0  # seconds
MOST = 1024  # tokens; beyond that the memory starts anew


class ShortMemory:
    """短时记忆 of `look_up(token, now)`; unknown tokens are never remembered."""

    def __init__(self, look_up: Callable[[str, datetime], Viewer | None]) -> None:
        self._look_up = look_up
        self._kept: dict[bytes, tuple[float, Viewer]] = {}

    def get(self, token: str, now: datetime) -> Viewer | None:
        """查看人 behind the token, at most `FRESH` seconds old, or None."""
        key = hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()
        kept = self._kept.get(key)
        if kept is not None and time.monotonic() - kept[0] < FRESH:
            return kept[1]
        found = self._look_up(token, now)
        if found is None:
            self._kept.pop(key, None)
            return None
        if len(self._kept) >= MOST:
            self._kept.clear()
        self._kept[key] = (time.monotonic(), found)
        return found

    def clear(self) -> None:
        """清空: for tests, whose people vanish without an act."""
        self._kept.clear()
