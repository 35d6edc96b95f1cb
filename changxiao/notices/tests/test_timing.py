"""Quiet hours, digests and pauses: whatever the time, told late and never in the night."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from changxiao.kernel.quiet import NEVER, Quiet, read_quiet
from changxiao.kernel.refused import Refused
from changxiao.notices.timing import FIRST, LONGEST, Digest, pause, send_at

ZONES = st.sampled_from(["Asia/Shanghai", "America/Chicago"])
CLOCKS = st.times().map(lambda t: t.replace(second=0, microsecond=0))


@st.composite
def moments(draw):
    zone = ZoneInfo(draw(ZONES))
    # Around midnight and the ends of the hours more often than a clock has them.
    clock = draw(
        st.one_of(
            st.times(),
            st.sampled_from([time(0), time(6, 59, 59), time(7), time(8), time(22), time(23, 59)]),
        )
    )
    day = draw(st.dates(datetime(2026, 1, 1).date(), datetime(2026, 12, 31).date()))
    return datetime.combine(day, clock, tzinfo=zone)


@given(moments(), CLOCKS, CLOCKS, st.sampled_from(Digest.values))
def test_nothing_but_the_urgent_comes_in_the_quiet_hours(local, begins, ends, digest):
    quiet = Quiet(begins, ends)
    when = send_at(local, quiet=quiet, digest=digest, urgent=False)

    assert when >= local
    assert not quiet.holds(when)
    assert when - local <= timedelta(hours=49)
    assert send_at(local, quiet=quiet, digest=digest, urgent=True) == local


@given(moments())
def test_a_digest_comes_on_the_hour_or_at_eight_of_the_city(local):
    hourly = send_at(local, quiet=NEVER, digest=Digest.HOURLY, urgent=False)
    daily = send_at(local, quiet=NEVER, digest=Digest.DAILY, urgent=False)

    assert (hourly.minute, hourly.second) == (0, 0) and hourly > local
    assert daily.time() == time(8) and daily > local
    assert send_at(local, quiet=NEVER, digest=Digest.NOW, urgent=False) == local


@pytest.mark.parametrize(
    ("clock", "expected"),
    [
        ("21:59", "2026-03-02T21:59"),
        ("22:00", "2026-03-03T07:00"),
        ("23:59", "2026-03-03T07:00"),
        ("00:00", "2026-03-02T07:00"),
        ("06:59", "2026-03-02T07:00"),
        ("07:00", "2026-03-02T07:00"),
    ],
)
def test_a_night_over_midnight_ends_in_the_morning(clock, expected):
    local = datetime.fromisoformat(f"2026-03-02T{clock}+08:00")
    when = send_at(local, quiet=read_quiet("22:00-07:00"), digest=Digest.NOW, urgent=False)

    assert f"{when:%Y-%m-%dT%H:%M}" == expected


@pytest.mark.parametrize("text", ["22", "22:00", "25:00-07:00", "22:00-07:00-08:00", "夜里"])
def test_hours_that_nobody_can_read_are_refused_with_an_example(text):
    with pytest.raises(Refused, match="22:00-07:00"):
        read_quiet(text)


def test_hours_are_read_as_they_are_written():
    assert str(read_quiet("22:00 - 07:00")) == "22:00-07:00"
    assert read_quiet("") == NEVER


def test_pauses_grow_to_a_quarter_of_a_day_and_no_further():
    waits = [pause(n, 0.5).total_seconds() for n in range(1, 20)]

    assert waits[:3] == [FIRST, 2 * FIRST, 4 * FIRST]
    assert waits == sorted(waits) and waits[-1] == LONGEST
    assert pause(1, 0.0).total_seconds() == FIRST * 0.8
    assert pause(1, 1.0).total_seconds() == pytest.approx(FIRST * 1.2)
