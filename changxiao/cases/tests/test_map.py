"""The map's data: every case of the filtered list once, in the standing that the list says."""

import gzip

import numpy as np
import pytest
import time_machine

from changxiao.cases import actions, points
from changxiao.cases.models import Case
from changxiao.cases.points import Mark
from changxiao.cases.tests.pages import forget_catalog, signed_in
from tests.support.budgets import budget
from tests.support.cast import act, at


@pytest.fixture(autouse=True)
def _monday():
    forget_catalog()
    points._made.cache_clear()
    with time_machine.travel(at(2, 9, 20), tick=False):
        yield


def unpacked(data):
    count = len(data) // 17
    assert count * 17 == len(data)
    numbers, rest = np.frombuffer(data, "<u8", count), data[8 * count :]
    lons, lats = np.frombuffer(rest, "<i4", 2 * count).reshape(2, count) / points.SCALE
    marks = np.frombuffer(rest[8 * count :], np.uint8)
    return {
        str(number): (lon, lat, Mark(mark & 7), bool(mark & points.URGENT))
        for number, lon, lat, mark in zip(numbers, lons, lats, marks.tolist(), strict=True)
    }


def shown(browser, query=""):
    answer = browser.get(f"/map/points?{query}")
    assert answer.status_code == 200
    assert answer["Content-Encoding"] == "gzip"
    found = unpacked(gzip.decompress(answer.content))
    assert answer["X-Count"] == str(len(found))
    return found


def test_a_case_stands_where_it_is_with_its_standing(dispatched):
    told = shown(signed_in("li"))

    assert told == {dispatched.number: (dispatched.lon, dispatched.lat, Mark.TODAY, False)}


@pytest.mark.parametrize(
    ("moment", "mark"),
    [
        (at(2, 9, 20), Mark.TODAY),
        (at(2, 13, 59), Mark.TODAY),
        (at(2, 17, 0), Mark.OVERDUE),
        (at(1, 23, 0), Mark.ON_TRACK),
    ],
)
def test_the_standing_is_that_of_the_moment(dispatched, moment, mark):
    with time_machine.travel(moment, tick=False):
        ((_, _, found, _),) = shown(signed_in("li")).values()

    assert found is mark


def test_what_is_suspended_is_paused_and_what_is_done_only_on_demand(
    closed, problem, damaged, roads
):
    other = actions.report(problem, act=act("report"))
    Case.objects.filter(pk=other.pk).update(urgent=True)
    waiting = actions.report(problem, act=act("report"))
    waiting = actions.accept(waiting, act=act("accept"))
    waiting = actions.file(waiting, criterion=damaged, act=act("file"))
    waiting = actions.dispatch(waiting, to=roads, act=act("dispatch"))
    actions.ask_suspend(waiting, until=at(20), act=act("ask_suspend", note="等材料"))
    actions.suspend(waiting, act=act("suspend", note="同意"))
    browser = signed_in("li")

    told = shown(browser)
    assert set(told) == {other.number, waiting.number}
    assert told[waiting.number][2] is Mark.PAUSED
    assert (told[other.number][3], told[waiting.number][3]) == (True, False)
    assert shown(browser, "stage=closed") == {
        closed.number: (closed.lon, closed.lat, Mark.ENDED, False)
    }


@pytest.mark.parametrize(
    ("query", "there"),
    [
        ("stage=dispatched", True),
        ("stage=filed", False),
        ("area=440511", True),
        ("area=440507", False),
        ("unit=SZ-DL", True),
        ("q=zzz", False),
    ],
)
def test_the_map_takes_the_list_s_filters(dispatched, query, there):
    assert (dispatched.number in shown(signed_in("li"), query)) is there


def test_a_filter_that_means_nothing_is_refused_in_words(dispatched):
    browser = signed_in("li")

    assert "环节" in browser.get("/map/?stage=nope").content.decode()
    assert browser.get("/map/?stage=nope").status_code == 400
    assert browser.get("/map/points?stage=nope").status_code == 400


def test_what_was_made_for_one_is_never_shown_to_another(dispatched):
    assert shown(signed_in("li", area="440511"))
    assert shown(signed_in("chen", area="440507")) == {}
    assert shown(signed_in("admin")) == {}


def test_a_change_in_the_log_makes_the_points_anew(dispatched):
    from changxiao.ledger import sequencer

    browser = signed_in("li")
    assert shown(browser)
    actions.feed_back(dispatched, act=act("feed_back", at(2, 9, 19), note="已修补"))
    sequencer.drain()

    assert shown(browser, "stage=handled")


def test_beyond_the_most_the_newest_are_drawn_and_the_answer_says_so(
    accepted, problem, monkeypatch
):
    monkeypatch.setattr(points, "MOST", 1)
    newest = actions.report(problem, act=act("report"))
    answer = signed_in("li").get("/map/points")

    assert list(unpacked(gzip.decompress(answer.content))) == [newest.number]
    assert (answer["X-Count"], answer["X-Cut"]) == ("1", "1")


def test_rows_beside_the_map_are_those_asked_for_within_reach(dispatched):
    path = f"/map/rows?number={dispatched.number},209901010001"

    assert f"/cases/{dispatched.number}/" in signed_in("li").get(path).content.decode()
    assert dispatched.number not in signed_in("chen", area="440507").get(path).content.decode()


def test_the_page_reads_without_script(dispatched):
    page = signed_in("li").get("/map/?stage=dispatched").content.decode()

    assert f"/cases/{dispatched.number}/" in page
    assert "data-map" in page


def test_the_map_keeps_its_budgets(dispatched):
    browser = signed_in("li")
    for name, path in {
        "map:page": "/map/",
        "map:points": "/map/points",
        "map:rows": f"/map/rows?number={dispatched.number}",
        "map:components": "/components/tiles/16/54013/28393.pbf",
    }.items():
        browser.get(path)
        points._made.cache_clear()
        with budget(name):
            assert browser.get(path).status_code == 200


def test_a_case_shows_its_place_on_a_map_a_sketch_and_three_maps_of_others(dispatched):
    page = signed_in("li").get(f"/cases/{dispatched.number}/").content.decode()

    assert 'data-lon="116.703"' in page
    assert 'class="sketch"' in page
    assert all(host in page for host in ("uri.amap.com", "api.map.baidu.com", "apis.map.qq.com"))


def test_posts_that_read_no_cases_have_no_map_in_the_menu(city):
    assert 'href="/map/"' in signed_in("li").get("/").content.decode()
    assert 'href="/map/"' not in signed_in("admin").get("/").content.decode()


def test_what_changed_is_asked_for_by_number_and_is_gone_where_the_filter_lost_it(dispatched):
    browser = signed_in("li")
    number = dispatched.number

    assert list(shown(browser, f"stage=dispatched&number={number},209901010001")) == [number]
    assert shown(browser, f"stage=filed&number={number}") == {}
    assert shown(browser, "number=209901010001") == {}
