"""场所类型: given, changed and taken away by page and by Excel, with preview, history and undo."""

import pytest

from changxiao.areas import names
from changxiao.areas.home import settle
from changxiao.catalog import actions
from changxiao.catalog.models import PlaceKind
from changxiao.catalog.sheets import places
from changxiao.catalog.tests.browsing import changes, edit, entries, opened, previewed, signed_in
from changxiao.catalog.tests.conftest import act
from changxiao.catalog.tests.tables import confirmed, edited, exported, planned, uploaded
from changxiao.catalog.tests.test_criteria_pages import undone
from changxiao.kernel.city import city
from changxiao.kernel.refused import Refused
from changxiao.ledger.models import Entry

pytestmark = pytest.mark.django_db
LIST = "/settings/catalog/place-kinds/"


@pytest.fixture
def client():
    settle(city("440500"))
    return signed_in()


@pytest.fixture
def code(client):
    return sorted(names.communities())[0]


def kinds():
    return dict(PlaceKind.objects.values_list("community_code", "kind"))


def test_a_kind_is_given_changed_and_undone(client, code):
    told = {"area": code, "kind": "business"}
    shown = previewed(client, f"{LIST}new/", opened(client, f"{LIST}new/"), **told)
    assert ("场所类型", "", "商区") in changes(shown) and not kinds()
    edit(client, f"{LIST}new/", **told)
    edit(client, f"{LIST}{code}/", kind="open")
    assert kinds() == {code: "open"}
    undone(client, "place_kind", code, 2)
    assert kinds() == {code: "business"}
    edit(client, f"{LIST}{code}/drop/")
    assert kinds() == {} and entries(f"place_kind:{code}") == 4
    assert "商区" in client.get(f"/settings/catalog/history/place_kind/{code}/").content.decode()


def test_what_is_no_kind_or_no_community_is_refused(client, code):
    for community, kind, why in ((code, "shop", "kind_unknown"), ("1", "open", "area_unknown")):
        with pytest.raises(Refused) as no:
            actions.set_place_kind(community, kind=kind, act=act())
        assert no.value.code == why
    assert not kinds() and not Entry.objects.filter(stream__startswith="place_kind:").exists()


def test_the_table_goes_out_and_comes_back(client, code):
    second, third = sorted(names.communities())[1:3]
    for one in (code, second):
        actions.set_place_kind(one, kind="gated", act=act())
    assert planned(places, exported(places)).edits == []

    data = edited(places, {0: {"kind": "楼宇"}, 1: {"kind": None}, 2: {"kind": "商区"}})
    address = uploaded(client, "places", data)
    assert confirmed(client, address).status_code == 302

    assert kinds() == {code: "building", third: "business"}


def test_what_is_wrong_in_the_table_is_named_by_its_cell(client, code):
    data = edited(places, {0: {"kind": "商圈"}, 1: {"code": "9"}, 2: {"code": code}})
    faults = {one.cell: one.remedy for one in planned(places, data).faults}
    assert set(faults) == {"C3", "A4", "A5"}
    assert "商区" in faults["C3"]


def test_the_list_is_searched_and_says_how_many_are_unsaid(client, code):
    actions.set_place_kind(code, kind="open", act=act())
    page = client.get(LIST).content.decode()
    assert names.words(code) in page
    assert f"还有 {len(names.communities()) - 1} 个社区没有类型" in page
    assert names.words(code) not in client.get(f"{LIST}?kind=gated").content.decode()
    assert names.words(code) in client.get(f"{LIST}?q={code}").content.decode()
    assert client.get(f"{LIST}1/").status_code == 404
