"""The clock of one stage: 09:00 on Monday 2026-03-02, office windows 08–12 and 14–18."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from changxiao.cases import clock
from changxiao.cases.clock import StageClock
from changxiao.kernel.worktime import Limit, TimeUnit, WorkCalendar

ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=ZONE)
FOUR_HOURS = Limit(Decimal(4), TimeUnit.WORK_HOUR)
TWO_HOURS = Limit(Decimal(2), TimeUnit.WORK_HOUR)


@pytest.fixture(scope="module")
def calendar():
    return WorkCalendar.build("Asia/Shanghai", days={date(2026, 3, 4): False})


def at(day, hour, minute=0):
    return datetime(2026, 3, day, hour, minute, tzinfo=ZONE)


def test_four_work_hours_run_through_lunch(calendar):
    assert clock.start(calendar, FOUR_HOURS, MONDAY).due == at(2, 15)


def test_a_pause_hands_back_exactly_what_was_left(calendar):
    running = clock.start(calendar, FOUR_HOURS, MONDAY)
    standing = clock.pause(calendar, running, at(2, 11), why="suspended")

    assert (standing.due, standing.left) == (None, 2 * 3600)
    assert clock.resume(calendar, standing, at(3, 8), why="wake").due == at(3, 10)


def test_a_pause_granted_late_counts_from_when_it_was_asked_for(calendar):
    running = clock.start(calendar, FOUR_HOURS, MONDAY)
    standing = clock.pause(calendar, running, at(2, 10), why="sent_back")

    assert standing.left == 3 * 3600
    assert not standing.late


def test_an_extension_granted_late_counts_from_the_original_due(calendar):
    running = clock.start(calendar, FOUR_HOURS, MONDAY)

    assert clock.prolong(calendar, running, FOUR_HOURS).due == at(3, 9)


def test_rework_goes_on_with_what_was_left(calendar):
    stopped = clock.stop(calendar, clock.start(calendar, FOUR_HOURS, MONDAY), at(2, 10))
    again = clock.resume(calendar, stopped, at(3, 8), why="rework", floor=TWO_HOURS)

    assert (again.due, again.stopped) == (at(3, 11), None)


def test_rework_never_leaves_less_than_the_floor(calendar):
    stopped = clock.stop(calendar, clock.start(calendar, FOUR_HOURS, MONDAY), at(2, 14, 30))
    again = clock.resume(calendar, stopped, at(3, 8), why="rework", floor=TWO_HOURS)

    assert (again.due, again.left) == (at(3, 10), 2 * 3600)


def test_what_was_late_once_stays_late(calendar):
    stopped = clock.stop(calendar, clock.start(calendar, FOUR_HOURS, MONDAY), at(2, 16))
    again = clock.resume(calendar, stopped, at(3, 8), why="rework", floor=TWO_HOURS)

    assert stopped.late
    assert clock.is_late(again, at(3, 8))


def test_feedback_on_the_very_due_second_is_on_time(calendar):
    assert not clock.stop(calendar, clock.start(calendar, FOUR_HOURS, MONDAY), at(2, 15)).late


def test_a_holiday_inside_a_pause_costs_nothing(calendar):
    running = clock.start(calendar, FOUR_HOURS, at(3, 14))
    standing = clock.pause(calendar, running, at(3, 16), why="suspended")

    assert clock.resume(calendar, standing, at(5, 8), why="wake").due == at(5, 10)


UNITS = st.sampled_from(list(TimeUnit))
MOMENTS = st.integers(0, 40 * 24 * 60).map(lambda m: MONDAY + timedelta(minutes=m))


@given(UNITS, st.integers(1, 40), st.lists(MOMENTS, min_size=1, max_size=8, unique=True))
def test_a_pause_of_no_length_moves_nothing(unit, amount, moments):
    calendar = WorkCalendar.build("Asia/Shanghai")
    whole = clock.start(calendar, Limit(Decimal(amount), unit), MONDAY)
    broken = whole
    for moment in sorted(m for m in moments if m < whole.due):
        broken = clock.pause(calendar, broken, moment, why="test")
        broken = clock.resume(calendar, broken, moment, why="test")

    assert broken.due == whole.due


@given(UNITS, st.integers(1, 20), MOMENTS, MOMENTS)
def test_a_later_resumption_is_never_due_earlier(unit, amount, one, other):
    calendar = WorkCalendar.build("Asia/Shanghai")
    standing = clock.pause(
        calendar, clock.start(calendar, Limit(Decimal(amount), unit), MONDAY), MONDAY, why="test"
    )
    first, second = sorted((one, other))

    early = clock.resume(calendar, standing, first, why="test")
    late = clock.resume(calendar, standing, second, why="test")
    assert early.due <= late.due


def test_a_kept_clock_reads_back_as_it_was(calendar):
    run = clock.pause(calendar, clock.start(calendar, FOUR_HOURS, MONDAY), at(2, 10), why="hold")
    kept = StageClock("dispatched", FOUR_HOURS, run, "4405-SZ", "office", ("立案标准",))

    assert StageClock.from_json(kept.to_json()) == kept
    assert run.spans[0].end.astimezone(UTC) == at(2, 10)


def test_a_pause_forgives_no_overrun(calendar):
    running = clock.start(calendar, FOUR_HOURS, MONDAY)  # due at 15:00
    standing = clock.pause(calendar, running, at(2, 17), why="hold")
    again = clock.resume(calendar, standing, at(3, 10), why="release")

    assert (standing.left, again.due) == (-2 * 3600, at(2, 18))  # two work hours before 10:00
    assert clock.prolong(calendar, again, FOUR_HOURS).due == at(3, 12)
