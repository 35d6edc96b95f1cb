"""已签不改: the database itself refuses to change or delete a sheet that both have signed.

A migration that rebuilds the table on SQLite drops the trigger, so it ends with `install` again.
"""

from __future__ import annotations

from typing import Any

TABLE = "cases_shifthandover"
MESSAGE = "changxiao: a handover that both have signed is never changed"
_SQLITE = """
    CREATE TRIGGER {table}_no_{name} BEFORE {verb} ON {table} WHEN OLD.taken_at IS NOT NULL
    BEGIN SELECT RAISE(ABORT, '{message}'); END
"""
_FUNCTION = f"""
    CREATE OR REPLACE FUNCTION changxiao_signed_handover() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '{MESSAGE}'; END $$
"""
_POSTGRES = """
    CREATE TRIGGER {table}_no_{name} BEFORE {verb} ON {table} FOR EACH ROW
    WHEN (OLD.taken_at IS NOT NULL) EXECUTE FUNCTION changxiao_signed_handover()
"""


def install(_apps: Any, schema_editor: Any) -> None:
    """安装触发器: for RunPython, at the end of each migration that touches the table."""
    sqlite = schema_editor.connection.vendor == "sqlite"
    remove(_apps, schema_editor)
    if not sqlite:
        schema_editor.execute(_FUNCTION)
    for verb in ("UPDATE", "DELETE"):
        words = {"table": TABLE, "name": verb.lower(), "verb": verb, "message": MESSAGE}
        schema_editor.execute((_SQLITE if sqlite else _POSTGRES).format(**words), params=None)


def remove(_apps: Any, schema_editor: Any) -> None:
    """卸下触发器."""
    on = "" if schema_editor.connection.vendor == "sqlite" else f" ON {TABLE}"
    for name in ("update", "delete"):
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_no_{name}{on}")
