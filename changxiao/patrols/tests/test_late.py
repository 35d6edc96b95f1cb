"""A walk that a phone kept: its own times count where they can be, the server's stand beside."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from changxiao.kernel.refused import Refused
from changxiao.ledger.models import Entry
from changxiao.ledger.refusals import KeyReused, Replayed
from changxiao.patrols import actions, jobs, replay, rules
from changxiao.patrols.models import MissedReport, Patrol
from changxiao.patrols.tests.conftest import did, own
from tests.support.cast import at

HOUR = timedelta(hours=1)
NOON = at(2, 12)


@pytest.mark.parametrize(
    ("claimed", "skew", "expected"),
    [
        (None, None, NOON),
        (None, 86400, NOON),
        (NOON - timedelta(seconds=40), 0, NOON),  # sent at once
        (NOON - 3 * HOUR, 0, NOON - 3 * HOUR),
        (NOON - 3 * HOUR, None, NOON - 3 * HOUR),
        (NOON + 21 * HOUR, 86400, NOON - 3 * HOUR),  # a clock that is a day fast
        (NOON - 5 * HOUR, -7200, NOON - 3 * HOUR),  # and one that is two hours slow
        (NOON + timedelta(minutes=1, seconds=30), 0, NOON),  # within what clocks do
        (NOON + HOUR, 0, NOON),  # later than now
        (NOON - 72 * HOUR, 0, NOON - 72 * HOUR),
        (NOON - 73 * HOUR, 0, NOON),  # too long ago
    ],
)
def test_what_a_claimed_time_is_worth(claimed, skew, expected):
    assert rules.counted(NOON, claimed, skew) == expected


@given(st.integers(-400_000, 400_000), st.integers(-200_000, 200_000))
def test_what_counts_is_never_later_than_now_nor_over_three_days_ago(seconds, skew):
    said = rules.counted(NOON, NOON + timedelta(seconds=seconds), skew)

    assert NOON - 72 * HOUR <= said <= NOON


def late(when, claimed, **more):
    """An act that the server hears of at `when`, of what was at `claimed`."""
    return replace(did(when=when, **more), occurred_at=claimed)


@pytest.fixture
def begun(wang, grid):
    with own(area=grid.code):
        return actions.start_patrol(grid=grid.code, act=late(at(2, 18), at(2, 9)))


def finished(patrol, grid, claimed, when=None, **more):
    with own(area=grid.code):
        return actions.finish_patrol(patrol, act=late(when or at(2, 18, 1), claimed, **more))


def test_a_walk_told_in_the_evening_was_in_the_morning(begun, grid):
    row = finished(begun, grid, at(2, 10, 30))

    assert (row.started_at, row.finished_at, row.minutes(at(2, 19))) == (
        at(2, 9),
        at(2, 10, 30),
        90,
    )
    assert (row.started_recorded_at, row.finished_recorded_at) == (at(2, 18), at(2, 18, 1))
    assert (row.shift_end_at, row.ended) == (at(2, 20), "self")
    entry = Entry.objects.get(stream=row.stream, n=2)
    assert (entry.at, entry.occurred_at) == (at(2, 18, 1), at(2, 10, 30))
    assert list(replay.check_patrols()) == []


def test_a_finish_before_its_start_is_no_walk_of_less_than_nothing(begun, grid):
    assert finished(begun, grid, at(2, 8)).minutes(at(2, 19)) == 0


def test_a_start_that_cannot_be_is_when_the_server_heard_of_it(wang, grid):
    with own(area=grid.code):
        row = actions.start_patrol(grid=grid.code, act=late(at(2, 18), at(2, 19)))

    assert (row.started_at, row.started_recorded_at) == (at(2, 18), None)
    assert Entry.objects.get(stream=row.stream).occurred_at == at(2, 19)


def test_the_end_that_the_clock_put_gives_way_to_the_one_that_the_phone_kept(begun, grid):
    assert jobs.end_forgotten(at(2, 20, 1)) == 1
    row = finished(begun, grid, at(2, 10, 30), when=at(2, 21))

    assert (row.finished_at, row.ended, row.n) == (at(2, 10, 30), "self", 3)
    assert list(replay.check_patrols()) == []


@pytest.mark.parametrize("claimed", [at(2, 20, 30), at(2, 21), None])
def test_it_gives_way_to_nothing_else(begun, grid, claimed):
    jobs.end_forgotten(at(2, 20, 1))

    with pytest.raises(Refused) as no:
        finished(begun, grid, claimed, when=at(2, 21))

    begun.refresh_from_db()
    assert no.value.code == "patrol_over"
    assert (begun.finished_at, begun.ended, begun.n) == (at(2, 20), "shift", 2)


def test_his_own_end_stays_however_late_another_comes(begun, grid):
    finished(begun, grid, at(2, 10, 30))

    with pytest.raises(Refused, match="已经结束"):
        finished(begun, grid, at(2, 10), when=at(2, 19))
    assert Patrol.everything.get().finished_at == at(2, 10, 30)


def test_a_key_is_answered_again_when_the_walk_is_long_over(wang, grid):
    start, end = (
        late(at(2, 18), at(2, 9), key="start-0001"),
        late(at(2, 18), at(2, 10), key="end-00001"),
    )
    with own(area=grid.code):
        row = actions.start_patrol(grid=grid.code, act=start)
        actions.finish_patrol(row, act=end)
        with pytest.raises(Replayed):
            actions.start_patrol(grid=grid.code, act=start)
        with pytest.raises(Replayed):
            actions.finish_patrol(row, act=end)
        with pytest.raises(KeyReused):
            actions.start_patrol(grid=grid.code, act=replace(start, digest="other"))
    with own(area="440599"), pytest.raises(Replayed):
        actions.start_patrol(grid=grid.code, act=start)  # his appointment has ended meanwhile
    assert Patrol.everything.count() == 1


def test_a_late_start_inside_a_walk_of_another_phone_is_refused(walked, grid):
    with own(area=grid.code), pytest.raises(Refused) as no:
        actions.start_patrol(grid=grid.code, act=late(at(2, 18), at(2, 9, 10)))

    assert no.value.code == "patrol_overlaps" and walked.number in no.value.sentence
    assert Patrol.everything.count() == 1


def test_a_late_end_reaches_no_further_than_the_next_walk(wang, grid):
    with own(area=grid.code):
        first = actions.start_patrol(grid=grid.code, act=late(at(2, 18), at(2, 8)))
        actions.finish_patrol(first, act=late(at(2, 18), at(2, 8, 30)))
        second = actions.start_patrol(grid=grid.code, act=late(at(2, 18, 2), at(2, 9)))
        actions.finish_patrol(second, act=did(when=at(2, 18, 3)))
        early = actions.start_patrol(grid=grid.code, act=late(at(2, 19), at(2, 8, 40)))
        early = actions.finish_patrol(early, act=late(at(2, 19), at(2, 11)))

    assert (early.started_at, early.finished_at) == (at(2, 8, 40), at(2, 9))


# -- missed reports --------------------------------------------------------------------------------


def proposed_by(patrol):
    entry = Entry.objects.filter(stream=patrol.stream, verb="finish_patrol").latest("n")
    if jobs.told_late(entry):
        for _twice in range(2):
            jobs.propose_late(entry)
    return [(row.case.reported_at, row.patrol) for row in MissedReport.everything.all()]


def test_a_find_that_was_filed_before_the_walk_was_told_is_held_against_it(
    begun, grid, must_find, found
):
    case = found(at(2, 11))
    assert not MissedReport.everything.exists()

    row = finished(begun, grid, at(2, 10, 30))

    assert proposed_by(row) == [(case.reported_at, row)]


@pytest.mark.parametrize(
    ("when", "channel"),
    [(at(2, 10), "hotline"), (at(2, 14, 31), "hotline"), (at(2, 11), "collector")],
    ids=["before he had finished", "too late after it", "his own side's find"],
)
def test_what_his_own_times_do_not_meet_is_not_proposed(
    begun, grid, must_find, found, when, channel
):
    found(when, channel)

    assert proposed_by(finished(begun, grid, at(2, 10, 30))) == []


def test_an_end_whose_time_cannot_be_is_held_against_nobody(begun, grid, must_find, found):
    found(at(2, 11))

    assert proposed_by(finished(begun, grid, at(2, 23))) == []
