"""Guards of the tables: triggers on both databases, the SQLite version, the journal mode."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, connection, transaction

from changxiao.ledger import actions, checkpoints, checks, sequencer, triggers
from changxiao.ledger.models import PrivateValue
from changxiao.ledger.sqlite_version import pragmas, wal_is_safe

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.fixture
def filled(write):
    write(300)
    sequencer.run_batch()
    checkpoints.sign(MONDAY)


@pytest.mark.parametrize("table", triggers.TABLES)
@pytest.mark.parametrize(
    "change", ["UPDATE {0} SET hash = hash", "UPDATE {0} SET root = root", "DELETE FROM {0}"]
)
def test_the_database_refuses_to_change_what_was_recorded(filled, table, change):
    if "SET" in change and ("root" in change) is not (table == "ledger_checkpoint"):
        return
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute(change.format(table))


@pytest.mark.skipif("connection.vendor != 'sqlite'")
def test_insert_or_replace_is_no_way_round_the_trigger(filled):
    replace = "INSERT OR REPLACE INTO ledger_leaf (\"index\", entry_id, hash) VALUES (0, 1, 'x')"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute(replace)


@pytest.mark.skipif("connection.vendor != 'postgresql'")
def test_truncate_is_no_way_round_the_trigger(filled):
    connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(DatabaseError), transaction.atomic():
        connection.cursor().execute("TRUNCATE ledger_checkpoint")


def test_a_sealed_value_may_be_deleted():
    commit = actions.seal("13800000000")
    assert PrivateValue.objects.filter(commit=commit).delete()[0] == 1


def test_a_lost_trigger_is_noticed():
    assert triggers.missing() == []
    on = "" if connection.vendor == "sqlite" else " ON ledger_entry"
    with transaction.atomic():
        connection.cursor().execute(f"DROP TRIGGER ledger_entry_no_delete{on}")
        assert triggers.missing() == ["ledger_entry_no_delete"]
        assert [found.id for found in checks.check_triggers(databases=["default"])] == ["city.E002"]
        transaction.set_rollback(True)
    assert checks.check_triggers(databases=["default"]) == []


def run(statement, params=()):
    connection.cursor().execute(statement)


def test_installing_triggers_again_changes_nothing():
    editor = SimpleNamespace(connection=connection, execute=run)
    triggers.install(None, editor)
    assert triggers.missing() == []


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 6, 23), True),
        ((3, 7, 0), False),
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 4), True),
    ],
)
def test_wal_is_used_only_where_sqlite_keeps_what_it_committed(version, safe):
    assert wal_is_safe(version) is safe
    assert ("journal_mode=WAL" in pragmas(version)) is safe
    assert "synchronous=FULL" in pragmas(version)


@pytest.mark.skipif("connection.vendor != 'sqlite'")
def test_wal_on_an_affected_version_is_an_error_with_a_hint(monkeypatch):
    monkeypatch.setattr(checks.sqlite3, "sqlite_version_info", (3, 40, 1))
    options = {"init_command": "PRAGMA journal_mode=WAL;"}
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", options)
    assert [found.id for found in checks.check_sqlite()] == ["city.E001"]
    monkeypatch.setattr(checks.sqlite3, "sqlite_version_info", (3, 53, 4))
    assert checks.check_sqlite() == []
