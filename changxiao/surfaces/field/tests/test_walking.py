"""A patrol that was begun and finished without a network comes once, with the phone's times."""

import json
from datetime import timedelta
from gzip import decompress

import pytest
import time_machine
from django.utils import timezone

from changxiao.cases.tests.pages import signed_in
from changxiao.ledger.models import Entry
from changxiao.orgs.posts import Post
from changxiao.patrols.models import Patrol
from changxiao.patrols.tests.conftest import laid_out
from changxiao.surfaces.field.tests.phones import send
from tests.support.cast import at

START, FINISH = (f"0190a000-0000-7000-8000-0000000000a{n}" for n in (1, 2))
DOOR = "/field/sync/patrols/"


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(at(2, 12), tick=False):
        yield


@pytest.fixture
def grid(damaged):
    return laid_out()


def ago(minutes, skew=0):
    return (timezone.now() - timedelta(minutes=minutes) + timedelta(seconds=skew)).isoformat()


def begin(phone, grid, minutes=50, key=START, skew=0, **more):
    told = more.pop("told", ago(minutes, skew))
    body = {"grid": grid.code, "occurred_at": told, "photos": []}
    sent = (timezone.now() + timedelta(seconds=skew)).isoformat()
    return send(phone, body | more.pop("body", more), key, f"{DOOR}start", HTTP_X_SENT_AT=sent)


def end(phone, minutes=10, key=FINISH, **more):
    body = {"occurred_at": more.pop("told", ago(minutes)), "photos": []}
    return send(phone, body | ({"started_by": START} | more), key, f"{DOOR}finish")


def test_start_and_finish_sent_three_times_are_one_walk_and_answer_alike(phone, grid):
    first, last = ago(50), ago(10)
    starts = [begin(phone, grid, told=first, lon=116.703, lat=23.365) for _turn in range(3)]
    ends = [end(phone, told=last) for _turn in range(3)]

    assert [a.status_code for a in (*starts, *ends)] == [201, 200, 200, 201, 200, 200]
    assert len({a.content for a in starts}) == len({a.content for a in ends}) == 1
    row = Patrol.everything.get()
    assert (row.number, row.minutes(timezone.now()), row.ended) == (
        starts[0].json()["number"],
        40,
        "self",
    )
    assert row.started_at.isoformat()[:19] == starts[0].json()["started_at"][:19]
    assert row.started_recorded_at == row.finished_recorded_at == timezone.now()
    assert [e.verb for e in Entry.objects.filter(stream=row.stream).order_by("n")] == [
        "start_patrol",
        "finish_patrol",
    ]


def test_a_finish_waits_for_its_start_and_is_then_taken(phone, grid):
    early = end(phone)
    begin(phone, grid)

    assert (early.status_code, early.json()["code"]) == (425, "too_early")
    assert end(phone).status_code == 201


def test_a_finish_names_the_walk_by_number_where_the_phone_knows_it(phone, grid):
    number = begin(phone, grid).json()["number"]

    assert end(phone, started_by="", patrol=number).status_code == 201
    assert (
        end(phone, key=f"{FINISH[:-1]}9", patrol="202001010001").json()["code"] == "patrol_unknown"
    )


def test_a_clock_that_is_a_day_fast_counts_by_the_true_time(phone, grid):
    begin(phone, grid, skew=86400)

    row = Patrol.everything.get()
    assert row.started_at == timezone.now() - timedelta(minutes=50)


def test_a_second_phone_that_begins_meanwhile_is_refused_and_parks(phone, grid):
    begin(phone, grid)
    other = begin(phone, grid, minutes=20, key=FINISH)

    assert (other.status_code, other.json()["code"]) == (409, "patrol_running")
    assert Patrol.everything.count() == 1


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"grid": "X1"}, "grid_unknown"),
        ({"grid": "X" * 25}, "input_unreadable"),
        ({"lon": 181}, "input_unreadable"),
        ({"occurred_at": "2026-03-02T09:00"}, "time_naive"),
        ({"photos": [{"sha256": "0" * 64, "role": "before"}]}, "input_unreadable"),
        ({"colour": "red"}, "input_unreadable"),
    ],
)
def test_what_cannot_be_read_begins_nothing(phone, grid, body, code):
    no = begin(phone, grid, body=body)

    assert no.json()["code"] == code and 400 <= no.status_code < 500
    assert not Patrol.everything.exists()


def test_nobody_finishes_another_s_walk_nor_begins_one_elsewhere(phone, grid):
    begin(phone, grid)
    other = signed_in("wu", post=Post.COLLECTOR, area="440599")

    assert end(other).status_code == 425
    number = Patrol.everything.get().number
    assert end(other, started_by="", patrol=number).json()["code"] == "patrol_unknown"
    assert begin(other, grid, key=FINISH).json()["code"] == "grid_foreign"
    assert Patrol.everything.get().finished_at is None


def test_today_tells_ones_own_grids_and_the_walk_that_goes_on(phone, grid):
    def told():
        return json.loads(decompress(phone.get("/field/sync/today").content))["walk"]

    before = told()
    number = begin(phone, grid).json()["number"]
    assert grid.code in [code for code, _words in before["grids"]] and before["running"] is None
    assert told()["running"]["number"] == number
    end(phone)
    assert told()["running"] is None
