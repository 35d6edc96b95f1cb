"""The index from facts: what counts, what is unknown, the places that keep coming back."""

import math
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from changxiao.evaluation.engines import reader
from changxiao.evaluation.lasting.assembling import Asked, assemble, question, seen, spread
from changxiao.evaluation.lasting.index import lasting_index
from changxiao.evaluation.lasting.recurrence import Reach
from changxiao.evaluation.lasting.samples import street
from changxiao.evaluation.lasting.spots import spots
from changxiao.evaluation.lasting.steadiness import steadiness
from changxiao.evaluation.localtime import SECOND, local_time
from changxiao.evaluation.tests.worked import ZONE, facts

RESIDENTS = frozenset({"public", "hotline"})
HERE, NEAR, FAR = "| 1167000000 | 233000000", "| 1167002000 | 233000000", "| 1167100000 | 233000000"
HEAD = (
    "number|category|street|channel|self_found|public_found|filed_at|closed_at|voided_at|x|y"
    "|reported_at|why"
)
DAY = "10-{:02d} 08:00".format


def row(
    number, *, day, closed="-", channel="public", place=HERE, street="A", void="-", kind="e0110"
):
    own = "+" if channel == "collector" else "."
    by = "+" if channel in RESIDENTS else "."
    who = f"{number}|{kind}|{street}|{channel}|{own}|{by}"
    return f"{who}|{DAY(day)}|{closed}|{void} {place}|{DAY(day)}|x"


def told(tmp_path, *rows, asked=None, by="street"):
    asked = asked or Asked(Reach(days=10), RESIDENTS, ZONE)
    made = facts(tmp_path / "facts", cases="\n".join((HEAD, *rows)))
    with reader(made) as columns:
        return seen(columns(question(by, asked)), asked)


def test_residents_finds_recur_and_a_collector_s_do_not(tmp_path):
    found = told(
        tmp_path,
        row("1", day=1, closed=DAY(2)),
        row("2", day=5, closed=DAY(6), place=NEAR),  # 20 m away, 3 days later: 1 came back
        row("3", day=8, closed=DAY(9), channel="collector"),  # who looks harder does not count
        row("4", day=9, closed=DAY(10), place=FAR),  # a kilometre away
        row("5", day=20, place=FAR, street="B"),  # comes back across the street's edge, on day 10
        row("6", day=9, void=DAY(10)),  # void: never a case
    )
    a, b = assemble(found)

    assert (a.group, a.counted.again, a.counted.closed, a.cases) == ("A", 2, 4, 4)
    assert (a.own, a.residents, a.parts["first"], a.parts["once"]) == (1, 3, 0.25, 0.5)
    assert (b.cases, b.counted.closed) == (1, 0)
    assert math.isnan(b.parts["once"]) and math.isnan(b.parts["kept"]) and math.isnan(b.index)
    assert b.parts["first"] == 0


def test_what_nobody_knows_is_left_out_of_the_index(tmp_path):
    rows = [row(f"{n}", day=n, closed=DAY(n + 1)) for n in range(1, 12)]

    (one,) = assemble(told(tmp_path, *rows))

    assert math.isnan(one.parts["flat"]) and math.isnan(one.parts["steady"])
    assert one.index == lasting_index(one.parts)
    (walked,) = assemble(told(tmp_path, *rows), {"A": np.arange(20728.0, 20740.0)})
    assert 0 <= walked.parts["steady"] <= 1 and walked.visits == 12


def test_a_campaign_is_looked_at_by_days_of_the_city(tmp_path):
    campaign = ((date(2026, 10, 8), date(2026, 10, 8)),)
    asked = Asked(Reach(days=10), RESIDENTS, ZONE, campaign)
    rows = [row(f"{n}", day=n, place=FAR, closed=DAY(n)) for n in (*range(1, 8), *range(16, 31))]

    (one,) = assemble(told(tmp_path, *rows, asked=asked))

    assert (one.back.before, one.back.after) == (1.0, 0.0)
    assert one.parts["flat"] == 0  # quiet for a week, then back: 7 of 7 days
    assert one.back.later == 1.0


def test_only_the_last_days_are_asked_where_they_are_named(tmp_path):
    rows = [row("1", day=1, closed=DAY(2)), row("2", day=28, closed=DAY(29))]

    asked = Asked(Reach(), RESIDENTS, ZONE, days=10)
    assert list(told(tmp_path, *rows, asked=asked).numbers) == ["2"]


def test_a_spot_is_what_hangs_together(tmp_path):
    found = told(
        tmp_path,
        row("1", day=1, closed=DAY(2)),
        row("2", day=4, closed=DAY(5), place=NEAR),
        row("3", day=7, closed=DAY(8)),
        row("4", day=4, closed=DAY(5), place=FAR),  # another place
        row("5", day=6, kind="e0201"),  # another sub-category
    )

    (spot,) = spots(found)
    assert (spot.kind, spot.numbers, spot.times) == ("e0110", ("1", "2", "3"), 2)
    assert spot.lon == pytest.approx(116.7000667, abs=1e-5)
    assert spots(found, group="B") == []


def test_no_case_is_no_row(tmp_path):
    assert assemble(told(tmp_path, row("1", day=1, void=DAY(2)))) == []


@pytest.mark.parametrize("seed", [1, 2])
def test_visits_by_the_shift_s_hour_tell_blitz_from_steady_as_exact_ones_do(seed):
    at_eight = [np.floor(street(blitz, seed=seed).visits) + 1 / 3 for blitz in (0.0, 0.5, 1.0)]

    steady = [steadiness(spread(visits)) for visits in at_eight]
    assert steady == sorted(steady, reverse=True) and steady[0] - steady[2] > 0.2


@settings(max_examples=50, deadline=None)
@given(
    st.datetimes(datetime(2001, 1, 1), datetime(2039, 1, 1)),
    st.sampled_from(["Asia/Shanghai", "America/Chicago", "Europe/Berlin", "Asia/Kathmandu"]),
)
def test_local_days_are_those_of_the_zone(moment, name):
    zone = ZoneInfo(name)
    at = moment.replace(tzinfo=ZoneInfo("UTC"))
    local = at.astimezone(zone).replace(tzinfo=None)

    micros = (moment - datetime(1970, 1, 1)) // timedelta(microseconds=1)
    days = local_time(zone).days(np.array([micros]))[0]
    expected = (local - datetime(1970, 1, 1)) / timedelta(days=1)
    assert days == pytest.approx(expected, abs=1e-6)
    assert SECOND == 1_000_000
