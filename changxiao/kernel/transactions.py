"""写入事务: one writer of this process at a time on SQLite, in the order in which they came.

SQLite takes one writer and its busy handler is unfair: without a queue of our own some request
waits half a second at the 99th percentile. PostgreSQL locks rows and needs no queue.
"""

from __future__ import annotations

import fcntl
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import IO

from django.db import DatabaseError, InterfaceError, connection, transaction
from django.db.models import Model

from changxiao.kernel.home import home
from changxiao.kernel.unavailable import Unavailable, translate

POLL = 0.0005  # seconds between two looks at the gate of the lock between processes
POLL_NEXT = 0.0002  # the same of the one that is next, at the lock itself
PATIENCE = 10.0  # seconds a writer waits for its turn, as long as SQLite itself would


class TurnLock:
    """排队锁: whoever came first goes first; the holder may enter again."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._queue: deque[threading.Event] = deque()
        self._owner: int | None = None
        self._depth = 0

    @property
    def depth(self) -> int:
        """层数: how often the holder, who asks, has entered."""
        return self._depth

    def acquire(self, patience: float) -> bool:
        """排队: True when it is our turn, False when `patience` (seconds) ran out first."""
        me = threading.get_ident()
        with self._guard:
            if self._owner in {None, me}:
                self._owner, self._depth = me, self._depth + 1
                return True
            turn = threading.Event()
            self._queue.append(turn)
        if turn.wait(patience):
            return self._take(me)
        with self._guard:
            if not turn.is_set():
                self._queue.remove(turn)
                return False
        return self._take(me)  # our turn came just as patience ended

    def release(self) -> None:
        """让位: to the one who has waited longest."""
        with self._guard:
            self._depth -= 1
            if self._depth:
                return
            self._owner = None
            if self._queue:
                # Handed over and not merely freed, else a newcomer could slip in before.
                self._owner, self._depth = -1, 1
                self._queue.popleft().set()

    def _take(self, me: int) -> bool:
        with self._guard:
            self._owner = me
        return True


_turns = TurnLock()


class HouseLock:
    """进程间写锁: two files of the home, so that web and worker take turns by waiting for each
    other and not by SQLite's own handler, which sleeps up to a tenth of a second at a time.

    Whoever waits for the lock holds the gate, and gives it up once the lock is his. So a process
    that has just written and has more to write finds the gate shut and comes after the one that
    waits: with the lock alone it would take it again before anybody else had looked.
    """

    def __init__(self) -> None:
        self._files: dict[str, IO[bytes]] = {}

    def acquire(self, patience: float) -> bool:
        """取锁: False when `patience` (seconds) ran out; a stopped process must not stop all."""
        until = time.monotonic() + patience
        gate = self._opened("write.gate")
        if not _locked(gate, until, POLL):
            return False
        try:
            return _locked(self._opened("write.lock"), until, POLL_NEXT)
        finally:
            fcntl.flock(gate, fcntl.LOCK_UN)

    def release(self) -> None:
        """还锁."""
        fcntl.flock(self._opened("write.lock"), fcntl.LOCK_UN)

    def _opened(self, name: str) -> IO[bytes]:
        if name not in self._files:
            self._files[name] = (home() / name).open("ab")
        return self._files[name]


def _locked(file: IO[bytes], until: float, pause: float) -> bool:
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                return False
            time.sleep(pause)
        else:
            return True


_house = HouseLock()


@contextmanager
def write_lock() -> Iterator[None]:
    """写锁: a place in the queue of writers, in this process and between processes; nothing on
    PostgreSQL. May be nested."""
    if connection.vendor != "sqlite":
        yield
        return
    if not _turns.acquire(PATIENCE):
        raise Unavailable
    # Inside a transaction SQLite's own lock is held already: waiting here could deadlock.
    outer = _turns.depth == 1 and not connection.in_atomic_block
    try:
        if outer and not _house.acquire(PATIENCE):
            raise Unavailable
        try:
            yield
        finally:
            if outer:
                _house.release()
    finally:
        _turns.release()


@contextmanager
def writing() -> Iterator[None]:
    """写入: write lock and transaction in one; also a decorator (`@writing()`) of verbs.

    Inside another one it is a savepoint, inside `whole` nothing of its own. A store that is locked,
    full or gone raises Unavailable.
    """
    with write_lock():
        try:
            with transaction.atomic(savepoint=_held.get() is None):
                yield
        except (DatabaseError, InterfaceError) as error:
            known = translate(error)
            if known is None:
                raise
            raise known from error


# Rows that the enclosing `whole` wrote: theirs is the lock until it ends, so no second look needed.
_held: ContextVar[dict[tuple[type[Model], object], Model] | None] = ContextVar("held", default=None)


@contextmanager
def whole() -> Iterator[None]:
    """成败一体: what is inside happens whole or not at all; whoever raises takes everything back.

    Verbs inside need no savepoints of their own, nor to read again a row that one of them has just
    written: it is locked by this very transaction. Never catch an exception inside.
    """
    with writing():
        token = _held.set({})
        try:
            yield
        finally:
            _held.reset(token)


def hold(row: Model) -> None:
    """持有: this instance is what the enclosing `whole` has just written; else nothing."""
    held = _held.get()
    if held is not None:
        held[type(row), row.pk] = row


def holds(row: Model) -> bool:
    """是否持有: this very instance was the last to be written here, and is locked by that."""
    held = _held.get()
    return held is not None and held.get((type(row), row.pk)) is row
