"""时间表: limits with grades and periods, emergencies, stage limits, calendars, the cache."""

from datetime import date, time, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from changxiao.catalog import actions, policy, timetable
from changxiao.catalog.models import AreaGrade, PeriodOverlay
from changxiao.catalog.tests.conftest import MONDAY, SINCE, act
from changxiao.kernel.limits import FINEST, LARGEST
from changxiao.kernel.refused import Refused
from changxiao.kernel.worktime import Limit, TimeUnit, Window
from changxiao.orgs.posts import Post

pytestmark = pytest.mark.django_db
PLACE = "440511002003"
DAYS = (date(2026, 3, 1), date(2026, 3, 10))


def limit_of(criterion, area=PLACE, at=MONDAY):
    return str(timetable.effective_limit(criterion, area, at)[0])


def test_without_rows_the_criterion_alone_decides(criterion):
    limit, reasons = timetable.effective_limit(criterion, PLACE, MONDAY)
    assert str(limit) == "4 工作时"
    assert reasons == ["立案标准 E0110-01：4 工作时"]


def test_grade_and_period_multiply_and_say_so(criterion):
    actions.set_area_grade("440511", grade="一类", factor=Decimal("0.5"), act=act())
    actions.set_overlay("迎检", days=DAYS, factor=Decimal("0.5"), act=act())
    limit, reasons = timetable.effective_limit(criterion, PLACE, MONDAY)
    assert str(limit) == "1 工作时"
    assert reasons[1:] == [
        "区域等级“一类”（440511）：×0.5",
        "时期“迎检”（2026-03-01 至 2026-03-10）：×0.5",
        "适用时限 1 工作时",
    ]


def test_the_longest_area_prefix_decides(criterion):
    actions.set_area_grade("440511", grade="一类", factor=Decimal("0.5"), act=act())
    actions.set_area_grade("440511002", grade="三类", factor=Decimal(2), act=act())
    assert limit_of(criterion) == "8 工作时"
    assert limit_of(criterion, "440511001001") == "2 工作时"
    assert limit_of(criterion, "440507001001") == "4 工作时"


def test_nothing_slows_an_urgent_limit_but_an_inspection_may_hurry_it(criterion):
    criterion.urgent = True
    actions.set_overlay("春节", days=DAYS, factor=Decimal(2), act=act())
    assert limit_of(criterion) == "4 工作时"
    actions.set_overlay("迎检", days=DAYS, factor=Decimal("0.5"), act=act())
    assert limit_of(criterion) == "2 工作时"


@pytest.mark.parametrize(
    ("keys", "area", "day", "held"),
    [
        ([], "", 2, True),
        (["e01"], "", 2, True),
        (["e0110"], "440511", 2, True),
        (["c"], "", 2, False),
        ([], "440507", 2, False),
        ([], "", 1, True),
        ([], "", 10, True),
        ([], "", 11, False),
    ],
)
def test_a_period_counts_on_its_days_in_its_area_for_its_subjects(criterion, keys, area, day, held):
    factor = Decimal("0.5")
    actions.set_overlay("迎检", days=DAYS, factor=factor, area_code=area, keys=keys[:0], act=act())
    PeriodOverlay.objects.update(keys=keys)
    at = MONDAY.replace(day=day)
    assert limit_of(criterion, at=at) == ("2 工作时" if held else "4 工作时")


factors = st.decimals("0.0001", "10", places=4)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    amount=st.decimals("0.0003", "10000", places=4),
    unit=st.sampled_from(TimeUnit),
    grade=factors,
    period=factors,
    urgent=st.booleans(),
)
def test_a_limit_is_always_readable_and_urgent_ones_never_grow(
    criterion, amount, unit, grade, period, urgent
):
    criterion.limit, criterion.urgent = Limit(amount, unit), urgent
    known = timetable.Rules(
        days={},
        windows={},
        grades=(AreaGrade(area_code="44", grade="甲", factor=grade, since_date=SINCE),),
        overlays=(PeriodOverlay(name="节", from_date=DAYS[0], to_date=DAYS[1], factor=period),),
        emergencies=(),
        stages={},
        confirm={},
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timetable, "rules", lambda: known)
        limit, reasons = timetable.effective_limit(criterion, PLACE, MONDAY)
    assert limit.unit == unit
    assert FINEST <= limit.amount <= LARGEST
    assert len(reasons) >= 3
    used = [one for one in (grade, period) if not (urgent and one > 1)]
    exact = amount
    for one in used:
        exact *= one
    assert limit.amount >= min(LARGEST, exact) - FINEST
    assert not urgent or limit.amount <= amount


def test_an_emergency_holds_named_limits_that_are_not_urgent(criterion):
    span = (MONDAY, MONDAY + timedelta(days=2))
    actions.declare_emergency(
        "汕应〔2026〕1号",
        name="台风",
        span=span,
        area_code="440511",
        keys=["e0110"],
        act=act(Post.COMMAND_DIRECTOR),
    )
    held = timetable.held_by
    assert held(criterion, PLACE, MONDAY).name == "台风"
    assert held(criterion, PLACE, span[1]) is None
    assert held(criterion, "440507001", MONDAY) is None
    criterion.urgent = True
    assert held(criterion, PLACE, MONDAY) is None
    assert len(timetable.emergencies_at(PLACE, MONDAY)) == 1


def test_lifting_an_order_ends_it_now_and_only_once(criterion):
    order = actions.declare_emergency("1号", name="台风", span=(MONDAY, None), act=act(Post.LEADER))
    later = MONDAY + timedelta(hours=3)
    actions.lift_emergency(order, act=act(Post.LEADER, later))
    assert timetable.held_by(criterion, PLACE, later) is None
    with pytest.raises(Refused, match="已解除"):
        actions.lift_emergency(order, act=act(Post.LEADER, later))


def test_stage_limits_fall_back_from_urgent_to_ordinary_to_default():
    quarter, hour = Limit(Decimal("0.25"), TimeUnit.URGENT_HOUR), Limit(1, TimeUnit.WORK_HOUR)
    assert timetable.stage_limit("reported") == (quarter, "office")
    actions.set_stage_limit("reported", limit=hour, window_kind="night", act=act())
    assert timetable.stage_limit("reported", urgent=True) == (hour, "night")
    actions.set_stage_limit("reported", limit=quarter, urgent=True, act=act())
    assert timetable.stage_limit("reported", urgent=True) == (quarter, "office")
    assert timetable.stage_limit("reported") == (hour, "night")


@pytest.mark.parametrize(
    ("channel", "needed"),
    [
        ("public", True),
        ("machine", True),
        ("collector", False),
        ("inspection", False),
        ("leader", False),
    ],
)
def test_who_looked_already_is_not_asked_again(rubbish, channel, needed):
    assert timetable.needs_confirmation(channel) is needed
    actions.set_confirm_rule(channel, needed=not needed, subcategory=rubbish, act=act())
    assert timetable.needs_confirmation(channel, rubbish.pk) is not needed
    assert timetable.needs_confirmation(channel) is needed


def test_a_kind_without_windows_works_office_hours_and_a_day_off_counts():
    four = Limit(4, TimeUnit.WORK_HOUR)
    before = timetable.calendar_for("night").due(MONDAY, four)
    actions.set_calendar_day(MONDAY.date(), is_workday=False, name="台风停工", act=act())
    night = [Window(time(20), time(4), 0b1111111, holidays=True)]
    actions.set_window("night", windows=night, act=act())
    assert before == MONDAY.replace(hour=15)
    assert timetable.calendar_for().due(MONDAY, four) == MONDAY.replace(day=3, hour=12)
    assert timetable.calendar_for("night").due(MONDAY, four) == MONDAY.replace(day=3, hour=0)


def test_an_edit_is_seen_at_once_and_a_rolled_back_one_never():
    assert policy.number("extension_most") == 2
    actions.set_policy("extension_most", value="1", act=act())
    assert policy.number("extension_most") == 1
    with pytest.raises(Refused), transaction.atomic():
        actions.set_policy("extension_most", value="0", act=act())
        assert policy.number("extension_most") == 0
        raise Refused("anything", "回滚")
    assert policy.number("extension_most") == 1


def test_questions_cost_no_statement_while_the_stamp_is_fresh(django_assert_num_queries):
    timetable.calendar_for()
    with django_assert_num_queries(0):
        timetable.calendar_for("sanitation")
        policy.limit("receiving_window")
