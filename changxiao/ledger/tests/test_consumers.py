"""Consequences: each happens, once, in order; a poisoned entry is set aside."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from changxiao.ledger import consumers, health, sequencer
from changxiao.ledger.consumers import Consumer, deliver
from changxiao.ledger.models import Cursor, Heartbeat, Parked

MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
ALL = Consumer("all", frozenset(), f"{__name__}.hear")
heard = []


def hear(entry):
    if entry.data["count"] in poison:
        raise ValueError("poison")
    Heartbeat.objects.create(name=f"heard {entry.data['count']}", beat_at=MONDAY, period=1)
    heard.append(entry.data["count"])


poison = set()


@pytest.fixture(autouse=True)
def fresh():
    heard.clear()
    poison.clear()


def test_a_consumer_hears_each_entry_once_and_in_order(write):
    write(4)
    sequencer.run_batch()
    assert deliver([ALL], MONDAY) == 4
    assert deliver([ALL], MONDAY) == 0
    assert heard == [1, 2, 3, 4]


def test_a_consumer_hears_only_its_verbs_and_still_moves_on(write):
    write(4)
    sequencer.run_batch()
    deaf = Consumer("deaf", frozenset({"close"}), f"{__name__}.hear")
    assert deliver([deaf], MONDAY) == 0
    assert (heard, Cursor.objects.get(consumer="deaf").position) == ([], 4)
    assert consumers.lag(deaf) == 0


def hear_all(entries):
    batches.append([entry.data["count"] for entry in entries])
    return lambda: [hear(entry) for entry in entries]


batches = []
MANY = Consumer("many", frozenset(), f"{__name__}.hear_all", many=True)


def one_of_two(entry):
    return entry.data["count"] % 2 == 0


def test_what_does_not_concern_a_consumer_takes_no_turn(write):
    write(4)
    sequencer.run_batch()
    half = Consumer("half", frozenset(), f"{__name__}.hear", concerns=f"{__name__}.one_of_two")
    assert deliver([half], MONDAY) == 2
    assert (heard, consumers.lag(half)) == ([2, 4], 0)


def test_a_consumer_of_many_hears_a_batch_at_once(write):
    batches.clear()
    write(4)
    sequencer.run_batch()
    assert deliver([MANY], MONDAY) == 4
    assert (batches, consumers.lag(MANY)) == ([[1, 2, 3, 4]], 0)


def test_a_consumer_of_many_takes_no_more_at_once_than_it_says(write):
    batches.clear()
    write(5)
    sequencer.run_batch()
    assert deliver([replace(MANY, at_once=2)], MONDAY) == 5
    assert (batches, consumers.lag(MANY)) == ([[1, 2], [3, 4], [5]], 0)


def hear_odd(entries):
    return (lambda: hear(entries[0])) if entries[0].data["count"] % 2 else None


def test_a_batch_with_nothing_to_write_takes_no_turn_of_its_own(write):
    write(4)
    sequencer.run_batch()
    odd = Consumer("odd", frozenset(), f"{__name__}.hear_odd", many=True, at_once=1)
    assert deliver([odd], MONDAY) == 4
    assert (heard, consumers.lag(odd)) == ([1, 3], 0)


def test_a_batch_that_fails_is_gone_through_singly_and_changes_nothing_itself(write):
    batches.clear()
    poison.add(3)
    write(4)
    sequencer.run_batch()
    assert deliver([MANY], MONDAY) == 2
    assert batches == [[1, 2, 3, 4], [1], [2], [3]]
    assert Heartbeat.objects.count() == 2
    assert Cursor.objects.get(consumer="many").tries == 1


def test_a_consumer_from_now_does_not_hear_the_past(write):
    write(2)
    sequencer.run_batch()
    new = Consumer("new", frozenset(), f"{__name__}.hear", from_now=True)
    deliver([new], MONDAY)
    write(1)
    sequencer.run_batch()
    deliver([new], MONDAY)
    assert heard == [3]


def test_a_poisoned_entry_is_parked_after_five_tries_and_the_others_go_on(write):
    write(3)
    sequencer.run_batch()
    poison.add(2)
    now = MONDAY
    for _again in range(5):
        deliver([ALL], now)
        now += timedelta(minutes=1)
    assert heard == [1, 3]
    assert Parked.objects.get().entry.data["count"] == 2
    assert any("poison" in sentence for sentence in health.problems(now, [ALL]))


def test_a_failed_consequence_leaves_nothing_and_pauses_before_it_tries_again(write):
    write(1)
    sequencer.run_batch()
    poison.add(1)
    deliver([ALL], MONDAY)
    poison.clear()
    assert deliver([ALL], MONDAY) == 0
    assert not Heartbeat.objects.filter(name="heard 1").exists()
    assert deliver([ALL], MONDAY + timedelta(seconds=2)) == 1


def test_a_second_worker_that_lags_behind_does_nothing_twice(write):
    write(2)
    sequencer.run_batch()
    stale = consumers._cursor(ALL)
    deliver([ALL], MONDAY)
    assert not consumers._hand_over(ALL, stale, (0, 1), MONDAY)
    assert heard == [1, 2]


def test_a_silent_job_turns_red_after_two_periods(db):
    health.beat("sweep", timedelta(minutes=1), MONDAY)
    assert health.problems(MONDAY + timedelta(seconds=119)) == []
    assert len(health.problems(MONDAY + timedelta(seconds=121))) == 1


def test_a_failing_job_is_red_at_once_and_green_when_it_ran_again(db):
    health.beat("sweep", timedelta(minutes=1), MONDAY)
    health.beat("sweep", timedelta(minutes=1), MONDAY, error="boom")
    assert "boom" in health.problems(MONDAY)[0]
    health.beat("sweep", timedelta(minutes=1), MONDAY)
    assert health.problems(MONDAY) == []
