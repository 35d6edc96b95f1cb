"""Test set-up for the whole house: an own home, one known Monday, data of others where it is."""

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

os.environ["CHANGXIAO_HOME"] = tempfile.mkdtemp(prefix="changxiao-test-")
if os.environ.get("CHANGXIAO_TEST_DB") == "pg":
    os.environ.setdefault("CHANGXIAO_TEST_DATABASE_URL", "postgresql:///postgres")
    os.environ["DATABASE_URL"] = os.environ["CHANGXIAO_TEST_DATABASE_URL"]
else:
    os.environ.pop("DATABASE_URL", None)

import django
import hypothesis
import pytest

# Not in pyproject.toml: pytest-django would read the settings before the lines above have set the
# home and the database, and tests would meet the developer's own city.
os.environ["DJANGO_SETTINGS_MODULE"] = "changxiao.settings"
django.setup()

# How long a machine takes under load is nobody's fault, and no test's (a timing never decides one).
hypothesis.settings.register_profile(
    "house", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("house")
pytest_plugins = [f"tests.support.{name}" for name in ("cast", "databases", "services", "statics")]
REQUIRE_DATA = os.environ.get("CHANGXIAO_REQUIRE_DATA") == "1"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """Each process of a parallel run has a home of its own: with this variable in what it inherits,
    pytest-django would read the settings before the lines above, in the home of the first."""
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)


@pytest.fixture(scope="session")
def outside_data() -> Path:
    """Real data of third parties, read in place and never part of the project."""
    default = Path(__file__).resolve().parent.parent / "shared" / "data" / "public"
    folder = Path(os.environ.get("CHANGXIAO_DATA", default))
    if not folder.is_dir():
        if REQUIRE_DATA:
            pytest.fail(f"CHANGXIAO_REQUIRE_DATA=1 and no data at {folder}")
        pytest.skip(f"no outside data at {folder} (set CHANGXIAO_DATA)")
    return folder


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """Each run has a database of its own name, so that several runs do not meet."""
    from django.conf import settings

    database = settings.DATABASES["default"]
    if "sqlite" in database["ENGINE"]:
        name = str(Path(os.environ["CHANGXIAO_HOME"]) / "test.sqlite3")
    else:
        name = f"test_changxiao_{os.getpid()}"
    database.setdefault("TEST", {})["NAME"] = name


# What makes a test depend on the database; all others have the same answer in both passes.
STORED = {"db", "transactional_db", "django_db_setup", "real_database"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests marked `postgres` run in the PostgreSQL pass only, and that pass leaves out what no
    database can change. Long ones begin first, so that no process waits for another at the end,
    and those with a browser one after the other, so that each process starts one of them."""
    items.sort(key=lambda item: (not _is_long(item), not _is_drawn(item)))
    if os.environ.get("CHANGXIAO_TEST_DB") == "pg":
        config.hook.pytest_deselected(items=[item for item in items if not _is_stored(item)])
        items[:] = [item for item in items if _is_stored(item)]
        return
    elsewhere = pytest.mark.skip(reason="runs in the PostgreSQL pass (CHANGXIAO_TEST_DB=pg)")
    for item in items:
        if "postgres" in item.keywords:
            item.add_marker(elsewhere)


def _is_long(item: pytest.Item) -> bool:
    marked = item.get_closest_marker("slow") is not None
    return marked or "running_server" in getattr(item, "fixturenames", ())


def _is_drawn(item: pytest.Item) -> bool:
    return item.get_closest_marker("browser") is not None


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Five thousand collected tests stay until the end: whoever looks for garbage need not walk
    over them each time. That, and so seldom, saves a tenth of a run's processor time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 10)


def _is_stored(item: pytest.Item) -> bool:
    names = set(getattr(item, "fixturenames", ()))
    marked = any(item.get_closest_marker(name) for name in ("django_db", "postgres"))
    return marked or bool(names & STORED)


@pytest.fixture(autouse=True)
def _new_database_new_floor() -> None:
    """The sequencer remembers how far its process has come, and a throttle its rules; the next
    test has other entries and other rows."""
    from changxiao.ledger import sequencer
    from changxiao.orgs import throttle

    sequencer.FLOOR.forget()
    throttle.forget_rules()


@pytest.fixture(autouse=True)
def _source_language() -> Iterator[None]:
    """An English page leaves its language in the thread; the next test reads the source's again."""
    from django.utils import translation

    yield
    translation.deactivate()


def pytest_unconfigure() -> None:
    """The home of this run goes with the run."""
    shutil.rmtree(os.environ["CHANGXIAO_HOME"], ignore_errors=True)


@pytest.fixture
def as_system() -> Iterator[object]:
    """The test reads rows as the system; a test of access names its own viewer instead."""
    from changxiao.kernel import scope

    with scope.viewing(scope.system("test")) as viewer:
        yield viewer
