"""A walk of one duty grid: begun and finished by its collector, one at a time, or by the clock."""

import pytest

from changxiao.cases.tests.pages import key_in, signed_in
from changxiao.kernel.geo import Point
from changxiao.kernel.refused import Refused
from changxiao.ledger.models import Entry
from changxiao.ledger.refusals import Replayed
from changxiao.orgs.posts import Post
from changxiao.patrols import actions, jobs
from changxiao.patrols.models import Patrol
from changxiao.patrols.tests.conftest import did, own
from tests.support.cast import JINPING, at


def walks():
    return list(Patrol.everything.values_list("collector", "finished_at"))


def test_a_walk_is_two_entries_with_place_and_time(wang, grid):
    with own(area=grid.code):
        patrol = actions.start_patrol(grid=grid.code, act=did(), here=Point(*JINPING))
        actions.finish_patrol(patrol, act=did(when=at(2, 9, 40)))
    patrol.refresh_from_db()

    assert (patrol.minutes(at(2, 12)), patrol.ended, patrol.n) == (40, "self", 2)
    first, last = Entry.objects.filter(stream=patrol.stream).order_by("n")
    assert first.data["place"] == {"lon": "116.7030000", "lat": "23.3650000"}
    assert (first.verb, last.verb, last.data["set"]["ended"]) == (
        "start_patrol",
        "finish_patrol",
        "self",
    )


@pytest.mark.parametrize(
    ("code", "area", "post", "grid_code"),
    [
        ("not_yours", "own", Post.INTAKE, "own"),
        ("grid_unknown", "own", Post.COLLECTOR, "nowhere"),
        ("grid_foreign", "440599", Post.COLLECTOR, "own"),
    ],
)
def test_who_may_not_walk_there_is_refused_and_nothing_is_written(
    wang, grid, code, area, post, grid_code
):
    codes = {"own": grid.code, "nowhere": "X1"}
    with own(area=codes.get(area, area)), pytest.raises(Refused) as no:
        actions.start_patrol(grid=codes[grid_code], act=did(post=post))

    assert no.value.code == code
    assert walks() == [] and not Entry.objects.filter(verb="start_patrol").exists()


def test_nobody_walks_two_grids_at_once_and_a_key_that_comes_again_is_the_same_walk(wang, grid):
    with own(area=grid.community.code):
        actions.start_patrol(grid=grid.code, act=did(key="the-same-key"))
        with pytest.raises(Refused, match="还没有结束"):
            actions.start_patrol(grid=f"{grid.community.code}Z99", act=did())
        with pytest.raises(Replayed):
            actions.start_patrol(grid=grid.code, act=did(key="the-same-key"))
    assert walks() == [("wang", None)]


def test_another_does_not_finish_it_and_it_is_finished_once(walked, grid):
    with own("wu"), pytest.raises(Refused, match="本人"):
        actions.finish_patrol(walked, act=did(by="wu"))
    with own(), pytest.raises(Refused, match="已经结束"):
        actions.finish_patrol(walked, act=did(when=at(2, 11)))
    walked.refresh_from_db()
    assert walked.finished_at == at(2, 9, 30) and walked.n == 2


def test_what_was_forgotten_ends_with_the_shift_and_once(wang, grid):
    with own(area=grid.code):
        patrol = actions.start_patrol(grid=grid.code, act=did(when=at(2, 19)))
    assert jobs.end_forgotten(at(2, 19, 59)) == 0

    assert jobs.end_forgotten(at(2, 20, 5)) == 1
    assert jobs.end_forgotten(at(2, 20, 6)) == 0
    patrol.refresh_from_db()
    assert (patrol.finished_at, patrol.ended) == (at(2, 20), "shift")


def test_the_collector_starts_and_finishes_on_his_page(wang, grid):
    phone = signed_in("wang", area=grid.code)
    page = phone.get("/patrols/mine/")
    told = {"key": key_in(page), "verb": "start", "grid": grid.code, "lon": "116.7", "lat": "23.3"}
    assert grid.code in page.content.decode()
    assert phone.post("/patrols/mine/", told).status_code == 302
    assert phone.post("/patrols/mine/", told).status_code == 302  # the second tap

    page = phone.get("/patrols/mine/")
    assert "结束巡查" in page.content.decode() and Patrol.everything.get().lon == 116.7
    phone.post("/patrols/mine/", {"key": key_in(page), "verb": "finish"})
    assert Patrol.everything.get().ended == "self"
    refused = phone.post("/patrols/mine/", {"key": told["key"], "verb": "start", "grid": "X"})
    assert refused.status_code == 422 and Patrol.everything.count() == 1


def test_the_desk_sees_who_walks_and_what_was_attended(walked, grid):
    chen = signed_in("chen")
    page = chen.get("/patrols/").content.decode()
    assert "王监督" in page and grid.code in page and "30" in page
    assert "没有这样的巡查" in chen.get("/patrols/?day=2026-03-01").content.decode()
    assert "没有这样的巡查" in chen.get("/patrols/?state=now").content.decode()
    assert "王监督" in chen.get(f"/patrols/?q={grid.code}").content.decode()
    assert chen.get("/patrols/?day=gestern").status_code == 400

    page = chen.get("/patrols/coverage/").content.decode()
    assert "已巡查" in page and "未到岗" in page and "2 个责任网格中到岗 1 个" in page
    assert "没有这样的责任网格" in chen.get("/patrols/coverage/?q=鲸").content.decode()
    assert b"".join(chen.get("/patrols/export.xlsx")).startswith(b"PK")


PAGES = ("", "coverage/", "missed/", "export.xlsx", "missed/export.xlsx")


@pytest.mark.parametrize(
    ("who", "post", "expected"),
    [
        *(("li", Post.DISPATCHER, 403), ("zhao", Post.HANDLER, 403), ("wang", Post.COLLECTOR, 403)),
        *(("lin", Post.SHIFT_LEADER, 200), ("shen", Post.AUDITOR, 200)),
    ],
)
def test_only_the_supervision_side_reads_the_walks_of_others(walked, grid, who, post, expected):
    client = signed_in(who, post=post, area=grid.code if who == "wang" else "")
    answers = [client.get(f"/patrols/{path}") for path in PAGES]
    assert {answer.status_code for answer in answers} == {expected}
    for answer in answers:
        b"".join(answer)  # read to its end, a file is closed


def test_a_desk_of_another_district_sees_no_walk(walked, grid):
    away = signed_in("chen", area="440599")
    assert "王监督" not in away.get("/patrols/").content.decode()
    assert "没有这样的责任网格" in away.get("/patrols/coverage/").content.decode()
    assert (
        grid.code
        not in signed_in("wu", post=Post.COLLECTOR, area="440599")
        .get("/patrols/mine/")
        .content.decode()
    )
