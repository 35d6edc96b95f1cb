"""The outbox: who gets it by which channel and when; tried again, given up, gathered, once each."""

from datetime import timedelta

import pytest
from django.utils import timezone

from changxiao.cases import actions
from changxiao.cases.tests.pages import signed_in
from changxiao.ledger.models import Entry
from changxiao.notices import sending
from changxiao.notices.actions import RuleDraft, set_notice_preference, set_notice_rule
from changxiao.notices.models import Delivery, Notice
from changxiao.notices.models_outside import Robot
from changxiao.notices.tests.conftest import hear, live, set_value
from changxiao.notices.timing import FIRST
from changxiao.orgs.posts import Post
from tests.support.budgets import budget
from tests.support.cast import at

EMAIL = ["in_app", "email"]


def admin():
    return live("set", by="admin", post=Post.CITY_ADMIN)


def outward():
    return list(Delivery.objects.exclude(channel="in_app").order_by("pk"))


@pytest.fixture
def mailed(cast, keys, post):
    """Tasks go by mail as well, and 赵处置 has an address."""
    post.mails.clear()
    post.refuses = {}
    keys("smtp", f"smtp://127.0.0.1:{post.port}?from=city@example.org&tls=off")
    cast["zhao"].email = "zhao@example.org"
    cast["zhao"].save(update_fields=["email"])
    for what in ("dispatched", "nudged"):
        set_notice_rule(what, "handler", RuleDraft(channels=EMAIL, text="{类别}"), act=admin())
    return post


@pytest.fixture
def case(mailed, filed, roads):
    found = actions.dispatch(filed, to=roads, act=live("dispatch"))
    hear()
    return found


def test_a_delivery_is_sent_and_marked_once(case, mailed):
    now = timezone.now()
    assert [row.state for row in outward()] == ["waiting"]
    assert sending.drain(now) == 1 and sending.drain(now) == 0

    assert len(mailed.mails) == 1
    row = outward()[0]
    assert (row.state, row.tries, row.ended_at) == ("sent", 1, now)


def test_what_fails_is_tried_again_later_and_at_last_given_up_and_sent_again_by_hand(case, mailed):
    set_value("notice_tries", "3")
    mailed.refuses = {"RCPT": "451 later"}
    now = timezone.now()
    for n in range(1, 4):
        assert sending.drain(now) == 1
        row = outward()[0]
        assert row.tries == n and "451 later" in row.error
        if n < 3:
            assert row.send_at >= now + timedelta(seconds=FIRST * 2 ** (n - 1) * 0.8)
            assert sending.drain(now) == 0
            now = row.send_at
    assert row.state == "failed"
    client = signed_in("admin")
    page = client.get("/notices/deliveries/?state=failed").content.decode()
    assert "451 later" in page and "赵处置" in page and "道路破损</td>" not in page

    mailed.refuses = {}
    client.post(f"/notices/deliveries/{row.pk}/resend", {"key": "k1"})
    assert Entry.objects.filter(stream=f"delivery:{row.pk}", verb="resend_notice").count() == 1
    sending.drain(timezone.now())
    assert outward()[0].state == "sent" and len(mailed.mails) == 1


def test_a_refusal_for_good_is_not_tried_again(case, mailed):
    mailed.refuses = {"RCPT": "550 unknown"}
    sending.drain(timezone.now())

    assert (outward()[0].state, outward()[0].tries) == ("failed", 1)


def test_whoever_is_killed_after_sending_leaves_a_row_that_is_tried_again(case, mailed):
    now, row = timezone.now(), outward()[0]
    assert sending._claimed(row, now) and not sending._claimed(row, now)
    assert sending.drain(now) == 0

    later = now + sending.LEASE
    assert sending.drain(later) == 1
    assert (outward()[0].state, outward()[0].tries) == ("sent", 2)


def test_the_night_is_waited_for_and_the_morning_tells_all_together(case, mailed, clock):
    sending.drain(timezone.now())
    clock.move_to(at(2, 23))
    for _n in range(3):
        actions.nudge(case, act=live("nudge", note="x"))
    hear(at(2, 23, 1))
    rows = outward()[1:]
    assert {row.send_at for row in rows} == {at(3, 7)} and all(row.gathered for row in rows)
    assert sending.drain(at(3, 6, 59)) == 0

    assert sending.drain(at(3, 7)) == 1
    assert len(mailed.mails) == 2
    assert {row.state for row in outward()} == {"sent"}
    assert Notice.everything.filter(shown=True).count() == 4, "the bell has no night"


def test_an_urgent_one_goes_through_the_night(case, mailed, clock):
    draft = RuleDraft(channels=EMAIL, text="{类别}", urgent=True)
    set_notice_rule("nudged", "handler", draft, act=admin())
    clock.move_to(at(2, 23))
    actions.nudge(case, act=live("nudge", note="x"))
    hear(at(2, 23, 1))

    assert outward()[-1].send_at <= at(2, 23, 1)


def test_beyond_so_many_an_hour_the_rest_is_gathered(case, mailed):
    set_value("notice_per_hour", "3")
    for _n in range(6):
        actions.nudge(case, act=live("nudge", note="x"))
    hear()

    assert [row.gathered for row in outward()] == [False] * 3 + [True] * 4
    sending.drain(at(2, 10))
    assert len(mailed.mails) == 4


def test_a_wish_of_one_s_own_is_kept(case, mailed, cast):
    set_notice_preference(
        cast["zhao"],
        muted=["pressure:email"],
        quiet="-",
        digest="daily",
        act=live("set", by="zhao"),
    )
    actions.nudge(case, act=live("nudge", note="x"))
    hear()
    assert len(outward()) == 1, "nudges are muted by mail"

    assert Notice.everything.filter(what="nudged", shown=True).exists()


def test_whoever_has_left_gets_nothing_more(case, mailed, cast):
    cast["zhao"].is_active = False
    cast["zhao"].save(update_fields=["is_active"])
    sending.drain(timezone.now())

    assert (outward()[0].state, mailed.mails) == ("dropped", [])


def test_a_group_hears_of_its_unit_s_tasks_by_its_own_robot(
    cast, keys, vendor, filed, roads, parks
):
    for name, unit in (("roads", roads), ("parks", parks)):
        Robot.objects.create(name=name, kind="wecom", unit=unit)
        keys(f"robot-{name}", f"{vendor.url}/{name}")
    for path in ("/roads", "/parks"):
        vendor.answer(path, (200, b'{"errcode": 0}', {}))
    actions.dispatch(filed, to=roads, act=live("dispatch"))
    hear()
    sending.drain(timezone.now())

    assert [one.path for one in vendor.got] == ["/roads"]
    assert [row.state for row in outward()] == ["sent"]


@pytest.mark.parametrize(("who", "allowed"), [("admin", 200), ("shen", 200), ("li", 403)])
def test_who_sees_what_was_delivered(case, who, allowed):
    assert signed_in(who).get("/notices/deliveries/").status_code == allowed
    row = outward()[0]
    answer = signed_in("shen").post(f"/notices/deliveries/{row.pk}/resend", {"key": "k"})
    assert answer.status_code == 403 and outward()[0].state == "waiting"


def test_a_page_of_deliveries_keeps_its_budget(case, roads, problem):
    for _n in range(5):
        more = actions.report(problem, act=live("report"))
        more = actions.accept(more, act=live("accept"))
        more = actions.file(more, criterion=case.criterion, act=live("file"))
        actions.dispatch(more, to=roads, act=live("dispatch"))
    hear()
    client = signed_in("admin")
    client.get("/notices/deliveries/")

    with budget("page:deliveries"):
        page = client.get("/notices/deliveries/?state=waiting").content.decode()
    assert page.count("赵处置") >= 5
