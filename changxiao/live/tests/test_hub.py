"""Who is told what, and what happens to those who read too slowly or come back late."""

import asyncio
import json

import pytest

from changxiao.cases.live import Change
from changxiao.kernel.scope import Grant, Viewer
from changxiao.live import asgi, hub
from changxiao.live.hub import NOTICE, RESET, Hub

NORTH = Viewer("staff", "chen", (Grant("intake", "1"),))
SOUTH = Viewer("staff", "li", (Grant("intake", "2"),))
OTHER_NORTH = Viewer("staff", "lin", (Grant("intake", "1"),))


class Log:
    """A log that stands in for the database: cases whose numbers begin like one's area are near."""

    def __init__(self):
        self.changes, self.asked, self.rung = [], 0, []

    def write(self, *numbers):
        for number in numbers:
            self.changes.append(Change(len(self.changes), number, "accept", 2))

    def top(self):
        return len(self.changes) - 1

    def after(self, position):
        return self.top(), self.changes[position + 1 :]

    def newest(self):
        return len(self.rung)

    def rung_after(self, pk):
        return len(self.rung), set(self.rung[pk:])

    def heard(self, viewer, changes):
        self.asked += 1
        return [c for c in changes if c.number.startswith(viewer.grants[0].area)]


@pytest.fixture
def log(monkeypatch):
    made = Log()
    for name in ("top", "after", "heard"):
        monkeypatch.setattr(hub.live, name, getattr(made, name))
    monkeypatch.setattr(hub.notices, "newest", made.newest)
    monkeypatch.setattr(hub.notices, "after", made.rung_after)
    monkeypatch.setattr(hub, "close_old_connections", lambda: None)
    return made


def run(walk):
    async def whole():
        made = Hub()
        await made.turn()
        await walk(made)

    asyncio.run(whole())


def numbers(listener):
    found = []
    while not listener.empty():
        frame = listener.get_nowait().decode()
        told = json.loads(frame.split("data: ")[1])
        found.append("reset" if frame.encode() == RESET else told["number"])
    return found


def test_the_bell_rings_for_whoever_got_a_message_and_for_nobody_else(log):
    async def walk(made):
        north, south = [await made.join(v, None) for v in (NORTH, SOUTH)]
        log.rung.append("chen")
        await made.turn()
        assert north.get_nowait() == NOTICE and south.empty()

        await made.turn()
        assert north.empty()

    run(walk)


def test_each_hears_of_what_is_within_reach_and_like_rights_are_asked_once(log):
    async def walk(made):
        north, south, other = [await made.join(v, None) for v in (NORTH, SOUTH, OTHER_NORTH)]
        log.write("101", "201", "102")
        await made.turn()

        assert numbers(north) == numbers(other) == ["101", "102"]
        assert numbers(south) == ["201"]
        assert log.asked == 2

    run(walk)


def test_a_frame_tells_number_verb_and_n_and_nothing_else(log):
    async def walk(made):
        north = await made.join(NORTH, None)
        log.write("101")
        await made.turn()

        name, data, *_ = north.get_nowait().decode().split("\n")
        assert name == "id: 0"
        assert json.loads(data.removeprefix("data: ")) == {
            "number": "101",
            "verb": "accept",
            "n": 2,
        }

    run(walk)


def test_who_comes_back_is_told_what_was_missed_and_no_more(log):
    log.write("100")

    async def walk(made):
        log.write("101", "201", "102")
        await made.turn()

        assert numbers(await made.join(NORTH, 1)) == ["102"]
        assert numbers(await made.join(NORTH, 3)) == []
        assert numbers(await made.join(NORTH, None)) == []

    run(walk)


@pytest.mark.parametrize("place", [-2, 99])
def test_a_place_that_is_not_known_any_more_is_answered_with_a_reset(log, place):
    log.write("100")

    async def walk(made):
        assert numbers(await made.join(NORTH, place)) == ["reset"]

    run(walk)


def test_what_is_forgotten_is_answered_with_a_reset(log, monkeypatch):
    monkeypatch.setattr(hub, "KEPT", 2)

    async def walk(made):
        log.write("101", "102", "103", "104")
        await made.turn()

        assert numbers(await made.join(NORTH, 0)) == ["reset"]
        assert numbers(await made.join(NORTH, 1)) == ["103", "104"]

    run(walk)


def test_a_flood_is_one_reset_for_everybody_and_asks_nothing(log, monkeypatch):
    monkeypatch.setattr(hub, "BURST", 3)

    async def walk(made):
        north, south = await made.join(NORTH, None), await made.join(SOUTH, None)
        log.write("101", "102", "103", "104")
        await made.turn()

        assert numbers(north) == numbers(south) == ["reset"]
        assert log.asked == 0
        log.write("105")
        await made.turn()
        assert numbers(north) == ["105"]
        assert numbers(await made.join(NORTH, 0)) == ["reset"]

    run(walk)


def test_who_does_not_read_is_let_go(log, monkeypatch):
    monkeypatch.setattr(hub, "WAITING", 2)

    async def walk(made):
        slow = await made.join(NORTH, None)
        log.write("101", "102", "103")
        await made.turn()

        assert slow not in made.listeners

    run(walk)


def test_a_database_that_is_away_ends_nothing(log, monkeypatch):
    monkeypatch.setattr(hub, "REST", 0)
    monkeypatch.setattr(hub, "POLL", 0)
    answers = [OSError("away"), (-1, [])]

    def after(position):
        told = answers.pop(0) if answers else (position, [])
        if isinstance(told, Exception):
            raise told
        return told

    async def walk(made):
        monkeypatch.setattr(hub.live, "after", after)
        running = asyncio.create_task(made.run())
        await asyncio.sleep(0.1)
        assert not running.done()
        assert not answers
        running.cancel()

    run(walk)


class Wire:
    """What a server would send for one request."""

    def __init__(self, path="/live/", query="", method="GET"):
        self.scope = {"type": "http", "path": path, "method": method}
        self.scope["query_string"] = query.encode()
        self.sent, self.left = [], asyncio.Event()

    async def receive(self):
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message):
        self.sent.append(message)

    @property
    def status(self):
        return self.sent[0]["status"]

    @property
    def body(self):
        return b"".join(m.get("body", b"") for m in self.sent[1:]).decode()


@pytest.fixture
def door(log, monkeypatch):
    """The app with a hub of its own; `north` is a ticket."""
    monkeypatch.setattr(asgi, "HUB", Hub())
    monkeypatch.setattr(asgi.live, "bearer", {"north": NORTH}.get)
    monkeypatch.setattr(asgi, "HEARTBEAT", 0.02)

    async def ask(wire):
        await asgi.application(wire.scope, wire.receive, wire.send)
        return wire

    return ask


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ({"query": "ticket=south"}, 403),
        ({"query": ""}, 403),
        ({"path": "/", "query": "ticket=north"}, 404),
        ({"method": "POST", "query": "ticket=north"}, 404),
    ],
)
def test_without_a_ticket_nothing_is_told(door, told, status):
    async def walk():
        wire = await door(Wire(**told))
        assert (wire.status, wire.body, len(asgi.HUB.listeners)) == (status, "", 0)

    asyncio.run(walk())


def test_a_listener_hears_beats_and_changes_until_the_ticket_s_time_is_up(door, log, monkeypatch):
    monkeypatch.setattr(asgi, "LIFETIME", 0.1)

    async def walk():
        await asgi.HUB.turn()
        listening = asyncio.create_task(door(Wire(query="ticket=north&after=x")))
        await asyncio.sleep(0.05)
        log.write("101", "201")
        await asgi.HUB.turn()
        wire = await listening

        assert wire.status == 200
        assert dict(wire.sent[0]["headers"])[b"content-type"].startswith(b"text/event-stream")
        assert "event: hello\nid: -1" in wire.body
        assert "event: beat" in wire.body
        assert '"number": "101"' in wire.body
        assert '"201"' not in wire.body
        assert not wire.sent[-1].get("more_body")
        assert not asgi.HUB.listeners

    asyncio.run(walk())


def test_who_leaves_is_forgotten_at_once(door):
    async def walk():
        await asgi.HUB.turn()
        wire = Wire(query="ticket=north")
        listening = asyncio.create_task(door(wire))
        await asyncio.sleep(0.01)
        assert len(asgi.HUB.listeners) == 1
        wire.left.set()
        await asyncio.sleep(0.01)

        assert not asgi.HUB.listeners
        await asyncio.wait_for(listening, 1)

    asyncio.run(walk())


def test_beyond_its_number_of_listeners_it_asks_to_come_later(door, monkeypatch):
    monkeypatch.setattr(asgi, "LISTENERS", 0)

    async def walk():
        assert (await door(Wire(query="ticket=north"))).status == 503

    asyncio.run(walk())
