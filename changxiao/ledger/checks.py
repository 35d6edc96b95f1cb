"""记录的自检: the triggers stand, and this SQLite may use its journal mode (`changxiao doctor`)."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection
from django.utils.translation import gettext as _

from changxiao.ledger import triggers
from changxiao.ledger.sqlite_version import wal_is_safe


def register_all() -> None:
    """登记自检: called once by the app's `ready`."""
    register(check_sqlite)
    register(check_triggers, Tags.database)


def check_sqlite(**_kwargs: Any) -> list[CheckMessage]:
    """city.E001: WAL on an SQLite that can lose committed rows."""
    if connection.vendor != "sqlite":
        return []
    options = connection.settings_dict["OPTIONS"]
    wants_wal = "journal_mode=wal" in options.get("init_command", "").lower()
    if not wants_wal or wal_is_safe(sqlite3.sqlite_version_info):
        return []
    return [
        Error(
            _("SQLite %(version)s 的 WAL 模式可能丢失已提交的数据")
            % {"version": sqlite3.sqlite_version},
            hint=_("安装 pysqlite3 0.6.1 以上版本，或改用 journal_mode=DELETE"),
            id="city.E001",
        )
    ]


def check_triggers(*, databases: Sequence[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """city.E002: a table of the log could be changed, because its triggers are gone."""
    if not databases or "ledger_entry" not in connection.introspection.table_names():
        return []
    missing = triggers.missing()
    if not missing:
        return []
    return [
        Error(
            _("只增触发器缺失：%(names)s") % {"names": ", ".join(missing)},
            hint=_("最近一次迁移重建了记录表；请在该迁移末尾调用 ledger.triggers.install"),
            id="city.E002",
        )
    ]
