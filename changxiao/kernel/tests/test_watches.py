"""白班与夜班: every minute belongs to one watch, whatever hours a city sets."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from changxiao.kernel.refused import Refused
from changxiao.kernel.watches import ends, read_hours, running, told

EIGHT = (time(8), time(20))


@pytest.mark.parametrize(
    ("hour", "watches"),
    [
        (0, {"night": 3, "all_day": 4}),
        (7, {"night": 3, "all_day": 4}),
        (8, {"day": 4, "all_day": 4}),
        (19, {"day": 4, "all_day": 4}),
        (20, {"night": 4, "all_day": 4}),
        (23, {"night": 4, "all_day": 4}),
    ],
)
def test_a_night_belongs_to_the_day_on_which_it_began(hour, watches):
    told = {watch: date(2026, 3, day) for watch, day in watches.items()}

    assert running(datetime(2026, 3, 4, hour), EIGHT) == told


@settings(deadline=None)
@given(st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)), st.times(), st.times())
def test_a_day_and_the_night_after_it_last_from_one_morning_to_the_next(moment, one, other):
    begins, ends = min(one, other), max(one, other)
    found = running(moment, (begins, ends))

    assert ("day" in found) == (begins <= moment.time() < ends)
    assert ("day" in found) != ("night" in found)
    since = datetime.combine(found.get("day") or found["night"], begins)
    assert since <= moment < since + timedelta(days=1)


@pytest.mark.parametrize(
    "written", ["", "x", "20:00-08:00", "08:00", "8-20-22", "25:00-26:00", "08:00-08:00"]
)
def test_hours_that_are_no_day_are_refused_with_how_to_write_them(written):
    with pytest.raises(Refused, match="08:00-20:00") as no:
        read_hours(written)
    assert no.value.code == "hours_unreadable"


def test_hours_may_be_written_with_blanks():
    assert read_hours(" 07:30 - 19:30 ") == (time(7, 30), time(19, 30))


def test_each_watch_tells_from_when_to_when_it_lasts():
    assert [told(watch, EIGHT) for watch in ("day", "night", "all_day")] == [
        "08:00–20:00",
        "20:00–08:00",
        "",
    ]


@settings(deadline=None)
@given(st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)))
def test_a_watch_that_runs_has_not_ended_and_runs_no_more_when_it_has(moment):
    for watch, day in running(moment, EIGHT).items():
        end = ends(watch, day, EIGHT)
        assert moment < end <= moment + timedelta(days=1)
        assert running(end, EIGHT).get(watch) != day
