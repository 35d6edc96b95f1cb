"""A small city with a made-up list: Syracuse, three rows, and a mapping of our own."""

from datetime import UTC, datetime

import pytest

from changxiao.areas.home import settle
from changxiao.cases.importing import mapping, run
from changxiao.catalog.load import load as load_catalog
from changxiao.kernel import scope
from changxiao.kernel.city import city
from changxiao.orgs.load import load as load_orgs

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
HEADINGS = "id,opened,closed,due,state,lon,lat"
GOOD = "A-1,2016-04-12 07:54,2016-04-13 10:00,2016-04-14 09:00,done,-76.1062502,43.0552769"
OPEN = "A-2,2016-04-12 08:00,,2016-04-14 09:00,waiting,-76.1345336,43.0592969"
TOLD = {
    "city": "syracuse",
    "note": "Filled",
    "columns": {
        "number": "id",
        "reported_at": "opened",
        "completed_at": "closed",
        "due_at": "due",
        "status": "state",
        "lon": "lon",
        "lat": "lat",
    },
    "times": {"formats": ["%Y-%m-%d %H:%M", "%Y-%m-%d"]},
    "status": {
        "values": {
            "done": {"to": "closed", "overdue": False},
            "late": {"to": "closed", "overdue": True},
            "waiting": {"to": "open", "overdue": True},
            "double": {"to": "duplicate", "reason": "Same as A-1"},
        }
    },
    "criterion": {"default": "SYR-01"},
    "unit": {"default": "DPW"},
}


def home_of(folder):
    """The tables of that city, its ground taken from its data."""
    settle(city(folder))
    with scope.viewing(scope.system("init")):
        load_orgs(city(folder))
        load_catalog(folder)


@pytest.fixture(autouse=True)
def _as_system():
    with scope.viewing(scope.system("test")):
        yield


@pytest.fixture
def syracuse(db):
    home_of("syracuse")


@pytest.fixture
def take(tmp_path):
    """Import these lines by the mapping above; the report, with its two lists closed."""

    def run_it(*lines, told=TOLD, headings=HEADINGS):
        file = tmp_path / "list.csv"
        file.write_text("\n".join([headings, *lines]), encoding="utf-8")
        options = run.Options(refused_csv=tmp_path / "refused.csv", now=NOW, sequence=False)
        return run.import_cases(file, mapping.parse(told, name="made-up"), options)

    return run_it


@pytest.fixture
def take_real(tmp_path, outside_data):
    """Import the first rows of a real list by its built-in mapping."""

    def run_it(name, file, limit):
        options = run.Options(
            refused_csv=tmp_path / "refused.csv", now=NOW, limit=limit, sequence=False
        )
        return run.import_cases(outside_data / "civic311" / file, mapping.load(name), options)

    return run_it
