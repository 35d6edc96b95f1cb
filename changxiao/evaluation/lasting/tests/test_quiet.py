"""Former repeat spots that stayed clean: what ends the quiet, and what does not."""

from datetime import date

import pytest

from changxiao.evaluation.lasting.quiet import quiet
from changxiao.evaluation.lasting.tests.test_assembling import DAY, FAR, NEAR, row, told

SPOT = (row("1", day=1, closed=DAY(2)), row("2", day=4, closed=DAY(5), place=NEAR))
THIRTIETH = float((date(2026, 10, 30) - date(1970, 1, 1)).days)
OTHERS = {
    "a find far away": (row("3", day=20, place=FAR), True),
    "a find of another kind": (row("3", day=20, kind="e0111"), True),
    "what was never a case": (row("3", day=20, void=DAY(21)), True),
    "a resident's find": (row("3", day=20, closed=DAY(21)), False),
    "a patrol's find, which is no recurrence": (row("3", day=20, channel="collector"), False),
    "one from before that is still open": (row("3", day=3, channel="collector"), False),
    "a find after the period": (row("3", day=31), False),
}


def found(tmp_path, *rows, days=20, times=1):
    return list(quiet(told(tmp_path, *rows), until=THIRTIETH, days=days, times=times))


def test_a_spot_is_quiet_once_its_days_are_over(tmp_path):
    (one,) = found(tmp_path, *SPOT, row("9", day=31, place=FAR))
    assert (one.spot.numbers, one.spot.times) == (("1", "2"), 1)
    assert found(tmp_path / "b", *SPOT, days=26) == []
    assert found(tmp_path / "c", *SPOT, times=2) == []


@pytest.mark.parametrize("what", OTHERS)
def test_what_ends_the_quiet(tmp_path, what):
    other, still = OTHERS[what]
    assert bool(found(tmp_path, *SPOT, other)) is still
