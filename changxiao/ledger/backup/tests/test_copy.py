"""A copy of a database that serves meanwhile, and a home built from it."""

import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from types import SimpleNamespace

import psycopg
import pytest
from django.db import connection, transaction

from changxiao.kernel.act import Act
from changxiao.kernel.home import folder
from changxiao.kernel.refused import Refused
from changxiao.ledger import actions, log, sequencer
from changxiao.ledger.backup import archive, database, making, restoring

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)


def enter(count, stream="case:1"):
    for n in range(count):
        with transaction.atomic():
            actions.append(
                stream=stream, verb="note", act=Act.system("test", f"{stream}/{n}"), body={}
            )


@pytest.fixture
def copied(real_database, tmp_path):
    enter(5)
    sequencer.drain()
    return database.copy(tmp_path)


def test_a_copy_tells_what_it_holds(copied):
    _file, facts = copied

    assert (facts.entries, facts.size) == (5, 5)
    assert facts.root == log.root(5).hex()
    assert datetime.fromisoformat(facts.newest_at).tzinfo is not None


def test_a_copy_stays_as_it_was_when_the_city_goes_on(copied):
    file, facts = copied
    enter(3, "case:2")

    if facts.engine == "sqlite":
        with closing(sqlite3.connect(file)) as opened:
            assert opened.execute("SELECT COUNT(*) FROM ledger_entry").fetchone() == (5,)
    else:
        database.readable(file)


def test_an_empty_home_has_nothing_to_back_up(db, monkeypatch, tmp_path):
    monkeypatch.setattr(connection.introspection, "table_names", lambda: [])

    with pytest.raises(Refused) as no:
        database.copy(tmp_path)
    assert no.value.code == "home_empty"


def test_a_city_without_pg_dump_is_told_what_to_install(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda tool: None)

    with pytest.raises(Refused, match=r"pg_dump.*postgresql-client"):
        database._run("pg_dump")


def test_a_home_comes_back_with_its_database_and_keys(real_database, tmp_path, settings):
    enter(4)
    bundle = folder("evaluations") / "department-2026-10-1" / "bundle.zip"
    bundle.parent.mkdir(exist_ok=True)
    bundle.write_bytes(b"what a ranking was counted from")
    file, packed = making.make(NOW, tmp_path / "b.tar.gz")
    shutil.rmtree(bundle.parent)
    if packed.facts.engine != "sqlite":
        return  # a dump goes into a database of its own: the next test

    restoring.restore(file, tmp_path / "new")

    home = tmp_path / "new"
    assert not list(home.glob(".restore-*"))
    assert "keys/django" in packed.files
    kept = home / "evaluations" / "department-2026-10-1" / "bundle.zip"
    assert kept.read_bytes() == b"what a ranking was counted from"
    with closing(sqlite3.connect(home / restoring.SQLITE_NAME)) as opened:
        assert opened.execute("SELECT COUNT(*) FROM ledger_entry").fetchone() == (4,)


@pytest.mark.postgres
def test_a_dump_comes_back_row_by_row_in_a_database_of_its_own(real_database, tmp_path):
    enter(40)
    sequencer.drain()
    root = log.root(40).hex()
    file, _packed = making.make(NOW, tmp_path / "b.tar.gz")

    with empty_database(real_database) as url:
        environment = {**real_database.environment, "DATABASE_URL": url}
        environment["CHANGXIAO_HOME"] = str(tmp_path / "new")
        done = changxiao("restore", str(file), "--json", env=environment)
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout)
        assert told["verified"] and told["facts"]["root"] == root
        with psycopg.connect(url) as there:
            assert there.execute("SELECT count(*) FROM ledger_entry").fetchone() == (40,)
            with pytest.raises(psycopg.errors.RaiseException):
                there.execute("DELETE FROM ledger_entry")

        again = changxiao("restore", str(file), "--into", str(tmp_path / "other"), env=environment)
        assert again.returncode == 2, "never over a city"


@contextmanager
def empty_database(beside):
    """A database with nothing in it on the server of the test's own."""
    server, _slash, name = beside.url.rpartition("/")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}_back"')
        try:
            yield f"{server}/{name}_back"
        finally:
            admin.execute(f'DROP DATABASE "{name}_back" WITH (FORCE)')


def changxiao(*words, env):
    """The command as an operator calls it."""
    command = [sys.executable, "-c", "from changxiao.cli import main; main()", *words]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False)


def test_a_home_backed_up_in_sqlite_is_not_restored_beside_a_postgresql(
    real_database, tmp_path, monkeypatch
):
    enter(2)
    file, packed = making.make(NOW, tmp_path / "b.tar.gz")
    if packed.facts.engine != "sqlite":
        return
    monkeypatch.setattr(restoring, "connection", SimpleNamespace(vendor="postgresql"))

    with pytest.raises(Refused, match="DATABASE_URL") as no:
        restoring.restore(file, tmp_path / "new")

    assert no.value.code == "wrong_engine"
    assert not list((tmp_path / "new").iterdir())


def test_a_damaged_backup_leaves_the_new_home_empty(real_database, tmp_path):
    file, _packed = making.make(NOW, tmp_path / "b.tar.gz")
    bad = bytearray(file.read_bytes())
    bad[len(bad) // 2] ^= 1
    file.write_bytes(bad)

    with pytest.raises(Refused) as no:
        restoring.restore(file, tmp_path / "new")

    assert no.value.code == "backup_damaged"
    assert list((tmp_path / "new").iterdir()) == []


def test_a_database_whose_pages_are_broken_is_not_taken(tmp_path, copied):
    file, facts = copied
    if facts.engine != "sqlite":
        pytest.skip("SQLite's own check")
    broken = bytearray(file.read_bytes())
    broken[-4096:] = bytes([7]) * 4096
    file.write_bytes(broken)

    with pytest.raises(Refused, match="损坏"):
        restoring._check_database(tmp_path)


@pytest.mark.postgres
def test_a_dump_is_listed_by_a_rehearsal(real_database, tmp_path):
    enter(2)
    file, packed = making.make(NOW, tmp_path / "b.tar.gz")

    told, verdict = restoring.rehearse(file)

    assert verdict.ok
    assert told == packed
    archive.check(file)


def test_a_folder_may_have_any_name(real_database, tmp_path):
    enter(2)
    folder = tmp_path / "50%41 #1 中文?"
    folder.mkdir()

    file, facts = database.copy(folder)

    assert facts.entries == 2
    if file.suffix == ".sqlite3":
        assert database.intact(file) == []
