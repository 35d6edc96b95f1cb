"""Saved filters over HTTP: kept, counted, arranged, given back; one's own and nobody else's."""

import json
from datetime import date

import pytest
import time_machine
from django.urls import reverse

from changxiao.cases.saved import book, reading
from changxiao.cases.saved.models import SavedFilter
from changxiao.cases.tests.pages import forget_catalog, person, signed_in
from changxiao.catalog.models import Subcategory
from changxiao.ledger.models import Entry
from changxiao.orgs.models import Unit
from changxiao.orgs.posts import Post
from tests.support.budgets import budget
from tests.support.cast import at

HOST = "http://testserver"
FILED = "stage=filed"


@pytest.fixture(autouse=True)
def _monday():
    forget_catalog()
    with time_machine.travel(at(2, 9, 20), tick=False):
        yield


@pytest.fixture
def li(city):
    return signed_in("li")


def bar(address):
    """What htmx sends of a page whose address bar shows this filter."""
    return {"HX-Request": "true", "HX-Current-URL": f"{HOST}/cases/?{address}"}


def keep(client, name, address=FILED):
    return client.post(reverse("saved_keep"), {"name": name}, headers=bar(address))


def kept(client, name, address=FILED):
    assert keep(client, name, address).status_code == 200
    return SavedFilter.objects.get(name=name)


def change(client, row, what, **told):
    return client.post(
        reverse("saved_change", args=[row.pk, what]), told, headers={"HX-Request": "true"}
    )


def names(client):
    return [chip.row.name for chip in client.get(reverse("saved_filters")).context["chips"]]


def chips(client, address=""):
    return client.get(reverse("saved_chips"), headers=bar(address))


def undo(client, answer):
    told = json.loads(answer["HX-Trigger"])["toast"]["undo"]
    return client.post(told["url"], told["fields"], headers={"HX-Request": "true"})


def rows():
    return list(SavedFilter.objects.order_by("pk").values())


def test_the_filter_in_the_address_bar_is_kept_and_opens_the_same_rows(li, filed, roads):
    row = kept(li, "待派遣的", f"stage=filed&unit=&case={filed.number}&cursor=x&overdue=0")

    assert row.address == "stage=filed&overdue=0"
    assert f'href="/cases/?{row.address.replace("&", "&amp;")}"' in chips(li).content.decode()
    assert filed.number in li.get(f"/cases/?{row.address}").content.decode()


def test_a_chip_counts_what_its_link_shows(li, filed):
    kept(li, "待派遣")
    kept(li, "已超期", "overdue=1")

    assert [(c.row.name, c.count) for c in chips(li).context["chips"]] == [
        ("待派遣", 1),
        ("已超期", 0),
    ]


def test_a_chip_counts_within_its_owners_reach_only(filed, city):
    kept(li := signed_in("li"), "待派遣")
    away = signed_in("zhao", post=Post.DISPATCHER, area="440507")
    SavedFilter.objects.create(staff=person("zhao"), name="一样", address=FILED, place=1)

    assert chips(li).context["chips"][0].count == 1
    assert chips(away).context["chips"][0].count == 0


def test_the_chip_of_the_present_filter_is_marked(li, filed):
    kept(li, "待派遣")

    assert 'aria-current="true"' in chips(li, FILED).content.decode()
    assert 'aria-current="true"' not in chips(li, "stage=accepted").content.decode()


@pytest.mark.parametrize(
    ("name", "address", "says"),
    [
        ("", FILED, "起个名字"),
        ("  ", FILED, "起个名字"),
        ("长" * 21, FILED, "超过 20 个字"),
        ("待派遣", "overdue=1", "已有名为“待派遣”"),
        ("空", "", "还没有设任何条件"),
        ("空", "cursor=x&case=1", "还没有设任何条件"),
        ("错", "stage=nowhere", "不存在"),
        ("错", "unit=NOBODY", "没有代码为"),
        ("多", "subcategory=" + ",".join(f"c{n:04}" for n in range(200)), "条件太多"),
    ],
)
def test_what_cannot_be_kept_is_said_in_a_sentence_and_nothing_changes(li, name, address, says):
    kept(li, "待派遣")
    before = rows()
    answer = keep(li, name, address)

    assert answer.status_code == 422 and says in answer.content.decode()
    assert rows() == before


def test_one_more_than_the_limit_is_refused(li):
    for n in range(book.MOST):
        kept(li, f"第 {n}")
    answer = keep(li, "再一个")

    assert answer.status_code == 422 and "最多保存 12 个" in answer.content.decode()
    assert SavedFilter.objects.count() == book.MOST


def test_two_people_may_use_the_same_name(li):
    kept(li, "待派遣")

    assert keep(signed_in("chen"), "待派遣").status_code == 200


def test_saving_is_taken_back_by_undo(li):
    answer = keep(li, "待派遣")

    assert undo(li, answer)["HX-Trigger-After-Settle"] and rows() == []


def test_a_filter_gets_another_name_and_the_old_one_back(li):
    row = kept(li, "待派遣")
    answer = change(li, row, "rename", name="我的 待派遣")

    assert names(li) == ["我的 待派遣"]
    undo(li, answer)
    assert names(li) == ["待派遣"]


@pytest.mark.parametrize("name", ["", "另一个", "长" * 21])
def test_a_bad_new_name_is_refused_with_what_was_typed(li, name):
    row = kept(li, "待派遣")
    kept(li, "另一个", "overdue=1")
    before = rows()
    answer = change(li, row, "rename", name=name)

    assert answer.status_code == 422 and answer.context["typed"] == name
    assert rows() == before


@pytest.mark.parametrize("what", ["up", "down"])
@pytest.mark.parametrize("place", range(3))
def test_moving_changes_one_place_and_stays_at_the_end(li, place, what):
    for name in "甲乙丙":
        kept(li, name)
    change(li, SavedFilter.objects.get(place=place + 1), what)

    order = list("甲乙丙")
    to = min(max(place + {"up": -1, "down": 1}[what], 0), 2)
    order.insert(to, order.pop(place))
    assert names(li) == order


def test_a_deleted_filter_comes_back_to_its_place_and_as_default(li):
    for name in "甲乙丙":
        kept(li, name)
    row = SavedFilter.objects.get(name="乙")
    change(li, row, "default")
    answer = change(li, row, "drop")
    assert names(li) == ["甲", "丙"]

    undo(li, answer)
    assert names(li) == ["甲", "乙", "丙"]
    assert SavedFilter.objects.get(name="乙").default_for == Post.DISPATCHER


def test_the_bare_list_opens_with_the_default_of_the_post(li, filed):
    row = kept(li, "待派遣")
    change(li, row, "default")

    assert li.get("/cases/")["Location"] == "/cases/?stage=filed"
    assert li.get("/cases/", {"all": "1"}).status_code == 200
    assert signed_in("chen").get("/cases/").status_code == 200
    change(li, row, "default")
    assert li.get("/cases/").status_code == 200


def test_another_default_takes_the_place_of_the_first(li):
    for name in "甲乙":
        change(li, kept(li, name), "default")

    assert list(SavedFilter.objects.exclude(default_for="").values_list("name")) == [("乙",)]


def test_a_default_is_that_of_the_post_in_which_it_was_chosen(city):
    client = signed_in("li")
    change(client, kept(client, "待派遣"), "default")
    row = SavedFilter.objects.get()

    assert book.default(row.staff, Post.DISPATCHER) == row
    assert book.default(row.staff, Post.INTAKE) is None


@pytest.mark.parametrize("what", ["rename", "up", "down", "default", "drop"])
def test_another_persons_filter_does_not_exist(li, what):
    row = kept(li, "待派遣")
    before = rows()
    other = signed_in("chen")

    assert change(other, row, what, name="我的").status_code == 404
    assert names(other) == [] and "待派遣" not in chips(other).content.decode()
    assert rows() == before


def test_an_unknown_change_does_not_exist(li):
    assert change(li, kept(li, "待派遣"), "explode").status_code == 404


def test_a_visitor_is_sent_to_sign_in(client, db):
    for name in ("saved_filters", "saved_chips"):
        assert client.get(reverse(name))["Location"].startswith("/accounts/login/")
    for name in ("saved_keep", "saved_put_back"):
        assert client.post(reverse(name))["Location"].startswith("/accounts/login/")


def test_a_filter_of_a_dissolved_unit_says_so_and_still_opens(li, dispatched, roads):
    row = kept(li, "市政", f"unit={roads.code}")
    Unit.objects.filter(pk=roads.pk).update(until_date=date(2026, 3, 1))
    shown = chips(li, row.address)

    assert f"单位“{roads.name}”已撤销" in shown.content.decode()
    assert shown.context["chips"][0].count == 1
    assert li.get(f"/cases/?{row.address}").status_code == 200
    assert "已不在列表中" in li.get(f"/cases/filters?{row.address}").content.decode()


def test_a_filter_of_a_unit_that_never_came_back_says_so(li, roads):
    row = kept(li, "市政", f"unit={roads.code}")
    SavedFilter.objects.update(address="unit=GONE")
    (chip,) = chips(li, "unit=GONE").context["chips"]

    assert (chip.row, chip.count) == (row, None) and "单位“GONE”已撤销" in chip.gone
    assert li.get("/cases/?unit=GONE").status_code == 400
    assert names(li) == ["市政"]


def test_a_filter_of_a_switched_off_subcategory_says_so(li, damaged):
    key = damaged.subcategory.key
    kept(li, "道路", f"subcategory={key}")
    assert chips(li).context["chips"][0].gone == ""

    Subcategory.objects.filter(pk=damaged.subcategory_id).update(enabled=False)
    forget_catalog()
    assert f"小类“{key}”已停用" in chips(li).context["chips"][0].gone


def test_it_works_without_script(li, filed):
    answer = li.post(reverse("saved_keep"), {"name": "待派遣", "address": FILED})
    assert answer["Location"] == "/cases/?stage=filed"

    row = SavedFilter.objects.get()
    assert li.post(reverse("saved_change", args=[row.pk, "drop"]))["Location"] == "/cases/saved/"
    assert rows() == []


def test_the_page_costs_one_statement_and_no_count(li, filed):
    for n in range(book.MOST):
        kept(li, f"第 {n}")
    li.get("/cases/?stage=filed")

    with budget("page:cases"):
        text = li.get("/cases/?stage=filed").content.decode()
    assert "第 11" in text


def test_counting_stops_where_nobody_walks_on(li, filed, monkeypatch):
    monkeypatch.setattr(reading, "COUNTED", 0)
    kept(li, "待派遣")

    assert "0+" in chips(li).content.decode()


def test_it_is_no_entry_of_the_log(li, filed):
    before = Entry.objects.count()
    change(li, kept(li, "待派遣"), "drop")

    assert Entry.objects.count() == before
