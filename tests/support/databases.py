"""A database of one's own for tests that need real transactions: threads, processes, crashes.

The entry tables refuse DELETE and UPDATE by trigger, so a flush between tests is impossible. Each
such test gets a copy of the migrated test database instead, and the copy is thrown away.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
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
    django_test_environment, django_db_blocker, django_db_modify_db_settings
) -> Iterator[None]:
    """pytest-django's own makes no test database when only `real_database` asks for one."""
    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False, serialized_aliases=())
    yield
    with django_db_blocker.unblock():
        connections.close_all()
        teardown_databases(made, verbosity=0)


@pytest.fixture(scope="session")
def _template(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Path | str]:
    with django_db_blocker.unblock():
        if connection.vendor != "postgresql":
            file = tmp_path_factory.mktemp("template") / "template.sqlite3"
            with connection.cursor() as cursor:
                cursor.execute("VACUUM INTO %s", [str(file)])
            yield file
            return
        source = connection.settings_dict["NAME"]
        name = f"{source}_template"
        _copy_postgres(source, name)
        yield name
        _administer(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _copy_postgres(source: str, target: str) -> None:
    # A database with sessions cannot be copied, and an earlier test's thread may have left one.
    connections.close_all()
    _administer(
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{source}'"
    )
    _administer(f'DROP DATABASE IF EXISTS "{target}" WITH (FORCE)')
    _administer(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')


@pytest.fixture
def real_database(_template, django_db_blocker, tmp_path) -> Iterator[RealDatabase]:
    """A migrated, empty database that really commits; never together with `db`."""
    copy = _sqlite_copy if isinstance(_template, Path) else _postgres_copy
    with django_db_blocker.unblock(), copy(_template, tmp_path) as (name, url):
        settings = connections.settings["default"]
        before = settings["NAME"]
        connections.close_all()
        settings["NAME"] = name
        try:
            yield RealDatabase(url, {**os.environ, "DATABASE_URL": url})
        finally:
            connections.close_all()
            settings["NAME"] = before


@contextmanager
def _sqlite_copy(template: Path, folder: Path) -> Iterator[tuple[str, str]]:
    target = folder / "real.sqlite3"
    shutil.copy(template, target)
    yield str(target), f"sqlite://{quote(str(target))}"


@contextmanager
def _postgres_copy(template: str, folder: Path) -> Iterator[tuple[str, str]]:
    name = f"{template}_real"
    _copy_postgres(template, name)
    try:
        yield name, os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{name}"
    finally:
        connections.close_all()
        _administer(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _administer(statement: str) -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement)
