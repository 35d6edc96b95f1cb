"""数据库副本 database: a consistent copy while the city serves, and the way back.

SQLite: VACUUM INTO over our own driver (a second SQLite library on the same WAL would bring finding
1 of reliability.md back). PostgreSQL: pg_dump on an exported snapshot, so that the facts told and
the dump made are of one moment.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from changxiao.ledger import tree
from changxiao.ledger.backup import refusals
from changxiao.ledger.backup.manifest import Facts

SQLITE_FILE, DUMP_FILE = "database.sqlite3", "database.dump"
_LAST = "SELECT recorded_at FROM ledger_entry ORDER BY id DESC LIMIT 1"
_LEAVES = 'SELECT hash FROM ledger_leaf ORDER BY "index"'
Fetch = Callable[[str], Sequence[tuple[Any, ...]]]


def copy(folder: Path) -> tuple[Path, Facts]:
    """复制: the database into `folder` and what the copy holds; nobody waits for it.

    Outside any transaction. Raises Refused: home_empty, tool_missing, tool_failed.
    """
    if "ledger_entry" not in connection.introspection.table_names():
        raise refusals.no_city()
    return _copy_sqlite(folder) if connection.vendor == "sqlite" else _copy_postgres(folder)


def _copy_sqlite(folder: Path) -> tuple[Path, Facts]:
    target = folder / SQLITE_FILE
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(target)])
    with closing(_open(target)) as opened:
        facts = _facts("sqlite", sqlite3.sqlite_version, lambda q: opened.execute(q).fetchall())
    return target, facts


def _open(file: Path) -> sqlite3.Connection:
    # As an address, in which `?`, `#` and `%` of a folder's name would mean something else.
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)


def _copy_postgres(folder: Path) -> tuple[Path, Facts]:
    target = folder / DUMP_FILE
    with _snapshot() as (name, fetch):
        version = str(fetch("SHOW server_version")[0][0])
        told = ("--format=custom", "--no-owner", "--no-privileges", f"--snapshot={name}")
        _run("pg_dump", *told, f"--file={target}")
        return target, _facts("postgresql", version, fetch)


@contextmanager
def _snapshot() -> Iterator[tuple[str, Fetch]]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")

        def fetch(query: str) -> Sequence[tuple[Any, ...]]:
            cursor.execute(query)
            return list(cursor.fetchall())

        yield str(fetch("SELECT pg_export_snapshot()")[0][0]), fetch


def _facts(engine: str, version: str, fetch: Fetch) -> Facts:
    leaves = [bytes.fromhex(row[0]) for row in fetch(_LEAVES)]
    last = fetch(_LAST)
    return Facts(
        engine=engine,
        engine_version=version,
        entries=int(fetch("SELECT COUNT(*) FROM ledger_entry")[0][0]),
        size=len(leaves),
        root=tree.root_of(leaves).hex(),
        newest_at=_moment(last[0][0]).isoformat() if last else "",
    )


def _moment(value: datetime | str) -> datetime:
    # Without Django's converters SQLite gives the text as it is stored: UTC, no offset.
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def intact(file: Path) -> list[str]:
    """完好检查: what SQLite's own integrity_check complains of, empty when nothing."""
    with closing(_open(file)) as opened:
        try:
            told = [str(row[0]) for row in opened.execute("PRAGMA integrity_check")]
        except sqlite3.DatabaseError as wrong:
            told = [str(wrong)]
    return [] if told == ["ok"] else told


def load(dump: Path) -> None:
    """装回: a PostgreSQL dump into the empty database of DATABASE_URL, all or nothing."""
    if connection.vendor != "postgresql":
        raise refusals.wrong_engine("postgresql")
    if connection.introspection.table_names():
        raise refusals.not_empty(connection.settings_dict["NAME"])
    name = str(connection.settings_dict["NAME"])
    _run(
        "pg_restore", "--single-transaction", "--no-owner", "--no-privileges", "-d", name, str(dump)
    )


def readable(dump: Path) -> None:
    """可读: pg_restore can list what the dump holds; Refused tool_failed where it cannot."""
    _run("pg_restore", "--list", str(dump))


def _run(tool: str, *arguments: str) -> None:
    path = shutil.which(tool)
    if path is None:
        raise refusals.tool_missing(tool)
    done = subprocess.run(
        [path, *arguments], env=_environment(), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise refusals.tool_failed(tool, done.stderr)


def _environment() -> dict[str, str]:
    """libpq's own variables: a password on a command line could be read by every user."""
    named = {"HOST": "PGHOST", "PORT": "PGPORT", "USER": "PGUSER", "PASSWORD": "PGPASSWORD"}
    told = settings.DATABASES["default"]
    given = {libpq: str(told[ours]) for ours, libpq in named.items() if told.get(ours)}
    return {**os.environ, **given, "PGDATABASE": str(connection.settings_dict["NAME"])}
