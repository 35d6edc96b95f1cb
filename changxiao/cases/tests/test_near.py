"""What counts as the same thing next door: place × time × sub-category, within reach."""

from dataclasses import replace

import pytest

from changxiao.cases import actions, near
from changxiao.catalog.actions import set_policy
from changxiao.catalog.models import Category, Subcategory
from changxiao.kernel import scope
from changxiao.kernel.act import Act
from changxiao.kernel.geo import Point
from changxiao.kernel.scope import Grant, Viewer
from changxiao.orgs.posts import Post
from tests.support.cast import JINPING, act, at

HERE = Point(*JINPING)
METRE = 1 / 111_195


@pytest.fixture
def other(damaged):
    category = Category.objects.get()
    return Subcategory.objects.create(
        kind="event", edition="local", code="9798", category=category, name="占道", status="local"
    )


def reported(problem, *, north=0.0, when=None, **more):
    told = replace(problem, lat=problem.lat + north * METRE, **more)
    return actions.report(told, act=act("report", when or at(2, 9)))


@pytest.mark.parametrize(
    ("north", "expected"), [(0, True), (30, True), (49, True), (51, False), (500, False)]
)
def test_near_is_the_citys_radius(problem, north, expected):
    reported(problem, north=north)

    found = near.like(HERE, problem.subcategory.pk, at(2, 10))

    assert [one.metres for one in found] == ([north] if expected else [])


@pytest.mark.parametrize(
    ("open_", "hours", "expected"),
    [(True, 1, True), (True, 700, True), (False, 1, True), (False, 23, True), (False, 25, False)],
)
def test_an_open_case_counts_always_and_an_ended_one_for_the_citys_hours(
    problem, open_, hours, expected
):
    from datetime import timedelta

    case = reported(problem)
    if not open_:
        actions.decline(case, reason="不属于", act=act("decline", at(2, 9, 1)))

    found = near.like(HERE, problem.subcategory.pk, at(2, 9) + timedelta(hours=hours))

    assert bool(found) is expected


def test_what_is_told_alike_comes_first_and_is_marked(problem, other):
    told = reported(problem, north=30, description="路口井盖缺失，有人摔倒")
    reported(problem, north=10, description="夜间施工噪声扰民", subcategory=other)

    found = near.like(HERE, problem.subcategory.pk, at(2, 10), text="井盖缺失，有人摔了")

    assert found[0].case == told and found[0].score > found[1].score
    assert [one.likely for one in found] == [True, False]


def test_the_city_says_from_where_on_a_case_is_likely_the_same(problem):
    reported(problem, north=30)
    set_policy("similar_score", value="99", act=Act.system("test"))

    assert [one.likely for one in near.like(HERE, problem.subcategory.pk, at(2, 10))] == [False]


def test_the_same_kind_comes_first_then_the_nearest(problem, other):
    nearest = reported(problem, north=15, subcategory=other)
    far, close = reported(problem, north=40), reported(problem, north=20)

    found = near.like(HERE, problem.subcategory.pk, at(2, 10))

    assert [one.case for one in found] == [close, far, nearest]
    assert [one.same for one in found] == [True, True, False]


def test_what_one_may_not_see_is_not_told(problem):
    reported(problem)
    with scope.viewing(Viewer("staff", "x", (Grant(Post.INTAKE, area="440507"),))):
        assert near.like(HERE, problem.subcategory.pk, at(2, 10)) == []
