"""The public list: what was released, by the rule of its kind, page by page, and nothing else."""

import pytest

from changxiao.cases import actions
from changxiao.cases.public import CELL
from changxiao.catalog import publicity
from changxiao.catalog.actions import set_public_rule
from changxiao.kernel.act import Act
from changxiao.surfaces.portal.tests.conftest import live, released, to_close, to_dispatch

pytestmark = pytest.mark.django_db


@pytest.fixture
def closed_one(town, problem, roads):
    return to_close(actions.report(problem, act=live("report")), town, roads)


def rule(town, view, place="exact"):
    set_public_rule(town.subcategory, view=view, place=place, act=Act.system("test"))
    publicity.table.clear()


def shown(phone, where="/p/near/"):
    return phone.get(where).content.decode()


def test_nothing_is_shown_until_a_person_releases_it(phone, closed_one):
    assert "还没有公开" in shown(phone)
    released(closed_one)
    assert "路面有坑" in shown(phone) and "有坑</" in shown(phone)


@pytest.mark.parametrize(
    ("view", "open_", "over"),
    [("none", False, False), ("closed", False, True), ("live", True, True)],
)
def test_each_kind_is_read_when_its_rule_says(phone, town, problem, roads, view, open_, over):
    case = to_dispatch(actions.report(problem, act=live("report")), town, roads)
    released(case)
    rule(town, view)
    assert ("路面有坑" in shown(phone)) is open_
    case.refresh_from_db()
    case = actions.feed_back(case, act=live("feed_back", note="已修补"))
    case = actions.verify(case, act=live("verify"))
    actions.close(case, act=live("close"))
    assert ("路面有坑" in shown(phone)) is over


def test_homes_are_told_roughly_and_neighbours_are_on_no_map(phone, town, closed_one):
    released(closed_one)
    exact = phone.get("/p/near/points").json()["features"][0]["geometry"]["coordinates"]
    assert exact == [116.703, 23.365]
    rule(town, "live", "coarse")
    rough = phone.get("/p/near/points").json()["features"][0]["geometry"]["coordinates"]
    assert rough != exact and abs(rough[0] - exact[0]) <= CELL
    assert "金砂东路" not in shown(phone)
    rule(town, "live", "hidden")
    assert phone.get("/p/near/points").json()["features"] == []
    assert "路面有坑" in shown(phone)


def test_pages_of_twenty(phone, town, problem, roads):
    for _n in range(21):
        released(to_dispatch(actions.report(problem, act=live("report")), town, roads))
    first = phone.get("/p/near/")
    assert first.content.decode().count('class="card"') == 20
    before = first.context["more"]
    assert phone.get(f"/p/near/?before={before}").content.decode().count('class="card"') == 1
    assert phone.get("/p/near/?before='x").status_code == 200
