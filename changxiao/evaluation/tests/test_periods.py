"""Periods: from the city's midnight to the city's midnight, whatever a month is long."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from changxiao.evaluation.periods import read_period
from changxiao.kernel.refused import Refused

SHANGHAI, CHICAGO = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/Chicago")


@pytest.mark.parametrize(
    ("label", "start", "days"),
    [
        ("2026-10", "2026-09-30T16:00", 31),
        ("2024-02", "2024-01-31T16:00", 29),
        ("2026-12", "2026-11-30T16:00", 31),
        ("2026-Q4", "2026-09-30T16:00", 92),
        ("2026-W41", "2026-10-04T16:00", 7),
        ("2026-W53", "2026-12-27T16:00", 7),
        ("2026", "2025-12-31T16:00", 365),
        ("2026-10-08", "2026-10-07T16:00", 1),
    ],
)
def test_a_period_runs_from_midnight_to_midnight(label, start, days):
    period = read_period(label, SHANGHAI)

    assert period.start == datetime.fromisoformat(start).replace(tzinfo=UTC)
    assert period.end - period.start == timedelta(days=days)


def test_a_month_in_which_the_clocks_change_is_an_hour_longer():
    period = read_period("2026-11", CHICAGO)

    assert period.end - period.start == timedelta(days=30, hours=1)


@pytest.mark.parametrize(
    ("label", "kind", "first", "last", "before"),
    [
        ("2026-10", "month", "2026-10-01", "2026-10-31", "2026-09"),
        ("2026-01", "month", "2026-01-01", "2026-01-31", "2025-12"),
        ("2024-02", "month", "2024-02-01", "2024-02-29", "2024-01"),
        ("2026-Q1", "quarter", "2026-01-01", "2026-03-31", "2025-Q4"),
        ("2026-Q4", "quarter", "2026-10-01", "2026-12-31", "2026-Q3"),
        ("2026-W01", "week", "2025-12-29", "2026-01-04", "2025-W52"),
        ("2021-W01", "week", "2021-01-04", "2021-01-10", "2020-W53"),
        ("2026", "year", "2026-01-01", "2026-12-31", "2025"),
        ("2026-10-01", "day", "2026-10-01", "2026-10-01", "2026-09-30"),
    ],
)
def test_a_period_knows_its_days_and_the_one_before(label, kind, first, last, before):
    found = read_period(label, SHANGHAI)

    assert (found.kind, str(found.first_date), str(found.last_date)) == (kind, first, last)
    assert found.before().label == before
    assert found.before().end == found.start


@pytest.mark.parametrize(
    "label",
    ["0000", "", "2026-13", "2026-Q5", "2026-W54", "26-10", "2026-02-30", "9999", "10月", "2026-1"],
)
def test_what_is_no_period_is_refused(label):
    with pytest.raises(Refused, match="2026-10（月）") as no:
        read_period(label, SHANGHAI)
    assert no.value.code == "period_unreadable"


@given(st.integers(1950, 2150), st.integers(1, 12))
def test_months_follow_each_other_without_gap_or_overlap(year, month):
    after = f"{year + month // 12:04d}-{month % 12 + 1:02d}"

    this, following = (read_period(x, SHANGHAI) for x in (f"{year:04d}-{month:02d}", after))
    assert this.end == following.start
