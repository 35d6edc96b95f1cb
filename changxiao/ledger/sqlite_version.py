"""SQLite 版本: whether this SQLite may write a WAL database without losing committed rows. Pure.

The WAL-reset race (sqlite.org, change list of 3.51.3) stood in every release from 3.7.0 to 3.51.2;
3.44.6 and 3.50.7 carry the correction back.
"""

from __future__ import annotations

Version = tuple[int, int, int]

_FIRST_BROKEN: Version = (3, 7, 0)
_FIRST_FIXED: Version = (3, 51, 3)
_BACKPORTS: dict[tuple[int, int], int] = {(3, 44): 6, (3, 50): 7}

# Each thread has a connection and each connection its own cache: 8 MB, for the system's file cache
# serves them all anyway, and four threads of 32 MB broke the web's 250 MB.
_COMMON = (
    "PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA recursive_triggers=ON;"
    "PRAGMA cache_size=-8000; PRAGMA temp_store=MEMORY;"
)
_WAL = (
    "PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=1000; PRAGMA journal_size_limit=67108864;"
)
_DELETE = "PRAGMA journal_mode=DELETE;"


def wal_is_safe(version: Version) -> bool:
    """可用 WAL: the version lies outside the affected range, or carries the correction."""
    if version < _FIRST_BROKEN or version >= _FIRST_FIXED:
        return True
    fixed_at = _BACKPORTS.get(version[:2])
    return fixed_at is not None and version[2] >= fixed_at


def pragmas(version: Version) -> str:
    """连接设置: WAL where it is safe, else a rollback journal; `synchronous=FULL` in both."""
    # recursive_triggers: without it INSERT OR REPLACE deletes a row and no trigger hears of it.
    return (_WAL if wal_is_safe(version) else _DELETE) + _COMMON
