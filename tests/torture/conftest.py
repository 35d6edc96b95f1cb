"""A city set up once for the session, copied for each test, served by granian on its own port."""

import contextlib
import http.client
import json
import os
import shutil
import sqlite3
from contextlib import closing

import pytest

from changxiao.bench.torture import template
from changxiao.bench.torture_city import City, free_port, fresh
from changxiao.cli.run import web_command
from tests.support.databases import alone, copy_database, shared_folder
from tests.support.warm import Warm

SEED = int(os.environ.get("SEED", "20260302"))


@pytest.fixture(scope="session")
def city_template(tmp_path_factory, request):
    """The home that each test copies, made once a run; the city of these tests has a database file
    of its own, and its tables are those that the run has migrated already."""
    if os.environ.get("CHANGXIAO_TEST_DB") == "pg":
        pytest.skip("the harness runs on SQLite")
    shared = shared_folder(tmp_path_factory)
    with alone(shared / "torture.lock"):
        if (shared / "torture").exists():
            return shared / "torture" / "template"
        home = shared / "torture" / "template"
        home.mkdir(parents=True)
        migrated = request.getfixturevalue("django_db_setup")
        copy_database(migrated, str(home / "changxiao.sqlite3"))
        return template(shared / "torture")


class Live(City):
    """A city under test with its web process only, asked over HTTP."""

    def __init__(self, home, port=0, spawn=fresh):
        super().__init__(home, web_command, port=port, spawn=spawn)
        self.told = json.loads((home / "torture.json").read_text())

    def start_worker(self):
        """None here: these tests look at the web process."""

    def post(self, path, body, *, key, token=None):
        """Status, answer and headers of one POST."""
        wire = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {
            "Authorization": f"Bearer {token or self.told['tokens'][0]}",
            "Content-Type": "application/json",
            "Idempotency-Key": key,
        }
        with closing(wire):
            wire.request("POST", f"/api/v1/cases{path}", json.dumps(body), headers)
            answer = wire.getresponse()
            named = {name.lower(): value for name, value in answer.getheaders()}
            return answer.status, json.loads(answer.read()), named

    def report(self, key, **more):
        lon, lat = self.told["places"][0]
        body = {"subcategory": self.told["subcategory"], "lon": lon, "lat": lat, "external": key}
        return self.post("", body | more, key=key)

    @property
    def file(self):
        return self.home / "changxiao.sqlite3"

    def stored(self):
        """Keys of the cases that are really there."""
        with closing(sqlite3.connect(f"file:{self.file}?mode=ro", uri=True)) as opened:
            rows = opened.execute("SELECT external FROM cases_case WHERE external <> ''")
            return [row[0] for row in rows]

    def pids(self):
        """All processes of the web's group: granian and its worker."""
        leader = self._processes["web"].pid
        found = []
        for name in filter(str.isdigit, os.listdir("/proc")):
            with contextlib.suppress(ProcessLookupError, FileNotFoundError):
                if os.getpgid(int(name)) == leader:
                    found.append(int(name))
        return found


@contextlib.contextmanager
def serving(home, *how):
    """A started city on this home; killed at the end, as everything here is."""
    city = Live(home, *how)
    city.start()
    try:
        city.wait_until_ready()
        yield city
    finally:
        city.kill()


@pytest.fixture(scope="session")
def stand(tmp_path_factory):
    """Where cities of one test after the other stand: home, port, and who forks their processes,
    which have read their settings from both."""
    with Warm() as warm:
        yield tmp_path_factory.mktemp("live") / "home", free_port(), warm.spawn


@pytest.fixture
def live(city_template, stand):
    """A running city of the test's own."""
    home, *how = stand
    shutil.copytree(city_template, home)
    try:
        with serving(home, *how) as city:
            yield city
    finally:
        shutil.rmtree(home)
