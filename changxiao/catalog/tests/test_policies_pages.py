"""政策取值页: the road of every edit, walked once with the plainest row there is."""

import pytest

from changxiao.catalog import policy
from changxiao.catalog.actions import set_policy
from changxiao.catalog.models import CityPolicy
from changxiao.catalog.tests.browsing import (
    changes,
    confirmed,
    edit,
    entries,
    opened,
    previewed,
    signed_in,
    undone,
)
from changxiao.catalog.tests.conftest import act
from changxiao.ledger.models import Entry
from changxiao.orgs.posts import Post

pytestmark = pytest.mark.django_db
ADDRESS = "/settings/catalog/policies/extension_most/"
STREAM = "policy:extension_most"
EDITORS = {Post.CITY_ADMIN, Post.CENTER_DIRECTOR, Post.COMMAND_DIRECTOR}


def test_the_list_says_what_each_number_means_and_which_are_our_own():
    client = signed_in()
    set_policy("extension_most", value="3", act=act())
    page = client.get("/settings/catalog/policies/")

    own = [row["key"] for row in page.context["rows"] if row["own"]]
    assert own == ["extension_most"]
    assert all(row["setting"].meaning for row in page.context["rows"])
    found = client.get("/settings/catalog/policies/?q=挂账").context["rows"]
    assert [row["key"] for row in found] == ["suspension_longest_days"]
    assert "没有这样的取值" in client.get("/settings/catalog/policies/?q=月亮").content.decode()


def test_a_preview_changes_nothing_and_says_what_would():
    client = signed_in()
    shown = previewed(client, ADDRESS, opened(client, ADDRESS), value="3")

    assert changes(shown) == [("取值", "2", "3")]
    assert shown.context["preview"].effects
    assert not CityPolicy.objects.exists()
    assert not Entry.objects.exists()


def test_confirming_records_one_entry_with_who_and_why():
    client = signed_in()
    done = edit(client, ADDRESS, value="3", note="市里决定")

    assert done["Location"] == "/settings/catalog/policies/"
    entry = Entry.objects.get(stream=STREAM)
    assert (entry.actor, entry.data["value"], entry.data["was"]) == ("wu", "3", {"value": "2"})
    assert entry.act["note"] == "市里决定"
    assert policy.number("extension_most") == 3


def test_what_was_changed_after_the_preview_is_previewed_again():
    client = signed_in()
    filled = opened(client, ADDRESS)
    seen = previewed(client, ADDRESS, filled, value="3").context["preview"].seen
    shown = client.post(ADDRESS, {**filled, "value": "4", "seen": seen})

    assert changes(shown) == [("取值", "2", "4")]
    assert not Entry.objects.exists()


def test_the_same_value_is_no_edit():
    client = signed_in()
    done = previewed(client, ADDRESS, opened(client, ADDRESS), value="2")

    assert done.status_code == 302
    assert not Entry.objects.exists()


def test_a_second_sending_is_not_a_second_edit():
    client = signed_in()
    filled = opened(client, ADDRESS)
    confirmed(client, ADDRESS, filled, value="3")
    done = previewed(client, ADDRESS, filled, value="3")

    assert done.status_code == 302
    assert entries(STREAM) == 1


@pytest.mark.parametrize("value", ["", "-1", "10", "many", "1e9", "２２"])
def test_a_value_that_cannot_be_keeps_the_draft_and_its_key(value):
    client = signed_in()
    filled = opened(client, ADDRESS)
    shown = previewed(client, ADDRESS, filled, value=value, note="试试")

    assert shown.status_code == 422
    assert shown.context["form"]["note"].value() == "试试"
    assert shown.context["form"]["key"].value() == filled["key"]
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    ("key", "value"), [("timezone", "Mars/Olympus"), ("timezone", "../../etc"), ("calendar", "xx")]
)
def test_a_zone_or_day_table_that_is_not_there_is_refused(key, value):
    client = signed_in()
    address = f"/settings/catalog/policies/{key}/"
    shown = previewed(client, address, opened(client, address), value=value)

    assert shown.status_code == 422
    assert "不存在" in shown.content.decode()
    assert not CityPolicy.objects.exists()


def test_the_slower_of_two_reads_who_was_faster_and_keeps_his_text():
    fast, slow = signed_in(), signed_in("zheng", name="郑管理")
    filled = opened(slow, ADDRESS)
    edit(fast, ADDRESS, value="3")
    shown = previewed(slow, ADDRESS, filled, value="5", note="我也改")

    page = shown.content.decode()
    assert shown.status_code == 422
    assert "吴管理" in page and "先改了" in page
    assert 'value="5"' in page and "我也改" in page
    assert policy.number("extension_most") == 3
    # Having read it, he may confirm with knowledge.
    again = {name: shown.context["form"][name].value() for name in filled}
    confirmed(slow, ADDRESS, again, value="5")
    assert policy.number("extension_most") == 5


def test_the_story_tells_who_and_when_and_undo_is_a_new_edit():
    client = signed_in()
    edit(client, ADDRESS, value="3", note="市里决定")
    page = client.get("/settings/catalog/history/policy/extension_most/")
    text = page.content.decode()
    assert "吴管理" in text and "市里决定" in text and "<ins>3</ins>" in text

    undo = "/settings/catalog/undo/policy/extension_most/?n=1"
    shown = client.get(undo)
    assert changes(shown) == [("取值", "3", "2")]
    undone(client, undo)

    assert policy.number("extension_most") == 2
    last = Entry.objects.filter(stream=STREAM).last()
    assert (last.n, last.act["undoes"]) == (2, 1)


def test_an_edit_that_another_followed_cannot_be_undone():
    client = signed_in()
    edit(client, ADDRESS, value="3")
    edit(client, ADDRESS, value="4")
    done = client.get("/settings/catalog/undo/policy/extension_most/?n=1", follow=True)

    assert "请先撤销后面的" in done.content.decode()
    assert policy.number("extension_most") == 4


@pytest.mark.parametrize("post", sorted(set(Post)))
@pytest.mark.parametrize(
    "path",
    [
        "/settings/",
        "/settings/catalog/policies/",
        ADDRESS,
        "/settings/catalog/history/policy/extension_most/",
    ],
)
def test_only_editors_come_in(post, path):
    status = signed_in("one", post).get(path).status_code

    assert status == (200 if post in EDITORS else 403)


@pytest.mark.parametrize(
    "path",
    [
        "/settings/catalog/policies/speed/",
        "/settings/catalog/history/policy/speed/",
        "/settings/catalog/history/weather/x/",
        "/settings/catalog/undo/policy/extension_most/",
        "/settings/catalog/undo/policy/extension_most/?n=x",
    ],
)
def test_what_is_not_there_is_not_found(path):
    assert signed_in().get(path).status_code == 404


def test_hours_of_the_day_watch_are_edited_like_any_other_and_say_what_hangs_on_them():
    address = "/settings/catalog/policies/day_shift/"
    client = signed_in()
    no = previewed(client, address, opened(client, address), value="20:00-08:00")
    assert "先早后晚" in no.content.decode() and not Entry.objects.exists()

    shown = previewed(client, address, opened(client, address), value=" 07:30 - 19:30 ")
    assert changes(shown) == [("取值", "08:00-20:00", "07:30-19:30")]
    assert "/settings/cases/touched/watch/" in shown.content.decode()
    edit(client, address, value="07:30-19:30")
    assert policy.text("day_shift") == "07:30-19:30"
    undone(client, "/settings/catalog/undo/policy/day_shift/?n=1")
    assert policy.text("day_shift") == "08:00-20:00"
