"""A city with people: the cast appointed, the clock at its Monday, nothing remembered."""

import itertools
import json
from datetime import timedelta

import pytest
import time_machine

from changxiao.cases.tests.pages import forget_catalog, person
from changxiao.catalog.actions import set_policy
from changxiao.kernel.act import Act
from changxiao.ledger import consumers, sequencer
from changxiao.ledger.consumers import Consumer
from changxiao.notices import standing
from changxiao.notices.tests.servers import http_server, smtp_server
from changxiao.orgs.posts import Post
from tests.support.cast import ACTORS, MONDAY

CONSUMER = Consumer("notices", frozenset(), "changxiao.notices.jobs.hear", from_now=True, many=True)
_keys = itertools.count(1)


@pytest.fixture
def clock(db):
    forget_catalog()
    standing.table.clear()
    with time_machine.travel(MONDAY, tick=False) as now:
        yield now


@pytest.fixture
def cast(clock, roads):
    """Everybody at his post; 赵处置 and 孙负责 at 市政道路处."""
    people = {name: person(name) for name in ("wang", "chen", "lin", "li", "zhang", "admin")}
    people["zhao"] = person("zhao", unit=roads)
    people["sun"] = person("sun", post=Post.UNIT_LEAD, unit=roads)
    # The consumer begins at the end of a log, so it must have looked once.
    hear()
    return people


def live(verb, *, by=None, note="", **more):
    """An act as a page sends it: no time of its own, no origin."""
    actor, post = ACTORS.get(verb, ("zhao", Post.HANDLER))
    key = f"live-{next(_keys):06d}"
    return Act(actor=by or actor, post=more.pop("post", post), key=key, note=note, **more)


def hear(now=MONDAY + timedelta(hours=1)):
    """What the worker does in a round, for this consumer."""
    sequencer.drain()
    while consumers.deliver([CONSUMER], now):
        pass


@pytest.fixture(scope="module")
def _vendor():
    with http_server() as vendor:
        yield vendor


@pytest.fixture
def vendor(_vendor):
    """A vendor's server, empty of what the test before sent."""
    _vendor.clear()
    return _vendor


@pytest.fixture(scope="module")
def post():
    with smtp_server() as server:
        yield server


@pytest.fixture
def keys(tmp_path, monkeypatch):
    """A home of the test's own; `keys(name, text)` writes a credential."""
    monkeypatch.setenv("CHANGXIAO_HOME", str(tmp_path))
    folder = tmp_path / "keys" / "notices"
    folder.mkdir(parents=True)

    def write(name, text):
        (folder / name).write_text(text if isinstance(text, str) else json.dumps(text))
        return folder / name

    return write


def set_value(key, text):
    """A policy of the city's, as the desk would set it."""
    act = Act(actor="admin", post=Post.CITY_ADMIN, key=f"policy-{next(_keys)}")
    set_policy(key, value=text, act=act)
