"""总账的读法: size of the tree and its complete subtrees from the tables."""

from __future__ import annotations

from django.db import connection

from changxiao.ledger import tree

_LEAVES = 'SELECT hash FROM ledger_leaf WHERE "index" >= %s AND "index" < %s ORDER BY "index"'
_NODES = (
    'SELECT hash FROM ledger_node WHERE level = %s AND "index" >= %s AND "index" < %s'
    ' ORDER BY "index"'
)


def size() -> int:
    """记录数: how many entries the tree holds."""
    with connection.cursor() as cursor:
        cursor.execute('SELECT COALESCE(MAX("index") + 1, 0) FROM ledger_leaf')
        count: int = cursor.fetchone()[0]
    return count


def read(level: int, start: int, stop: int) -> list[bytes]:
    """完整子树: roots of the subtrees of 256**level leaves, `tree.Read` over the tables."""
    with connection.cursor() as cursor:
        if level == 0:
            cursor.execute(_LEAVES, [start, stop])
        else:
            cursor.execute(_NODES, [level, start, stop])
        found = [bytes.fromhex(row[0]) for row in cursor.fetchall()]
    if len(found) != stop - start:
        raise LookupError(f"the tree lacks subtrees of level {level} from {start} to {stop}")
    return found


def root(count: int) -> bytes:
    """根: of the first `count` entries, from stored subtrees in O(log n)."""
    return tree.range_root(read, 0, count)
