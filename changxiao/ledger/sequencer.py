"""定序: put committed entries into the one order of all entries, in batches, and grow the tree.

Runs in the worker at least every second (P6). One batch is one transaction, so a crash leaves whole
batches. On SQLite entries commit in the order of their ids. On PostgreSQL they do not: an id may
appear after a higher one. What is visible and not yet in the tree is therefore sought from a floor
below which nothing can appear any more. Within a stream ids rise with n, because the next entry is
written only after the one before it was committed.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from django.db import connection

from changxiao.kernel.transactions import writing
from changxiao.ledger import log, tree

BATCH = 5_000
_ADVISORY_LOCK = 0x6C6564676572  # "ledger"
# Longer than any statement may run (settings: statement_timeout 30 s): an id drawn by then belongs
# to a transaction that has its number, or to nobody.
_SETTLE = 60.0

_PENDING = """
    SELECT e.id, e.hash FROM ledger_entry e LEFT JOIN ledger_leaf l ON l.entry_id = e.id
    WHERE l.entry_id IS NULL AND e.id > %s ORDER BY e.id LIMIT %s
"""

_LAST = 'SELECT entry_id FROM ledger_leaf ORDER BY "index" DESC LIMIT 1'


class Floor:
    """底线: the id up to which every entry is in the tree for good. Found anew by each process."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """忘记底线: it is found anew; for tests, where one process meets many databases."""
        self.id = 0
        self._mark: tuple[int, float, int | None] | None = None

    def start(self) -> None:
        """起点: SQLite commits entries in the order of their ids, so the last leaf says how far the
        log had come; else a new process would look through all of it while writers wait."""
        if self.id == 0 and connection.vendor == "sqlite":
            found = _fetch(_LAST, [])
            self.id = found[0][0] if found else 0

    def passed(self, last: int, *, patience: float = _SETTLE) -> None:
        """推进底线: all visible entries up to `last` are in the tree."""
        if connection.vendor == "sqlite":
            self.id = last
        elif self._mark is None:
            self._mark = (last, time.monotonic(), None)
        else:
            self._settle(patience)

    def _settle(self, patience: float) -> None:
        assert self._mark is not None
        last, seen, horizon = self._mark
        if horizon is None:
            if time.monotonic() - seen >= patience:
                self._mark = (last, seen, _snapshot("xmax"))
        elif _snapshot("xmin") >= horizon:
            # Every transaction that could hold an id up to `last` has ended.
            self.id, self._mark = last, None


FLOOR = Floor()


def run_batch(limit: int = BATCH, floor: Floor = FLOOR) -> int:
    """定一批: how many entries went into the tree; 0 when another process is at it."""
    floor.start()
    with writing():
        if not _sole():
            return 0
        rows = _fetch(_PENDING, [floor.id, limit])
        if rows:
            _extend(log.size(), rows)
    # Only after COMMIT: a batch that failed must be found again.
    if rows:
        floor.passed(rows[-1][0])
    return len(rows)


def drain(limit: int = BATCH) -> int:
    """定到底: batches until nothing is left; how many entries went in."""
    total = 0
    while count := run_batch(limit):
        total += count
    return total


def pending() -> int:
    """待定序: entries that are not in the tree yet."""
    query = """
        SELECT COUNT(*) FROM ledger_entry e LEFT JOIN ledger_leaf l ON l.entry_id = e.id
        WHERE l.entry_id IS NULL AND e.id > %s
    """
    count: int = _fetch(query, [FLOOR.id])[0][0]
    return count


def _sole() -> bool:
    # SQLite's write lock already keeps others out.
    if connection.vendor == "sqlite":
        return True
    return bool(_fetch("SELECT pg_try_advisory_xact_lock(%s)", [_ADVISORY_LOCK])[0][0])


def _snapshot(edge: str) -> int:
    number: int = _fetch(f"SELECT pg_snapshot_{edge}(pg_current_snapshot())::text::bigint", [])[0][
        0
    ]
    return number


def _fetch(query: str, values: Sequence[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())


def _extend(start: int, rows: Sequence[tuple[int, str]]) -> None:
    hashes = [tree.leaf_hash(bytes.fromhex(row[1])) for row in rows]
    _insert(
        'INSERT INTO ledger_leaf ("index", entry_id, hash)',
        ("bigint", "bigint", "text"),
        [
            (start + i, row[0], leaf.hex())
            for i, (row, leaf) in enumerate(zip(rows, hashes, strict=True))
        ],
    )
    _grow(0, start, hashes)


def _grow(level: int, start: int, hashes: list[bytes]) -> None:
    first, last = start // tree.TILE, (start + len(hashes)) // tree.TILE
    if first == last:
        return
    whole = [*log.read(level, first * tree.TILE, start), *hashes]
    roots = [tree.root_of(whole[i * tree.TILE : (i + 1) * tree.TILE]) for i in range(last - first)]
    _insert(
        'INSERT INTO ledger_node (level, "index", hash)',
        ("smallint", "bigint", "text"),
        [(level + 1, first + i, node.hex()) for i, node in enumerate(roots)],
    )
    _grow(level + 1, first, roots)


def _insert(head: str, types: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.executemany(f"{head} VALUES (%s, %s, %s)", rows)
        else:
            # Three arrays in one statement: a statement a row would cost ten times as much.
            arrays = ", ".join(f"%s::{kind}[]" for kind in types)
            columns = [list(column) for column in zip(*rows, strict=True)]
            cursor.execute(f"{head} SELECT * FROM unnest({arrays})", columns)  # noqa: S608


def floor_id() -> int:
    """底线: below this id nothing waits for its place."""
    return FLOOR.id
