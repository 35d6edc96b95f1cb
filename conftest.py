"""Test set-up for the whole house: an own home, one known Monday, data of others where it is."""

import os
import tempfile
from pathlib import Path

os.environ["CHANGXIAO_HOME"] = tempfile.mkdtemp(prefix="changxiao-test-")
if os.environ.get("CHANGXIAO_TEST_DB") == "pg":
    os.environ.setdefault("CHANGXIAO_TEST_DATABASE_URL", "postgres://root@127.0.0.1:5432/test")
    os.environ["DATABASE_URL"] = os.environ["CHANGXIAO_TEST_DATABASE_URL"]
else:
    os.environ.pop("DATABASE_URL", None)

import pytest

REQUIRE_DATA = os.environ.get("CHANGXIAO_REQUIRE_DATA") == "1"


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
