"""Who sees and does what: every post × area × unit, by the grants of one viewer."""

import pytest

from changxiao.cases import access, actions, story
from changxiao.cases.flow import DEFAULT
from changxiao.cases.models import Case
from changxiao.kernel import scope
from changxiao.kernel.refused import Refused
from changxiao.kernel.scope import Grant, NoViewer, Viewer
from changxiao.orgs.posts import Post
from tests.support.cast import act, at

PLACE = {"": True, "440511": True, "440507": False}
UNITS = {"9001.": True, "9001.0001.": False, "9002.": False, "": False}


def viewer(post, area="", unit="", name="somebody"):
    return Viewer("staff", name, (Grant(post, area, unit),))


def sees(who, case):
    with scope.viewing(who):
        return Case.objects.filter(pk=case.pk).exists()


def test_without_a_viewer_nothing_is_read(dispatched):
    scope._viewer.set(None)
    with pytest.raises(NoViewer):
        Case.objects.count()


@pytest.mark.parametrize("post", sorted(access.BY_PLACE))
@pytest.mark.parametrize("area", PLACE)
def test_posts_by_place_see_their_area_whatever_their_unit(dispatched, post, area):
    assert sees(viewer(post, area, "9002."), dispatched) is PLACE[area]


@pytest.mark.parametrize("post", sorted(access.BY_UNIT))
@pytest.mark.parametrize("unit", UNITS)
def test_handlers_see_what_their_unit_holds(dispatched, post, unit):
    assert sees(viewer(post, "440507", unit), dispatched) is UNITS[unit]


@pytest.mark.parametrize("post", sorted(set(Post) - access.BY_PLACE - access.BY_UNIT))
def test_administrators_see_no_case(dispatched, post):
    assert not sees(viewer(post), dispatched)


def test_the_public_sees_no_case(dispatched):
    assert not sees(scope.PUBLIC, dispatched)


def test_a_collector_sees_his_duty_grid(dispatched):
    assert sees(viewer(Post.COLLECTOR, dispatched.duty_grid_code), dispatched)


def test_an_assisting_unit_sees_the_case(filed, roads, parks):
    helper = actions.Helper(parks, "移走树木")
    case = actions.dispatch(filed, to=roads, assisting=[helper], act=act("dispatch", at(2, 9, 15)))
    assert sees(viewer(Post.HANDLER, unit="9002."), case)


def test_a_squad_sees_what_was_forwarded_to_it_and_its_department_still_does(dispatched, squad):
    actions.forward(dispatched, to=squad, act=act("forward", at(2, 9, 40)))
    assert sees(viewer(Post.HANDLER, unit="9001.0001."), dispatched)
    assert sees(viewer(Post.HANDLER, unit="9001."), dispatched)


def test_a_foreign_case_answers_like_one_that_never_was(dispatched):
    with scope.viewing(viewer(Post.HANDLER, unit="9002.")):
        with pytest.raises(access.NotFound) as foreign:
            access.case_for(dispatched.number)
        with pytest.raises(access.NotFound) as never:
            access.case_for("209901010001")
    assert foreign.value.code == never.value.code == "not_found"
    assert foreign.value.sentence.replace(dispatched.number, "x") == never.value.sentence.replace(
        "209901010001", "x"
    )


@pytest.mark.parametrize(
    "who",
    [viewer(Post.DISPATCHER, "440507"), viewer(Post.INTAKE), viewer(Post.HANDLER, unit="9001.")],
    ids=["other district", "other post", "handler"],
)
def test_a_post_is_only_as_good_as_its_grant(filed, roads, who):
    with scope.viewing(who), pytest.raises(Refused) as no:
        actions.dispatch(filed, to=roads, act=act("dispatch", at(2, 9, 15)))
    assert no.value.code == "not_yours"
    assert Case.everything.get(pk=filed.pk).n == 3


def test_buttons_follow_post_and_area(filed):
    mine = access.buttons(DEFAULT, viewer(Post.DISPATCHER, "440511"), filed)
    assert {step.verb for step in mine} >= {"dispatch", "nudge"}
    assert access.buttons(DEFAULT, viewer(Post.DISPATCHER, "440507"), filed) == []


HANDLER = viewer(Post.HANDLER, unit="9001.")


@pytest.mark.parametrize("who", [HANDLER, viewer(Post.UNIT_LEAD, unit="9001.")])
def test_handlers_read_collectors_as_post_and_grid(handled, who):
    lines = story.story(handled, who)

    assert lines[0].verb == "report"
    assert lines[0].actor == ""
    assert handled.duty_grid_code in lines[0].who
    assert "wang" not in repr(lines)
    assert lines[3].actor == "li"  # a dispatcher is known to those he dispatches to


def test_the_supervision_side_reads_names(handled):
    assert story.story(handled, viewer(Post.SHIFT_LEADER))[0].actor == "wang"


def test_numbers_in_notes_are_masked_for_handlers(dispatched):
    note = "联系陈先生13800138000，身份证440511199001011234"
    actions.nudge(dispatched, act=act("nudge", at(2, 10), note=note))

    told = story.story(dispatched, HANDLER)[-1].note
    assert told == "联系陈先生138****8000，身份证440511********1234"
