"""目录版本 stamp: how a process knows, cheaply, that a rule was edited by it or by another.

Every edit draws a new random stamp in its own transaction. A process reads the stamp at most every
`FRESH` seconds, and not at all in between. Inside a transaction that has edited rules it asks every
time, for a savepoint may take the edit back. A stamp never comes twice, so what was read under one
that was rolled back is never taken for anything else.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from django.db import connection, transaction

from changxiao.catalog.models import CatalogStamp
from changxiao.kernel import statements

FRESH = 2.0  # seconds for which another process's edit may go unseen
_READ = f"SELECT version FROM {CatalogStamp._meta.db_table} WHERE id = 1"  # noqa: S608
_seen: tuple[float, int] | None = None
# Threads that have edited and may not have committed: all others need not ask their connection,
# which a report would do seven times.
_editors: set[int] = set()
Found = TypeVar("Found")


def bump() -> None:
    """改版: call in the transaction of an edit, after the rows are written."""
    _editors.add(threading.get_ident())
    version = secrets.randbits(60)
    if not CatalogStamp.objects.filter(id=1).update(version=version):
        CatalogStamp.objects.update_or_create(id=1, defaults={"version": version})
    transaction.on_commit(forget)


def hold() -> None:
    """占用: until the transaction ends; other edits wait for their turn."""
    try:
        statements.locked(CatalogStamp, 1)
    except CatalogStamp.DoesNotExist:
        CatalogStamp.objects.get_or_create(id=1)
        statements.locked(CatalogStamp, 1)


def forget() -> None:
    """忘记: read the stamp anew at the next question."""
    global _seen
    _seen = None


def current() -> int:
    """当前版本: at most one statement every `FRESH` seconds unless we edit; 0 before any edit."""
    global _seen
    if editing():
        return _stored()
    # Another thread may forget in between: look at one and the same pair.
    now, seen = time.monotonic(), _seen
    if seen is None or now - seen[0] > FRESH:
        _seen = seen = (now, _stored())
    return seen[1]


def _stored() -> int:
    # By hand: while rules are edited it is asked several times a verb, and the ORM would spend ten
    # times on making the statement what the database spends on answering it.
    with connection.cursor() as cursor:
        cursor.execute(_READ)
        found = cursor.fetchone()
    return found[0] if found else 0


def editing() -> bool:
    """正在修改: this connection has an edit that is not committed yet (a savepoint's rollback
    takes its own callbacks with it)."""
    me = threading.get_ident()
    if me not in _editors:
        return False
    if any(call[1] is forget for call in connection.run_on_commit):
        return True
    _editors.discard(me)
    return False


class Remembered(Generic[Found]):
    """缓存: what was read under the current stamp."""

    def __init__(self, read: Callable[[], Found]) -> None:
        self._read = read
        self._kept: tuple[int, Found] | None = None

    def __call__(self) -> Found:
        version, kept = current(), self._kept
        if kept is None or kept[0] != version:
            self._kept = kept = (version, self._read())
        return kept[1]

    def clear(self) -> None:
        """清空: for tests, whose rows vanish without an edit."""
        forget()
        self._kept = None
