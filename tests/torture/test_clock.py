"""A-09, A-21: a server clock that is set back never makes time in a stream run backwards."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import transaction

from changxiao.kernel.act import Act
from changxiao.ledger import actions, audit, sequencer
from changxiao.ledger.models import Entry

MONDAY = datetime(2026, 3, 2, 1, tzinfo=UTC)
JUMPS = [timedelta(0), timedelta(hours=-1), timedelta(days=-1), timedelta(minutes=-10)]


def enter(stream, n):
    with transaction.atomic():
        return actions.append(
            stream=stream, verb="note", act=Act.system("t", f"{stream}/{n}"), body={}
        )


def test_times_in_a_stream_never_decrease_when_the_clock_is_set_back(db):
    for n, jump in enumerate(JUMPS):
        with time_machine.travel(MONDAY + jump, tick=False):
            enter("case:1", n)

    rows = list(Entry.objects.order_by("n"))
    assert [row.recorded_at for row in rows] == [MONDAY] * 4
    assert [row.at for row in rows] == [MONDAY] * 4


def test_time_goes_on_once_the_clock_is_right_again(db):
    for n, hours in enumerate((0, -1, 1)):
        with time_machine.travel(MONDAY + timedelta(hours=hours), tick=False):
            last = enter("case:1", n)

    assert last.recorded_at == MONDAY + timedelta(hours=1)


def test_a_jump_far_ahead_and_back_still_leaves_a_whole_chain(db):
    for n, days in enumerate((0, 365, -365, 1)):
        with time_machine.travel(MONDAY + timedelta(days=days), tick=False):
            enter("case:1", n)
    sequencer.drain()

    assert audit.verify([]).code == 0


@pytest.mark.parametrize("hours", [-1, -24])
def test_the_clock_of_one_stream_is_not_bound_by_anothers(db, hours):
    with time_machine.travel(MONDAY, tick=False):
        enter("case:1", 0)
    with time_machine.travel(MONDAY + timedelta(hours=hours), tick=False):
        other = enter("case:2", 0)

    assert other.recorded_at == MONDAY + timedelta(hours=hours)
