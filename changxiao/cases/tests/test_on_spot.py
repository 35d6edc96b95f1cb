"""自处置: small, shown by two photos, a few a day, and outside every filing and rate."""

import json
from dataclasses import replace

import pytest

from changxiao.cases import access, actions, replay
from changxiao.cases.actions import Declared, Shown
from changxiao.cases.actions.base import flow_in_force
from changxiao.cases.flow import Stage
from changxiao.cases.models import Case
from changxiao.cases.tests.pages import forget_catalog
from changxiao.catalog.actions import set_policy
from changxiao.catalog.models import Subcategory
from changxiao.kernel import scope
from changxiao.kernel.refused import Refused
from changxiao.ledger.models import Entry
from tests.support.cast import act, at


def side(role, sign):
    return Shown(Declared(sign * 64, 900, "image/jpeg"), role)


BOTH = (side("before", "b"), side("after", "a"))


@pytest.fixture
def small(problem):
    """道路破损 stands for what the city leaves to its collectors; there is another kind."""
    other = {"code": "0110", "name": "暴露垃圾", "status": "local"}
    category = problem.subcategory.category
    Subcategory.objects.create(kind="event", edition="local", category=category, **other)
    forget_catalog()
    set_policy("on_spot_kinds", value="e9799", act=act("wake"))
    return replace(problem, photos=BOTH)


def put_right(problem, hour=9, **more):
    return actions.report_on_spot(problem, act=act("handle_on_spot", at(2, hour), **more))


def test_it_ends_at_once_with_no_filing_no_unit_and_no_limit(small):
    case = put_right(small)

    assert (case.stage, case.ended, case.handled_by) == (Stage.ON_SPOT, True, "wang")
    assert (case.code, case.filed_at, case.handled_at, case.unit, case.due_at) == (None,) * 5
    assert [e.verb for e in case.entries] == ["report", "handle_on_spot"]
    assert [clock["stage"] for clock in case.clocks] == ["reported"]
    assert case.clocks[0]["stopped"]
    assert list(replay.check()) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"photos": BOTH[:1]}, "on_spot_photo"),
        ({"photos": BOTH[1:]}, "on_spot_photo"),
        ({"photos": (side("before", "b"), side("after", "b"))}, "on_spot_photo"),
        ({"reporter": actions.Reporter("陈大文", "13800138000")}, "answer_waited_for"),
    ],
)
def test_without_both_sides_or_with_somebody_waiting_nothing_is_reported(small, change, code):
    with pytest.raises(Refused) as no:
        put_right(replace(small, **change))

    assert no.value.code == code
    assert (Case.everything.count(), Entry.objects.filter(stream__startswith="case:").count()) == (
        0,
        0,
    )


@pytest.mark.parametrize(("kinds", "daily"), [("e0110", "5"), ("", "5"), ("e9799", "0")])
def test_only_what_the_city_leaves_to_its_collectors(small, kinds, daily):
    set_policy("on_spot_kinds", value=kinds, act=act("wake"))
    set_policy("on_spot_daily", value=daily, act=act("wake"))

    with pytest.raises(Refused) as no:
        put_right(small)
    assert (no.value.code, Case.everything.count()) == ("on_spot_kind", 0)


@pytest.mark.parametrize("written", ["e011", "0110", "e0110,e0111", "井盖"])
def test_a_row_that_names_no_sub_category_is_refused(city, written):
    with pytest.raises(Refused, match="小类代码"):
        set_policy("on_spot_kinds", value=written, act=act("wake"))


def test_a_few_a_day_for_each_and_again_tomorrow(small):
    set_policy("on_spot_daily", value="2", act=act("wake"))
    for hour in (9, 10):
        put_right(small, hour)

    with pytest.raises(Refused) as no:
        put_right(small, 11)
    assert (no.value.code, Case.everything.count()) == ("on_spot_daily", 2)
    put_right(small, 11, by="wu")
    actions.report_on_spot(small, act=act("handle_on_spot", at(3, 9)))
    assert Case.everything.count() == 4


def test_whoever_is_sent_to_look_may_put_it_right_and_no_other(small):
    case = actions.report(replace(small, channel="open311"), act=act("report", by="chen"))
    case = actions.ask_to_confirm(
        case, collector="wang", act=act("ask_to_confirm", at(2, 9, 1), key="ask-to-look")
    )

    with pytest.raises(Refused, match="派给自己核实"):
        actions.handle_on_spot(case, act=act("handle_on_spot", at(2, 9, 5), by="wu"))
    case = actions.handle_on_spot(case, act=act("handle_on_spot", at(2, 9, 5)))
    assert (case.stage, case.checker) == (Stage.ON_SPOT, "")


def test_what_another_reported_is_not_put_right_unasked(small):
    case = actions.report(small, act=act("report", by="wu"))

    with pytest.raises(Refused, match="自己上报"):
        actions.handle_on_spot(case, act=act("handle_on_spot", at(2, 9, 5)))
    case.refresh_from_db()
    assert (case.stage, case.n) == (Stage.REPORTED, 1)


def test_a_mistake_is_taken_back_and_goes_the_ordinary_road(small):
    case = put_right(small)

    case = actions.recall(case, act=act("recall", at(2, 9, 5), by="wang", post="collector"))

    assert (case.stage, case.handled_by, case.ended_at) == (Stage.REPORTED, "", None)
    assert case.due_at is not None
    assert list(replay.check()) == []


@pytest.mark.parametrize(
    ("who", "kinds", "shown"), [("wang", "e9799", 1), ("wu", "e9799", 0), ("wang", "e0110", 0)]
)
def test_the_button_is_there_for_whom_the_step_is_open(small, who, kinds, shown):
    case = actions.report(small, act=act("report"))
    set_policy("on_spot_kinds", value=kinds, act=act("wake"))
    viewer = scope.Viewer(name=who, kind="staff", grants=(scope.Grant("collector"),))

    steps = access.buttons(flow_in_force(), viewer, case)

    assert [s.verb for s in steps].count("handle_on_spot") == shown


def test_the_entries_name_both_photos_and_the_case_waits_for_them(small):
    case = put_right(small)

    assert [one["role"] for one in json.loads(case.entries.first().body)["media"]] == [
        "before",
        "after",
    ]
    assert {one.role for one in case.awaiting} == {"before", "after"}
