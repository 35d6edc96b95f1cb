"""One's own messages: the bell's figure, the list, marks; nobody reads another's."""

import pytest

from changxiao.cases import actions
from changxiao.cases.tests.pages import signed_in
from changxiao.kernel.scope import PUBLIC, viewing
from changxiao.notices import live as bells
from changxiao.notices.models import Notice, NoticePreference
from changxiao.notices.tests.conftest import hear, live
from changxiao.orgs.posts import Post


@pytest.fixture
def told(cast, filed, roads):
    case = actions.dispatch(filed, to=roads, act=live("dispatch"))
    for _n in range(3):
        case = actions.nudge(case, act=live("nudge", note="请快一点"))
    hear()
    return case


def count(client):
    return client.get("/notices/count").json()


def test_the_bell_counts_and_names_the_newest(told, roads):
    zhao, li = signed_in("zhao", unit=roads), signed_in("li")

    shown = count(zhao)
    assert shown["unread"] == 4
    assert shown["newest"]["text"].startswith("催办：道路破损")
    assert count(li) == {"unread": 0, "newest": None}
    assert 'id="bell"' in zhao.get("/").content.decode()


def test_opening_one_marks_it_and_goes_to_its_case(told, roads):
    zhao = signed_in("zhao", unit=roads)
    newest = Notice.everything.order_by("-pk").first()

    answer = zhao.get(f"/notices/{newest.pk}/")

    assert answer.url == f"/cases/{told.number}/"
    assert count(zhao)["unread"] == 3


def test_another_s_message_is_not_there(told, roads):
    newest = Notice.everything.order_by("-pk").first()
    li = signed_in("li")

    assert li.get(f"/notices/{newest.pk}/").status_code == 404
    li.post("/notices/read", {"upto": str(newest.pk)})
    li.post("/notices/read", {"id": str(newest.pk)})
    assert Notice.everything.filter(read_at=None).count() == 4
    with viewing(PUBLIC):
        assert not Notice.objects.exists()


def test_all_up_to_what_was_seen_are_marked_and_later_ones_stay(told, roads):
    zhao = signed_in("zhao", unit=roads)
    seen = Notice.everything.order_by("pk")[1]
    zhao.post("/notices/read", {"upto": str(seen.pk)})
    assert count(zhao)["unread"] == 2

    zhao.post("/notices/read", {"upto": "9" * 30, "id": ["x", "-1", str(seen.pk + 1)]})
    assert count(zhao)["unread"] == 1


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("", 4),
        ("?q=催办", 3),
        ("?q=没有这样的字", 0),
        ("?kind=task", 1),
        ("?kind=pressure&unread=1", 3),
        ("?kind=x", 0),
    ],
)
def test_the_list_is_searched_and_filtered(told, roads, asked, shown):
    page = signed_in("zhao", unit=roads).get(f"/notices/{asked}")

    assert page.content.decode().count("notice-text") == shown


def test_a_cursor_of_somebody_s_own_making_is_no_page(told, roads):
    assert signed_in("zhao", unit=roads).get("/notices/?cursor=xx").status_code == 404


def test_live_names_who_got_something_and_how_far_it_looked(told):
    top = bells.newest()
    assert bells.after(0) == (top, {"zhao"})
    assert bells.after(top) == (top, set())


def test_a_kind_that_is_off_here_is_not_shown(told, roads):
    zhao = signed_in("zhao", unit=roads)
    page = zhao.get("/notices/mine/")
    key = page.context["form"]["key"].value()
    answer = zhao.post(
        "/notices/mine/",
        {
            "key": key,
            "hours": "own",
            "quiet": "21:30-06:30",
            "digest": "daily",
            "on": ["task:in_app"],
        },
    )
    assert answer.status_code == 302
    row = NoticePreference.objects.get()
    assert "pressure:in_app" in row.muted and "task:in_app" not in row.muted
    assert (row.quiet, row.digest) == ("21:30-06:30", "daily")

    actions.nudge(told, act=live("nudge", note="再催"))
    hear()
    assert count(zhao)["unread"] == 4


@pytest.mark.parametrize(
    "sent",
    [
        {"hours": "own", "quiet": ""},
        {"hours": "own", "quiet": "夜里"},
        {"hours": "other"},
        {"digest": "yearly"},
    ],
)
def test_wishes_that_cannot_be_read_are_refused_and_nothing_is_kept(cast, roads, sent):
    zhao = signed_in("zhao", unit=roads)
    key = zhao.get("/notices/mine/").context["form"]["key"].value()
    page = zhao.post("/notices/mine/", {"key": key, "hours": "city", "digest": "now"} | sent)

    assert page.status_code == 422 and "field-error" in page.content.decode()
    assert not NoticePreference.objects.exists()


def test_only_oneself_sets_one_s_wishes(cast):
    from changxiao.kernel.refused import Refused
    from changxiao.notices.actions import set_notice_preference

    with pytest.raises(Refused, match="本人"):
        set_notice_preference(
            cast["zhao"],
            muted=[],
            quiet="",
            digest="now",
            act=live("set", by="li", post=Post.DISPATCHER),
        )
    assert not NoticePreference.objects.exists()
