"""分发 hub: one look at the log for all listeners, one question of reach for all of like rights."""

from __future__ import annotations

import asyncio
import json
import logging
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import close_old_connections, connection

from changxiao.cases import live
from changxiao.cases.live import Change
from changxiao.kernel.scope import Grant, Viewer
from changxiao.notices import live as notices

logger = logging.getLogger(__name__)

POLL, REST = 0.5, 5.0  # seconds between looks at the log, and after one that failed
WAITING, KEPT, BURST = 500, 2_000, 200
RESET = b"event: reset\ndata: {}\n\n"  # too much to tell one by one: look at the whole list again
NOTICE = b"event: notice\ndata: {}\n\n"  # the bell asks what it is
Listener = asyncio.Queue[bytes]


class Hub:
    """分发: who listens, how far the log was read, and what was told lately."""

    def __init__(self) -> None:
        self.listeners: dict[Listener, Viewer] = {}
        self.position: int | None = None
        self.noticed: int | None = None
        self._kept: deque[Change] = deque()
        self._kept_from = 0  # every change after this place is among the kept
        self._thread = ThreadPoolExecutor(1, "live")  # and so one connection to the database

    async def ask(self, question: Callable[..., Any], *about: Any) -> Any:
        """问数据库, outside the loop that serves the listeners."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, _asked, question, *about)

    async def run(self) -> None:
        """运行 until cancelled; a database that is away for a while comes back."""
        while True:
            try:
                await self.turn()
                await asyncio.sleep(POLL)
            except Exception:
                logger.exception("no look at the log")
                await asyncio.sleep(REST)

    async def turn(self) -> None:
        """一轮: what is new in the log goes to whoever may hear of it."""
        if self.position is None:
            self.position = self._kept_from = await self.ask(live.top)
        position, changes = await self.ask(live.after, self.position)
        many = len(changes) > BURST
        self.position = await self.ask(live.top) if many else position
        self._keep(changes, whole=not many)
        # Taken now: whoever joins while we ask finds these changes among the kept.
        by_rights: dict[tuple[Grant, ...], list[Listener]] = {}
        for listener, viewer in self.listeners.items() if changes else ():
            by_rights.setdefault(viewer.grants, []).append(listener)
        for grants, listeners in by_rights.items():
            frames = [RESET] if many else await self._frames(Viewer("staff", "", grants), changes)
            for listener in listeners:
                self._put(listener, frames)
        await self._bells()

    async def _bells(self) -> None:
        """铃铛: whoever got a message since the last look is told that there is one."""
        if self.noticed is None:
            self.noticed = await self.ask(notices.newest)
        self.noticed, names = await self.ask(notices.after, self.noticed)
        for listener, viewer in list(self.listeners.items()) if names else ():
            if viewer.name in names:
                self._put(listener, [NOTICE])

    async def join(self, viewer: Viewer, after: int | None) -> Listener:
        """加入; what was missed since `after` comes first, or a reset where it is not known."""
        listener: Listener = asyncio.Queue(WAITING)
        self.listeners[listener] = viewer
        if after is not None and self.position is not None:
            missed = [change for change in self._kept if change.at > after]
            known = self._kept_from <= after <= self.position and len(missed) <= BURST
            self._put(listener, await self._frames(viewer, missed) if known else [RESET])
        return listener

    def _keep(self, changes: Sequence[Change], *, whole: bool) -> None:
        self._kept.extend(changes)
        while self._kept and (len(self._kept) > KEPT or not whole):
            self._kept_from = self._kept.popleft().at
        if not whole and self.position is not None:
            self._kept_from = self.position

    async def _frames(self, viewer: Viewer, changes: Sequence[Change]) -> list[bytes]:
        heard = await self.ask(live.heard, viewer, changes) if changes else []
        return [_frame(change) for change in heard]

    def _put(self, listener: Listener, frames: Iterable[bytes]) -> None:
        try:
            for frame in frames:
                listener.put_nowait(frame)
        except asyncio.QueueFull:  # it does not read: let it come back and ask what it missed
            self.listeners.pop(listener, None)


def _asked(question: Callable[..., Any], *about: Any) -> Any:
    close_old_connections()
    try:
        return question(*about)
    except Exception:
        connection.close()
        raise


def _frame(change: Change) -> bytes:
    told = {"number": change.number, "verb": change.verb, "n": change.n}
    return f"id: {change.at}\ndata: {json.dumps(told)}\n\n".encode()
