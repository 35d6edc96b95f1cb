"""谁能看什么: posts × areas × days, phones, and the matrix of rights."""

from datetime import UTC, date, datetime

import pytest

from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.kernel.scope import PUBLIC, Grant, NoViewer, Viewer, system, viewing
from changxiao.orgs import access, actions, rules
from changxiao.orgs.models import Staff
from changxiao.orgs.posts import ADMINISTRATORS, Post

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 3, 2, 1, tzinfo=UTC)
CITY_WIDE = [post for post in Post.values if post not in ADMINISTRATORS]


def act() -> Act:
    return Act.system("test", at=MONDAY)


@pytest.fixture
def wang() -> Staff:
    return actions.hire(username="wang", name="王监督", phone="123", act=act())


@pytest.mark.parametrize("post", CITY_WIDE)
@pytest.mark.parametrize("area", ["", "440511", "440511002003"])
def test_a_post_holds_in_its_area_and_nowhere_else(wang, post, area):
    actions.appoint(wang, post=post, area_code=area, act=act())
    viewer = access.viewer_for(wang, MONDAY)
    assert access.holds(viewer, post, area="440511002003")
    assert access.holds(viewer, post, area="440507001001") == (area == "")
    other = "handler" if post != "handler" else "leader"
    assert not access.holds(viewer, other, area="440511002003")


def test_a_unit_is_reached_from_above_and_not_from_beside():
    viewer = Viewer("staff", "x", (Grant("unit_lead", "", "0001.0002."),))
    assert access.holds(viewer, "unit_lead", unit="0001.0002.0007.")
    assert not access.holds(viewer, "unit_lead", unit="0001.0003.")
    assert not access.holds(viewer, "unit_lead", unit="0001.")


def test_area_and_unit_must_come_from_one_grant():
    grants = (Grant("handler", "440511", "0001."), Grant("handler", "440507", "0002."))
    viewer = Viewer("staff", "x", grants)
    assert not access.holds(viewer, "handler", unit="0001.", area="440507001")


def test_a_post_counts_from_its_first_day_to_the_one_before_its_last(wang):
    days = {"since": date(2026, 3, 2), "until": date(2026, 3, 9)}
    actions.appoint(wang, post="handler", act=act(), **days)
    counted = [bool(access.posts_of(wang, date(2026, 3, day))) for day in (1, 2, 8, 9)]
    assert counted == [False, True, True, False]


def test_the_day_changes_at_midnight_in_the_city(wang):
    actions.appoint(wang, post="handler", since=date(2026, 3, 3), act=act())
    assert not access.viewer_for(wang, datetime(2026, 3, 2, 15, 59, tzinfo=UTC)).grants
    assert access.viewer_for(wang, datetime(2026, 3, 2, 16, 0, tzinfo=UTC)).grants


def test_a_viewer_costs_one_statement(wang, django_assert_num_queries):
    with django_assert_num_queries(1):
        access.viewer_for(wang, MONDAY)


def test_names_are_for_staff_and_phones_for_those_who_call(wang):
    other = Viewer("staff", "li", (Grant("handler"),))
    caller = Viewer("staff", "li", (Grant("dispatcher"),))
    own = Viewer("staff", "wang")
    assert [access.phone_of(wang, v) for v in (PUBLIC, other, caller, own)] == [
        "",
        "",
        "123",
        "123",
    ]
    for viewer, count in ((PUBLIC, 0), (other, 1), (system("test"), 1)):
        with viewing(viewer):
            assert Staff.visible.count() == count
    with pytest.raises(NoViewer):
        Staff.visible.count()


@pytest.mark.parametrize("post", Post.values)
@pytest.mark.parametrize("verb", rules.RIGHTS)
def test_every_verb_is_refused_to_every_post_that_the_table_does_not_name(verb, post):
    doer = Act(actor="x", key="k", post=post)
    if post in rules.RIGHTS[verb].posts:
        rules.check(verb, doer)
    else:
        with pytest.raises(Refused):
            rules.check(verb, doer)


@pytest.mark.parametrize("verb", rules.RIGHTS)
def test_the_auditor_changes_nothing(verb):
    assert Post.AUDITOR not in rules.RIGHTS[verb].posts


def test_every_verb_of_the_room_stands_in_the_table():
    assert set(actions.__all__) == set(rules.RIGHTS)
