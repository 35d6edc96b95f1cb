"""Near and past: exactly once a case and a limit, by the city's share and its working hours."""

from datetime import timedelta

import pytest

from changxiao.cases import actions
from changxiao.cases.models import Case
from changxiao.notices import deadlines
from changxiao.notices.models import DeadlineWatch, Notice
from changxiao.notices.tests.conftest import live
from tests.support.cast import at


def told():
    return list(Notice.everything.order_by("pk").values_list("what", "staff__username"))


@pytest.fixture
def running(cast, filed, roads):
    """Dispatched at nine with four working hours: near after 80 %, that is 3 h 12."""
    return actions.dispatch(filed, to=roads, act=live("dispatch"))


def test_near_and_past_are_each_told_once(running):
    deadlines.sweep(at(2, 9, 1))
    watch = DeadlineWatch.objects.get(case=running)
    assert watch.next_at == watch.warn_at < watch.due_at
    assert told() == []

    deadlines.sweep(watch.warn_at - timedelta(seconds=1))
    assert told() == []
    for _again in range(3):
        deadlines.sweep(watch.warn_at)
    assert told() == [("warning", "zhao")]
    assert "应于03-02 " in Notice.everything.get().text

    for _again in range(3):
        deadlines.sweep(watch.due_at)
    assert sorted(told()[1:]) == [("overdue", "sun"), ("overdue", "zhao")]
    assert DeadlineWatch.objects.get().next_at is None


def test_the_share_is_counted_in_working_time(running):
    from changxiao.cases.deadlines import current
    from changxiao.catalog import timetable

    kept = current(running)
    calendar = timetable.calendar_for(kept.kind)
    warn = deadlines.warning_of(running)

    used = calendar.elapsed_seconds(kept.run.since, warn, kept.run.unit)
    assert used == calendar.seconds(kept.limit) * 8 // 10


def test_a_worker_that_was_away_tells_of_the_overrun_alone(running):
    deadlines.sweep(at(2, 9, 1))
    due = DeadlineWatch.objects.get().due_at

    deadlines.sweep(due + timedelta(hours=5))

    assert {what for what, _who in told()} == {"overdue"}


def test_what_was_long_overdue_when_first_seen_is_no_news(running):
    deadlines.sweep(running.due_at + timedelta(days=1))

    assert told() == [] and DeadlineWatch.objects.get().next_at is None


def test_a_limit_that_moved_is_worked_out_anew_and_a_pause_is_silent(running):
    deadlines.sweep(at(2, 9, 1))
    first = DeadlineWatch.objects.get().warn_at
    case = actions.ask_extend(running, act=live("ask_extend", note="雨"))
    case = actions.extend(case, act=live("extend"))
    deadlines.sweep(first)
    assert told() == []
    assert DeadlineWatch.objects.get().due_at == case.due_at

    until = case.due_at + timedelta(days=30)
    case = actions.ask_suspend(case, until=until, act=live("ask_suspend", note="等料"))
    actions.suspend(case, act=live("suspend"))
    deadlines.sweep(case.due_at + timedelta(minutes=1))
    assert told() == []


def test_a_case_that_was_fed_back_in_time_reminds_nobody(running):
    deadlines.sweep(at(2, 9, 1))
    due = DeadlineWatch.objects.get().due_at
    actions.feed_back(running, act=live("feed_back", note="好了"))
    Case.everything.update(due_at=None)

    deadlines.sweep(due)

    assert told() == []
