"""Who hears of what: the entries of a case's road, each to its persons, once."""

import pytest

from changxiao.cases import actions
from changxiao.ledger.models import Cursor, Entry
from changxiao.notices import jobs
from changxiao.notices.actions import RuleDraft, set_notice_rule
from changxiao.notices.models import Delivery, Notice
from changxiao.notices.tests.conftest import CONSUMER, hear, live
from changxiao.orgs.models import Appointment
from changxiao.orgs.posts import Post
from tests.support.cast import act, at


def told():
    """(what, to whom) of all messages, in order."""
    rows = Notice.everything.order_by("pk").values_list("what", "staff__username")
    return list(rows)


def last():
    return Notice.everything.order_by("-pk").first()


def test_each_step_reaches_its_persons_and_nobody_hears_of_his_own(cast, filed, roads):
    case = actions.dispatch(filed, to=roads, act=live("dispatch"))
    hear()
    assert told() == [("dispatched", "zhao")]
    assert last().text.startswith(f"新任务：道路破损，—，受理号{case.number}，应于03-02 ")

    case = actions.supervise(case, kind="leader", act=live("supervise", note="请尽快"))
    hear()
    assert set(told()[1:]) == {("supervised", "zhao"), ("supervised", "sun")}
    assert last().urgent and last().text.endswith("请尽快")

    case = actions.ask_extend(case, act=live("ask_extend", note="下雨"))
    hear()
    assert told()[3:] == [("asked", "li")]
    assert last().text == f"申请延期：市政道路处，道路破损，—，受理号{case.number}。下雨"

    case = actions.extend(case, act=live("extend"))
    hear()
    assert told()[4:] == [("decided", "zhao")]

    case = actions.feed_back(case, act=live("feed_back", note="好了"))
    case = actions.ask_to_verify(case, collector="wang", act=live("ask_to_verify"))
    hear()
    assert told()[5:] == [("to_verify", "wang")]

    actions.rework(case, act=live("rework", note="还有坑"))
    hear()
    assert told()[6:] == [("rework", "zhao")]


def test_an_entry_heard_twice_is_one_message(cast, filed, roads):
    actions.dispatch(filed, to=roads, act=live("dispatch"))
    hear()
    Cursor.objects.filter(consumer=CONSUMER.name).update(position=0)
    hear()

    assert told() == [("dispatched", "zhao")]
    assert Delivery.objects.filter(channel="in_app", state="sent").count() == 1


def test_what_an_import_or_a_demo_tells_of_is_heard_by_nobody(cast, filed, roads):
    actions.dispatch(filed, to=roads, act=act("dispatch", at(2, 9, 15), origin="import:old"))
    hear()

    assert told() == []
    assert Entry.objects.filter(verb="dispatch").count() == 1


def test_a_task_goes_to_the_named_hand_else_to_the_unit_else_above_it(cast, filed, squad):
    case = actions.dispatch(filed, to=squad, act=live("dispatch"))
    hear()
    assert told() == [("dispatched", "zhao")], "nobody at the squad: the unit above"

    second = cast["wang"]
    Appointment.objects.create(staff=second, post=Post.HANDLER, unit=squad, since_date=at(1).date())
    actions.nudge(case, act=live("nudge"))
    hear()
    assert told()[1:] == [("nudged", "wang")]


def test_an_area_that_does_not_hold_the_case_hears_nothing(cast, filed):
    draft = RuleDraft(channels=["in_app"], text="{受理号}待受理")
    set_notice_rule(
        "nudged", "post:intake", draft, act=live("set", by="admin", post=Post.CITY_ADMIN)
    )
    Appointment.objects.filter(staff=cast["chen"]).update(area_code="440507")
    actions.nudge(filed, act=live("nudge", by="li", post=Post.DISPATCHER))
    hear()

    assert told() == []


def test_the_same_person_by_two_rules_gets_one_message(cast, filed, roads):
    Appointment.objects.create(
        staff=cast["zhao"], post=Post.UNIT_LEAD, unit=roads, since_date=at(1).date()
    )
    case = actions.dispatch(filed, to=roads, act=live("dispatch"))
    actions.supervise(case, kind="leader", act=live("supervise", note="快"))
    hear()

    assert sorted(told()) == [
        ("dispatched", "zhao"),
        ("supervised", "sun"),
        ("supervised", "zhao"),
    ]


@pytest.mark.parametrize("verb", ["add_photo", "unmask", "publish"])
def test_what_no_rule_hears_costs_no_look_at_the_case(cast, verb, django_assert_num_queries):
    entry = Entry(stream="case:202603020001", verb=verb, body="{}")
    with django_assert_num_queries(0):
        assert jobs.hear([entry]) is None
