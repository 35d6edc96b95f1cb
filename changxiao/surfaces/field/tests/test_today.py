"""What the phone fetches for the day: tasks, second looks, small things, and the ground offline."""

import gzip
import json

import pytest
from django.utils import timezone

from changxiao.areas.locate import locator
from changxiao.assets.models import Component
from changxiao.cases import actions
from changxiao.cases.actions import Problem
from changxiao.cases.models_recheck import Recheck
from changxiao.cases.tests.pages import signed_in
from changxiao.catalog.actions import set_policy
from changxiao.orgs.posts import Post
from tests.support.cast import JINPING, act, at


def fetched(client, what):
    answer = client.get(f"/field/sync/{what}")
    return json.loads(gzip.decompress(answer.content)), answer.get("ETag", "")


def collector(area, username="wang"):
    return signed_in(username, post=Post.COLLECTOR, area=area)


@pytest.fixture
def grid(city):
    return locator().at(*JINPING).duty_grid


def well(damaged, lon, lat, number):
    return Component.everything.create(
        code=f"440511010100{number:04d}",
        subcategory=damaged.subcategory,
        name="上水井盖",
        lon=lon,
        lat=lat,
        unit_grid_code=locator().at(lon, lat).unit_grid,
        updated_at=timezone.now(),
    )


def test_the_ground_is_one_s_own_grid_with_what_stands_there(damaged, grid):
    lon, lat = JINPING
    well(damaged, lon, lat, 1)
    well(damaged, lon + 0.05, lat, 2)

    told, etag = fetched(collector(grid), "ground")

    assert [one["code"] for one in told["duty"] if one["own"]] == [grid]
    assert (told["partial"], bool(etag)) == (False, True)
    assert told["components"]["kinds"] == [["e9799", "上水井盖"]]
    assert [row[0] for row in told["components"]["rows"]] == ["4405110101000001"]


def test_what_the_phone_has_already_is_not_sent_again(damaged, grid):
    client = collector(grid)
    etag = fetched(client, "ground")[1]

    same = client.get("/field/sync/ground", headers={"if-none-match": etag})
    well(damaged, *JINPING, 1)
    other = client.get("/field/sync/ground", headers={"if-none-match": etag})

    assert (same.status_code, same.content) == (304, b"")
    assert (other.status_code, other["ETag"] != etag) == (200, True)


def test_of_a_whole_city_the_grids_around_the_phone_come(damaged, grid):
    lon, lat = JINPING

    told, _etag = fetched(collector(""), f"ground?lon={lon}&lat={lat}")

    own = [one["code"] for one in told["duty"] if one["own"]]
    assert (told["partial"], len(own), grid in own) == (True, 60, True)
    assert len(gzip.compress(json.dumps(told).encode())) < 40_000


@pytest.mark.parametrize("where", ["lon=999&lat=1", "lon=1&lat=-91"])
def test_a_place_that_is_none_is_refused_by_name(damaged, where):
    no = collector("").get(f"/field/sync/ground?{where}")

    assert (no.status_code, no.json()["code"]) == (422, "place_unreadable")


def test_a_second_look_is_among_the_tasks_of_whom_the_lot_chose(verified, damaged):
    entry = verified.entries.get(verb="verify")
    Recheck.everything.create(
        case=verified, entry=entry, first="wang", collector="wu", drawn_at=at(2), due_at=at(3)
    )

    mine, _etag = fetched(collector("", "wu"), "today")
    other, _etag = fetched(collector("", "sun"), "today")

    task = mine["tasks"][0]
    assert (task["number"], task["kind"], task["standing"]) == (verified.number, "抽查", "overdue")
    assert [verb for verb, _title in task["answers"]] == ["recheck", "dispute_check"]
    assert task["must"] is True
    assert other["tasks"] == []


def test_a_small_thing_to_confirm_may_be_put_right_and_the_number_left_is_told(problem):
    set_policy("on_spot_kinds", value="e9799", act=act("wake"))
    case = actions.report(Problem(channel="open311", **about(problem)), act=act("report", by="x"))
    actions.ask_to_confirm(case, collector="wang", act=act("ask_to_confirm"))

    told, _etag = fetched(collector(""), "today")

    assert [verb for verb, _title in told["tasks"][0]["answers"]][-1] == "handle_on_spot"
    assert told["on_spot"] == {"kinds": ["e9799"], "left": 10}
    assert told["grids"] == ["全市"]


def about(problem):
    return {"subcategory": problem.subcategory, "lon": problem.lon, "lat": problem.lat}
