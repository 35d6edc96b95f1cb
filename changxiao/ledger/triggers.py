"""只增触发器: the database itself refuses UPDATE, DELETE and TRUNCATE of what was recorded.

A guard and not the proof (the proof is the tree). SQLite drops triggers silently when a migration
rebuilds a table, so such a migration ends with `install`, and `missing` is asked by checks.
"""

from __future__ import annotations

from typing import Any

from django.db import connection

TABLES = ("ledger_entry", "ledger_leaf", "ledger_node", "ledger_checkpoint")
_MESSAGE = "changxiao: this table is append-only"

_SQLITE = """
    CREATE TRIGGER {name} BEFORE {verb} ON {table}
    BEGIN SELECT RAISE(ABORT, '{message}'); END
"""
_FUNCTION = f"""
    CREATE OR REPLACE FUNCTION changxiao_append_only() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '{_MESSAGE}'; END $$
"""
_POSTGRES = """
    CREATE TRIGGER {name} BEFORE {verb} ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION changxiao_append_only()
"""


def _wanted(vendor: str) -> list[tuple[str, str, str]]:
    verbs = ("UPDATE", "DELETE") if vendor == "sqlite" else ("UPDATE", "DELETE", "TRUNCATE")
    return [(f"{table}_no_{verb.lower()}", verb, table) for table in TABLES for verb in verbs]


def install(_apps: Any, schema_editor: Any) -> None:
    """安装触发器: for RunPython, at the end of each migration that touches one of TABLES."""
    vendor = schema_editor.connection.vendor
    if vendor == "postgresql":
        schema_editor.execute(_FUNCTION)
    for name, verb, table in _wanted(vendor):
        on = "" if vendor == "sqlite" else f" ON {table}"
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")
        pattern = _SQLITE if vendor == "sqlite" else _POSTGRES
        schema_editor.execute(
            pattern.format(name=name, verb=verb, table=table, message=_MESSAGE), params=None
        )


def remove(_apps: Any, schema_editor: Any) -> None:
    """卸下触发器: only for taking the whole migration back."""
    vendor = schema_editor.connection.vendor
    for name, _verb, table in _wanted(vendor):
        on = "" if vendor == "sqlite" else f" ON {table}"
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


def missing() -> list[str]:
    """缺少的触发器: names that should stand in the database and do not."""
    query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    if connection.vendor == "postgresql":
        # A disabled trigger ('D') guards nothing.
        query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    with connection.cursor() as cursor:
        cursor.execute(query)
        present = {row[0] for row in cursor.fetchall()}
    return [name for name, _verb, _table in _wanted(connection.vendor) if name not in present]
