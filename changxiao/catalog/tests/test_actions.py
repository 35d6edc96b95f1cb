"""目录的动作: versions, who may, what is refused, and that saying it twice is saying it once."""

from datetime import timedelta
from decimal import Decimal

import pytest

from changxiao.catalog import actions, policy
from changxiao.catalog.actions.base import VERBS
from changxiao.catalog.models import CityPolicy, Emergency, FilingCriterion
from changxiao.catalog.tests.conftest import MONDAY, act
from changxiao.kernel.refused import Refused
from changxiao.kernel.worktime import parse_limit
from changxiao.ledger.models import Entry
from changxiao.ledger.refusals import Replayed
from changxiao.orgs.posts import Post

pytestmark = pytest.mark.django_db


def draft(subcategory, code="E0110-01", limit="2 工作时", **more):
    more = {"condition": "暴露垃圾", **more}
    return actions.Draft(code=code, subcategory=subcategory, limit=parse_limit(limit), **more)


def test_an_edit_opens_a_new_version_and_the_case_keeps_its_own(criterion, rubbish, sanitation):
    duty = actions.set_responsibility(criterion, unit=sanitation, act=act())
    row = actions.set_criterion(draft(rubbish), act=act())
    criterion.refresh_from_db()
    duty.refresh_from_db()
    assert (criterion.until_date, str(criterion.limit)) == (MONDAY.date(), "4 工作时")
    assert (row.version, str(row.limit), duty.criterion) == (2, "2 工作时", row)
    assert FilingCriterion.objects.of(rubbish).get() == row


def test_saying_the_same_again_leaves_no_entry(rubbish):
    first = actions.set_criterion(draft(rubbish), act=act())
    assert actions.set_criterion(draft(rubbish), act=act()) == first
    assert Entry.objects.filter(stream="criterion:E0110-01").count() == 1


def test_a_new_version_of_a_later_stage_is_still_the_next_stage(rubbish):
    actions.set_criterion(draft(rubbish, "B"), act=act())
    first = actions.set_criterion(draft(rubbish, "A", successor="B"), act=act())
    later = actions.set_criterion(draft(rubbish, "B", limit="1 工作日"), act=act())
    first.refresh_from_db()
    assert first.successor == later
    with pytest.raises(Refused, match="不回到本标准"):
        actions.set_criterion(draft(rubbish, "B", successor="A"), act=act())
    with pytest.raises(Refused, match="后续阶段"):
        actions.retire_criterion("B", act=act())


def test_a_retired_criterion_is_no_longer_offered(rubbish):
    actions.set_criterion(draft(rubbish), act=act())
    actions.retire_criterion("E0110-01", act=act(at=MONDAY + timedelta(days=1)))
    assert not FilingCriterion.objects.of(rubbish).exists()
    with pytest.raises(Refused, match="没有现行"):
        actions.retire_criterion("E0110-01", act=act())


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"condition": " "}, "condition_missing"),
        ({"closing_needs": ["selfie"]}, "needs_unknown"),
        ({"successor": "X"}, "successor_unknown"),
    ],
)
def test_a_criterion_that_means_nothing_is_refused(rubbish, more, code):
    with pytest.raises(Refused) as refused:
        actions.set_criterion(draft(rubbish, **more), act=act())
    assert refused.value.code == code
    assert not FilingCriterion.objects.exists()


@pytest.mark.parametrize("post", [post for post in Post if post not in VERBS["set_policy"][1]])
def test_other_posts_may_not_set_the_citys_numbers(post):
    with pytest.raises(Refused, match="设定政策取值须由"):
        actions.set_policy("extension_most", value="9", act=act(post))
    assert not CityPolicy.objects.exists()


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("speed", "1", "policy_unknown"),
        ("extension_most", "many", "policy_unreadable"),
        ("extension_most", "10", "policy_unreadable"),
        ("receiving_window", "2 小时", "limit_ambiguous"),
        ("warning_share", "1.5", "policy_unreadable"),
    ],
)
def test_a_number_that_cannot_be_is_refused(key, value, code):
    with pytest.raises(Refused) as refused:
        actions.set_policy(key, value=value, act=act())
    assert refused.value.code == code


@pytest.mark.parametrize("key", list(policy.SETTINGS))
def test_every_default_can_be_written_and_read_back(key):
    default = policy.SETTINGS[key].default
    assert policy.value(key) == default
    assert policy.parse(key, policy.written(default)) == default


def test_a_number_is_kept_in_a_form_that_no_language_changes(settings):
    from django.utils.translation import override

    with override("en"):
        row = actions.set_policy("receiving_window", value="3 work hours", act=act())
    assert row.value == "3 工作时"


def test_local_subcategories_count_down_from_99(rubbish):
    category = rubbish.category
    first = actions.set_subcategory(category, name="垃圾满溢", act=act())
    second = actions.set_subcategory(category, name="共享单车", act=act())
    assert (first.code, second.code) == ("0199", "0198")
    assert actions.set_subcategory(category, name="垃圾满溢", act=act()) == first


def test_an_order_needs_a_number_of_its_own_and_times_in_order():
    leader = Post.LEADER
    span = (MONDAY, MONDAY + timedelta(days=1))
    actions.declare_emergency("1号", name="台风", span=span, act=act(leader))
    for number, times, code in (
        ("1号", span, "order_taken"),
        ("", span, "order_missing"),
        ("2号", (span[1], span[0]), "times_out_of_order"),
    ):
        with pytest.raises(Refused) as refused:
            actions.declare_emergency(number, name="台风", span=times, act=act(leader))
        assert refused.value.code == code
    assert Emergency.objects.count() == 1


@pytest.mark.parametrize("factor", ["0", "-1", "10.5", "0.00001"])
def test_a_factor_outside_its_range_is_refused(factor):
    with pytest.raises(Refused, match="时限系数"):
        actions.set_area_grade("440511", grade="一类", factor=Decimal(factor), act=act())


def test_a_repeated_declaration_gets_its_old_answer():
    doing = act(Post.LEADER)
    span = (MONDAY, MONDAY + timedelta(days=1))
    actions.declare_emergency("1号", name="台风", span=span, act=doing)
    with pytest.raises(Replayed):
        actions.declare_emergency("1号", name="台风", span=span, act=doing)
    assert Emergency.objects.count() == 1
