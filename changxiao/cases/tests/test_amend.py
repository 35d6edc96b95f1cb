"""更正: what was wrong is put right, and what is due is what it would always have been."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from changxiao.cases import actions, clock, replay
from changxiao.cases.actions import Change
from changxiao.cases.models import Case
from changxiao.catalog.models import AreaGrade, FilingCriterion, Subcategory
from changxiao.catalog.snapshot import rules
from changxiao.kernel.refused import Refused
from changxiao.kernel.worktime import Limit, TimeUnit, WorkCalendar
from changxiao.ledger.refusals import Replayed
from tests.support.cast import MONDAY, act, at

LONGHU = (116.735, 23.362)  # degrees WGS-84, within 龙湖区


@pytest.fixture
def drain(damaged):
    """井盖缺失, urgent, two hours day and night."""
    kind = Subcategory.objects.create(
        kind="event",
        edition="local",
        code="9798",
        category=damaged.subcategory.category,
        name="井盖缺失",
        status="local",
    )
    return FilingCriterion.objects.create(
        code="9798-1",
        subcategory=kind,
        condition="缺失",
        amount=Decimal(2),
        unit="urgent_hour",
        urgent=True,
        closing_needs=[],
        since_date=date(2020, 1, 1),
    )


@pytest.fixture
def longer(damaged):
    return FilingCriterion.objects.create(
        code="9799-2",
        subcategory=damaged.subcategory,
        condition="大面积破损",
        amount=Decimal(8),
        unit="work_hour",
        closing_needs=[],
        since_date=date(2020, 1, 1),
    )


def agreed(case, change, when):
    case = actions.ask_amend(case, change=change, act=act("ask_amend", when, note="看错了"))
    return actions.agree_amend(
        case, change=change, act=act("agree_amend", when + timedelta(minutes=1))
    )


def test_before_dispatch_the_desk_corrects_alone(accepted, drain):
    case = actions.amend(
        accepted,
        change=Change(subcategory=drain.subcategory, criterion=drain),
        act=act("amend", at(2, 9, 8), note="是井盖"),
    )
    assert (case.subcategory, case.criterion, case.urgent) == (drain.subcategory, drain, True)
    assert case.due_at == accepted.due_at  # a quarter of an hour from the original start, as before
    assert list(replay.check()) == []


def test_after_dispatch_a_second_person_agrees_and_the_limit_runs_from_its_start(
    dispatched, longer
):
    change = Change(criterion=longer)
    case = actions.ask_amend(
        dispatched, change=change, act=act("ask_amend", at(2, 10), note="面积大")
    )
    assert case.due_at == dispatched.due_at

    with pytest.raises(Refused) as no:
        actions.agree_amend(case, change=change, act=act("agree_amend", at(2, 10, 5), by="chen"))
    assert no.value.code == "same_person"

    case = actions.agree_amend(case, change=change, act=act("agree_amend", at(2, 10, 5)))
    assert case.handle_due_at == case.due_at == at(3, 9, 15)  # 8 working hours from 9:15 on Monday
    assert (case.number, case.code) == (dispatched.number, dispatched.code)
    assert list(replay.check()) == []


def test_a_refused_correction_changes_nothing(dispatched, longer):
    actions.ask_amend(
        dispatched, change=Change(criterion=longer), act=act("ask_amend", at(2, 10), note="面积大")
    )
    case = actions.refuse_amend(dispatched, act=act("refuse_amend", at(2, 10, 5), note="不大"))
    assert (case.due_at, case.criterion) == (dispatched.due_at, dispatched.criterion)
    with pytest.raises(Refused, match="没有待同意"):
        actions.refuse_amend(case, act=act("refuse_amend", at(2, 10, 6), note="不大"))


def test_another_district_keeps_the_code_and_takes_its_own_grade(dispatched):
    AreaGrade.objects.create(
        area_code="440507", grade="一类", factor=Decimal("0.5"), since_date=date(2020, 1, 1)
    )
    rules.clear()
    lon, lat = LONGHU
    case = agreed(dispatched, Change(lon=lon, lat=lat, address="龙湖区中山中路"), at(2, 10))

    assert (case.district_code, case.code[:6]) == ("440507", "440511")
    assert case.due_at == at(2, 11, 15)
    assert list(replay.check()) == []


def test_a_case_fed_back_in_time_by_the_right_limit_was_never_late(dispatched, longer):
    late = actions.feed_back(dispatched, act=act("feed_back", at(2, 17), note="好了"))
    assert late.handled_late

    case = agreed(late, Change(criterion=longer), at(2, 17, 5))
    assert not case.handled_late
    assert case.due_at == late.due_at  # the verification clock is another matter


def test_extensions_are_counted_again_by_the_new_limit(dispatched, longer):
    asked = actions.ask_extend(dispatched, act=act("ask_extend", at(2, 9, 30), note="难"))
    case = actions.extend(asked, act=act("extend", at(2, 9, 40)))
    case = agreed(case, Change(criterion=longer), at(2, 10))
    assert case.due_at == at(4, 9, 15)  # twice 8 working hours


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (Change(), "nothing_changed"),
        (Change(lon=113.3, lat=23.1), "outside_city"),
        (Change(address=""), "nothing_changed"),
    ],
)
@pytest.mark.parametrize(("verb", "stood"), [("amend", "filed"), ("ask_amend", "dispatched")])
def test_what_cannot_be_is_not_even_asked_for(request, change, code, verb, stood):
    case = request.getfixturevalue(stood)
    with pytest.raises(Refused) as no:
        getattr(actions, verb)(case, change=change, act=act(verb, at(2, 10), note="改"))
    assert no.value.code == code
    assert Case.everything.get(pk=case.pk).n == case.n
    assert not case.amendments.exists()


def test_another_category_after_filing_names_its_criterion(filed, drain):
    with pytest.raises(Refused) as no:
        actions.amend(
            filed,
            change=Change(subcategory=drain.subcategory),
            act=act("amend", at(2, 9, 12), note="是井盖"),
        )
    assert no.value.field == "criterion"


def test_one_correction_waits_at_a_time_and_one_sent_twice_is_one(dispatched, longer):
    sent = act("ask_amend", at(2, 10), note="面积大")
    actions.ask_amend(dispatched, change=Change(criterion=longer), act=sent)
    with pytest.raises(Refused) as no:
        actions.ask_amend(
            dispatched,
            change=Change(criterion=longer),
            act=act("ask_amend", at(2, 10, 1), note="x"),
        )
    assert no.value.code == "already_asked"
    with pytest.raises(Replayed):
        actions.ask_amend(dispatched, change=Change(criterion=longer), act=sent)
    assert dispatched.amendments.count() == 1


# -- the rule ------------------------------------------------------------------------------------

CALENDAR = WorkCalendar.build("Asia/Shanghai", days=None, names={})
LIMITS = st.builds(
    Limit,
    st.integers(1, 40).map(Decimal),
    st.sampled_from([TimeUnit.WORK_HOUR, TimeUnit.URGENT_HOUR, TimeUnit.WORK_DAY]),
)
GAPS = st.lists(st.integers(1, 3000), max_size=7)
# Working minutes are walked one by one, which a loaded machine does slowly: that decides nothing.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def run(limit, gaps, end):
    """A clock that is paused and resumed after so many minutes each, and stopped where `end`."""
    when, told = MONDAY, clock.start(CALENDAR, limit, MONDAY)
    for i, gap in enumerate(gaps):
        when += timedelta(minutes=gap)
        told = (
            clock.pause(CALENDAR, told, when, why="hold")
            if i % 2 == 0
            else clock.resume(CALENDAR, told, when, why="release")
        )
    return clock.stop(CALENDAR, told, when) if end else told


@unhurried
@given(limit=LIMITS, gaps=GAPS, end=st.booleans())
def test_told_by_its_own_limit_a_clock_is_what_it_was(limit, gaps, end):
    told = run(limit, gaps, end)
    assert clock.retold(CALENDAR, told, limit) == told


@unhurried
@given(wrong=LIMITS, right=LIMITS, gaps=GAPS, end=st.booleans())
def test_told_by_the_right_limit_a_clock_is_what_it_would_have_been(wrong, right, gaps, end):
    assert clock.retold(CALENDAR, run(wrong, gaps, end), right) == run(right, gaps, end)


@unhurried
@given(limit=LIMITS, times=st.integers(0, 2))
def test_each_extension_is_one_more_limit(limit, times):
    told = clock.start(CALENDAR, limit, MONDAY)
    for _ in range(times):
        told = clock.prolong(CALENDAR, told, limit)
    assert clock.retold(CALENDAR, replace(told, left=0), limit) == told


@unhurried
@given(limit=LIMITS, gaps=GAPS)
def test_a_stopped_clock_still_tells_what_was_due_when_it_ran(limit, gaps):
    running = run(limit, gaps[: len(gaps) // 2 * 2], end=False)
    stopped = clock.stop(CALENDAR, running, MONDAY + timedelta(minutes=sum(gaps)))
    assert clock.due_at_stop(CALENDAR, stopped) == running.due


@pytest.mark.parametrize("stage", ["handled", "verified"])
def test_after_the_feedback_both_dates_are_what_the_right_criterion_gave(
    request, problem, damaged, longer, roads, stage
):
    wrong = request.getfixturevalue(stage)
    asked = act("ask_amend", at(2, 16, 30), note="面积大")
    actions.ask_amend(wrong, change=Change(criterion=longer), act=asked)
    agreed = act("agree_amend", at(2, 16, 31), note="属实")
    case = actions.agree_amend(wrong, change=Change(criterion=longer), act=agreed)

    right = actions.report(problem, act=act("report"))
    for verb, when, told in (
        ("accept", 5, {}),
        ("file", 10, {"criterion": longer}),
        ("dispatch", 20, {"to": roads}),
    ):
        right = getattr(actions, verb)(right, act=act(verb, at(2, 9, when)), **told)
    assert case.handle_due_at - case.dispatched_at == right.handle_due_at - right.dispatched_at
    assert case.whole_due_at > wrong.whole_due_at
    assert list(replay.check()) == []


def test_a_correction_that_waits_when_the_case_ends_lapses_and_comes_back_with_it(
    dispatched, longer
):
    asked = actions.ask_amend(
        dispatched, change=Change(criterion=longer), act=act("ask_amend", at(2, 10), note="面积大")
    )
    case = actions.void(asked, act=act("void", at(2, 10, 30), note="重复上报"))
    row = case.amendments.get()
    assert (row.state, row.decided_at, row.decided_by) == ("lapsed", at(2, 10, 30), "")
    assert case.entries.order_by("n").last().data["amendment_lapsed"] is True

    case = actions.recall(case, act=act("void", at(2, 10, 35)))
    row.refresh_from_db()
    assert (row.state, row.decided_at) == ("pending", None)
    case = actions.agree_amend(
        case, change=Change(criterion=longer), act=act("agree_amend", at(2, 11))
    )
    assert (case.criterion, list(replay.check())) == (longer, [])
