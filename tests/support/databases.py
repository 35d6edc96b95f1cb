"""A database of one's own for tests that need real transactions: threads, processes, crashes.

The entry tables refuse DELETE and UPDATE by trigger, so a flush between tests is impossible. Each
such test gets a copy of the migrated template instead, and the copy is thrown away.
"""

import fcntl
import os
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection, connections
from django.test.utils import setup_databases, teardown_databases


@dataclass(frozen=True)
class RealDatabase:
    """Where the copy is; `environment` lets a process of its own open the same one."""

    url: str
    environment: dict[str, str] = field(default_factory=dict)


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment, django_db_blocker, django_db_modify_db_settings, tmp_path_factory
) -> Iterator[str]:
    """This process's database, and the name of the template that it and the others are copies of.

    Migrating takes three seconds of processor time, so the first process of a run does it for all.
    pytest-django's own fixture makes no database when only `real_database` asks for one.
    """
    shared = shared_folder(tmp_path_factory)
    users = shared / "template.users"  # a letter for each process that uses the template
    with django_db_blocker.unblock(), alone(shared / "template.lock"):
        template, own = _template_of(shared), connection.settings_dict["TEST"]["NAME"]
        if known := users.exists():
            copy_database(template, own)
        made = setup_databases(0, interactive=False, serialized_aliases=(), keepdb=known)
        if not known:
            copy_database(own, template)
        users.write_text(users.read_text() + "I" if known else "I")
    yield template
    with django_db_blocker.unblock():
        connections.close_all()
        teardown_databases(made, verbosity=0)
        with alone(shared / "template.lock"):
            users.write_text(users.read_text()[1:])
            if not users.read_text():
                users.unlink()
                _drop(template)


def shared_folder(factory: pytest.TempPathFactory) -> Path:
    """What all processes of this run see."""
    folder = factory.getbasetemp()
    return folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder


@contextmanager
def alone(lock: Path) -> Iterator[None]:
    """One process of the run at a time."""
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _template_of(shared: Path) -> str:
    if connection.vendor != "postgresql":
        return str(shared / "template.sqlite3")
    return f"test_changxiao_{zlib.crc32(str(shared).encode()):08x}"


def copy_database(source: str, target: str) -> None:
    """The target, made anew, is what the source is now."""
    if connection.vendor == "postgresql":
        _copy_postgres(source, target)
        return
    # Not by copying the file: what stands in the WAL counts.
    with closing(sqlite3.connect(source)) as opened, closing(sqlite3.connect(target)) as made:
        opened.backup(made)


def _drop(name: str) -> None:
    if connection.vendor == "postgresql":
        _administer(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    else:
        Path(name).unlink()


def _copy_postgres(source: str, target: str) -> None:
    # A database with sessions cannot be copied; the server waits five seconds for a closing one.
    connections.close_all()
    _administer(f'DROP DATABASE IF EXISTS "{target}" WITH (FORCE)')
    _administer(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')


@pytest.fixture
def real_database(django_db_setup, django_db_blocker, tmp_path) -> Iterator[RealDatabase]:
    """A migrated, empty database that really commits; never together with `db`."""
    settings = connections.settings["default"]
    with django_db_blocker.unblock():
        before = settings["NAME"]
        if connection.vendor == "postgresql":
            name = f"{before}_real"
            url = os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{name}"
        else:
            name = str(tmp_path / "real.sqlite3")
            url = f"sqlite://{quote(name)}"
        connections.close_all()
        copy_database(django_db_setup, name)
        settings["NAME"] = name
        try:
            yield RealDatabase(url, {**os.environ, "DATABASE_URL": url})
        finally:
            connections.close_all()
            settings["NAME"] = before
            _drop(name)


def _administer(statement: str) -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement)
