"""计量: the shared throttle, asked in small packets, so that a request costs no commit of its own.

Each process counts a person's uses itself and hands them to `orgs.throttle` a twentieth of the
limit at a time. The shared count is therefore late by at most that share for each process.
"""

from __future__ import annotations

import threading
from collections import Counter
from datetime import datetime

from changxiao.kernel.transactions import writing
from changxiao.orgs import throttle

PACKET = 20  # a limit is taken from the shared counter in so many packets


class Meter:
    """计量表 of one scope: `allow` is true while the person is within the shared limit."""

    def __init__(self, scope: str) -> None:
        self.scope = scope
        self._held: Counter[str] = Counter()
        self._shut: dict[str, int] = {}
        self._lock = threading.Lock()

    def allow(self, key: str, at: datetime) -> bool:
        """放行: one use of `key` (a username)."""
        limit, window = throttle.rule(self.scope)
        slot = int(at.timestamp()) // window
        with self._lock:
            if self._shut.get(key) == slot:
                return False
            self._held[key] += 1
            if self._held[key] < max(1, limit // PACKET):
                return True
            cost = self._held.pop(key)
        with writing():
            within = throttle.allow(self.scope, key, at, cost=cost)
        if not within:
            with self._lock:
                self._shut[key] = slot
        return within

    def forget(self) -> None:
        """遗忘: what this process has counted; the shared counter stays."""
        with self._lock:
            self._held.clear()
            self._shut.clear()
