"""原始行: entries straight from the tables in the order of the tree, without model instances.

A million entries pass through `verify` in batches of plain tuples. Both databases give times as the
text that is hashed, so that no conversion stands between what is stored and what is checked.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from django.db import connection

CHUNK = 10_000


class Row(NamedTuple):
    """一行: place and leaf hash, then the ten hashed members in RFC 8785 order, then the chain."""

    place: int
    leaf: str
    act_key: str
    actor: str
    at: str
    body: str
    n: int
    occurred_at: str | None
    on_behalf: str
    recorded_at: str
    stream: str
    verb: str
    prev: str
    hash: str


def ordered(start: int, stop: int) -> Iterator[list[Row]]:
    """定序的行: leaves from `start` below `stop`, in chunks; an entry that is gone has NULLs."""
    query = f"""
        SELECT l."index", l.hash, {_members()} FROM ledger_leaf l
        LEFT JOIN ledger_entry e ON e.id = l.entry_id
        WHERE l."index" >= %s AND l."index" < %s ORDER BY l."index"
    """  # noqa: S608 - the members are constants of this module
    for low in range(start, stop, CHUNK):
        yield _fetch(query, [low, min(low + CHUNK, stop)])


def waiting(size: int) -> Iterator[list[Row]]:
    """未定序的行: entries not in the tree yet, as if they followed it, in chunks."""
    query = f"""
        SELECT e.id, '', {_members()} FROM ledger_entry e
        LEFT JOIN ledger_leaf l ON l.entry_id = e.id
        WHERE l.entry_id IS NULL AND e.id > %s ORDER BY e.id LIMIT {CHUNK}
    """  # noqa: S608 - the members are constants of this module
    last, place = 0, size
    while rows := _fetch(query, [last]):
        last = rows[-1].place
        yield [row._replace(place=place + i) for i, row in enumerate(rows)]
        place += len(rows)


def _fetch(query: str, values: list[int]) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return [Row._make(row) for row in cursor.fetchall()]


def _members() -> str:
    names = (
        *("act_key", "actor", "at", "body", "n", "occurred_at", "on_behalf", "recorded_at"),
        *("stream", "verb", "prev", "hash"),
    )
    return ", ".join(_time(name) if name.endswith("at") else f"e.{name}" for name in names)


def _time(name: str) -> str:
    if connection.vendor == "postgresql":
        return f"""to_char(e.{name} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
    # Django leaves the fraction out where it is zero.
    fraction = f"substr(substr(e.{name}, 21) || '000000', 1, 6)"
    return f"substr(e.{name}, 1, 10) || 'T' || substr(e.{name}, 12, 8) || '.' || {fraction} || 'Z'"
