"""Lasting effect: what came back, how long it stayed away, what a campaign borrowed; the index."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from changxiao.evaluation.lasting.index import WEIGHTS, lasting_index, sensitivity
from changxiao.evaluation.lasting.problems import Problems
from changxiao.evaluation.lasting.rebound import rebound
from changxiao.evaluation.lasting.recurrence import (
    Reach,
    Recurred,
    first_again,
    per_hour,
    recurrence,
)
from changxiao.evaluation.lasting.samples import parts, street
from changxiao.evaluation.lasting.steadiness import burstiness, steadiness
from changxiao.evaluation.lasting.survival import kept
from changxiao.kernel.refused import Refused

OPEN = math.nan
# kind, street, x, y, found, closed, counts: one row, one reason.
TOLD = [
    ("litter", "A", 0, 0, 0, 1, True),  # 0: comes back as 1 on day 11, ten days after
    ("litter", "A", 40, 0, 11, 12, True),  # 1: 2 is found on the day it was closed; 4 a day later
    ("litter", "A", 0, 0, 12, 20, True),  # 2: nothing after it
    ("hawker", "A", 0, 0, 13, 14, True),  # 3: another sub-category is no recurrence
    ("litter", "A", 60, 0, 13, OPEN, True),  # 4: open; within 50 m of 1 and not of 0
    ("litter", "A", 0, 0, 15, 16, False),  # 5: a find of who looks harder does not count
    ("litter", "B", math.nan, 0, 16, 17, True),  # 6: no place, no neighbour
    ("litter", "B", 900, 0, 5, 95, True),  # 7: its days are not over
]


def problems(rows=TOLD):
    kind, group, x, y, found, closed, counts = zip(*rows, strict=True)
    numbers = (np.array(column, float) for column in (x, y, found, closed))
    texts = (np.array(column, object) for column in (kind, group))
    return Problems(*texts, *numbers, np.array(counts, bool))


def test_what_came_back_is_of_the_kind_near_later_and_counted():
    days = first_again(problems())

    expected = [10, 1, math.inf, math.inf, OPEN, math.inf, math.inf, math.inf]
    assert np.array_equal(days, expected, equal_nan=True)


def test_a_case_whose_days_are_not_over_is_not_in_the_rate():
    assert recurrence(problems(), until=100) == [Recurred("A", 2, 5), Recurred("B", 0, 1)]
    assert recurrence(problems(), until=100, reach=Reach(days=5))[0] == Recurred("A", 1, 5)


def test_each_kind_has_metres_and_days_of_its_own():
    wide = Reach(of_kind={"litter": (70.0, 30.0)})

    # Row 4 is now near 0 as well, on day 13; 1 on day 11 is still the first.
    assert first_again(problems(), wide)[0] == 10
    narrow = Reach(of_kind={"litter": (19.0, 30.0)})
    # Row 0 comes back as 2 at the very place, eleven days later; row 1 has no neighbour left.
    assert recurrence(problems(), until=100, reach=narrow)[0] == Recurred("A", 1, 5)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["litter", "hawker"]),
            st.just("A"),
            st.integers(0, 120),
            st.integers(0, 120),
            st.integers(0, 40),
            st.one_of(st.just(OPEN), st.integers(0, 60)),
            st.booleans(),
        ),
        min_size=1,
        max_size=25,
    )
)
def test_the_quick_way_finds_what_asking_every_pair_finds(rows):
    def slowly(one):
        if math.isnan(one[5]):
            return OPEN
        near = (
            other[4] - one[5]
            for other in rows
            if other is not one
            and other[0] == one[0]
            and other[6]
            and math.hypot(other[2] - one[2], other[3] - one[3]) <= 50
            and other[4] > one[5]
        )
        return min(near, default=math.inf)

    # Equal rows are one object to Hypothesis at times; each must be a row of its own.
    rows = [tuple([*row]) for row in rows]
    assert np.array_equal(
        first_again(problems(rows)), [slowly(row) for row in rows], equal_nan=True
    )


def test_columns_of_two_lengths_are_refused():
    with pytest.raises(Refused) as no:
        Problems(*[np.array([], object)] * 2, *[np.zeros(1)] * 4, np.ones(1, bool))
    assert no.value.code == "columns_uneven"


def test_looking_twice_as_long_is_no_worse():
    rates = per_hour(np.array([4.0, 8.0, 3.0]), np.array([2.0, 4.0, 0.0]))
    assert np.array_equal(rates, [2.0, 2.0, OPEN], equal_nan=True)


def test_the_curve_is_that_of_the_textbook():
    """Remission under 6-MP (Freireich 1963), as Kaplan and Meier's estimate is taught with."""
    over = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    not_over = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    days = np.array(over + not_over, float)
    curve = kept(days, np.arange(len(days)) < len(over))

    assert curve.days.tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert [round(share, 3) for share in curve.kept] == [
        0.857,
        0.807,
        0.753,
        0.690,
        0.627,
        0.538,
        0.448,
    ]
    assert curve.watched.tolist() == [21, 17, 15, 12, 11, 7, 6]
    assert curve.at(5.9) == 1
    assert round(curve.at(30), 3) == 0.448
    assert curve.mean_within(7) == pytest.approx(6 + 0.857142857)
    # Greenwood on the scale log(-log): 0.620 to 0.952 at 6, as R's survfit(conf.type="log-log").
    assert [round(float(curve.low[0]), 3), round(float(curve.high[0]), 3)] == [0.620, 0.952]


def test_who_was_not_watched_tells_nothing():
    curve = kept(np.array([0.0, -3.0]), np.array([True, False]))
    assert (len(curve.days), curve.at(99), curve.mean_within(30)) == (0, 1, 30)


@pytest.mark.parametrize(
    ("moments", "burst"),
    [
        (range(0, 100, 5), -1),  # a clock
        ([1, 1, 1, 1], 1),  # all at once
        ([1, 2], math.nan),  # too few to say
    ],
)
def test_burstiness_at_its_ends(moments, burst):
    assert burstiness(np.array(moments, float)) == pytest.approx(burst, nan_ok=True)


def test_visits_by_chance_are_steady_and_bursts_are_not():
    rng = np.random.default_rng(1)
    chance = rng.random(400) * 300
    bursts = np.concatenate([rng.random(40) * 3 + 30 * month for month in range(10)])
    assert abs(burstiness(chance)) < 0.08
    assert steadiness(chance) > 0.9
    assert steadiness(bursts) < 0.5


def test_what_a_campaign_borrowed_comes_back():
    days = np.full(200, 10.0)
    campaigns = [(49, 49), (99, 99), (149, 149)]
    for _first, last in campaigns:
        days[last + 1 : last + 8] = 2.0  # a quiet week, and no longer
    told = rebound(days, campaigns)

    assert (told.before, told.after, told.later) == (10, 2, 10)
    assert told.rise == 8
    assert told.flat == pytest.approx(0.2)
    assert told.chance < 0.01


def test_a_campaign_that_changes_something_has_no_rebound():
    days = np.concatenate([np.full(100, 10.0), np.full(100, 4.0)])
    told = rebound(days, [(99, 99)])
    assert (told.after, told.later, told.flat) == (4, 4, 1)


def test_chance_is_told_where_the_days_go_up_and_down_anyway():
    noisy = np.random.default_rng(5).poisson(10, 400).astype(float)
    told = rebound(noisy, [(100, 100), (200, 200), (300, 300)])
    assert 0.05 < told.chance < 0.95


def test_no_campaign_on_record_is_no_rebound():
    assert math.isnan(rebound(np.ones(100), []).flat)
    assert math.isnan(rebound(np.ones(10), [(8, 8)]).rise)


WHOLE = {"kept": 0.8, "once": 0.6, "flat": 1.0, "steady": 0.5, "first": 0.4}


def test_the_index_is_the_weighted_mean():
    # 0.3×0.8 + 0.25×0.6 + 0.15×(1.0+0.5+0.4) = 0.675
    assert lasting_index(WHOLE) == pytest.approx(67.5)
    assert sum(WEIGHTS.values()) == 100
    assert lasting_index(WHOLE, {"kept": 50, "once": 50, "flat": 0}) == pytest.approx(70)


def test_what_is_not_known_shares_its_weight_out_until_too_little_is_left():
    known = {**WHOLE, "flat": math.nan}
    assert lasting_index(known) == pytest.approx(100 * 0.525 / 0.85)
    assert math.isnan(lasting_index({"flat": 1.0, "steady": 1.0, "first": 1.0}))
    assert math.isnan(lasting_index({}))


def test_the_index_says_what_hangs_on_its_weights():
    told = sensitivity(WHOLE)
    assert told.low < 67.5 < told.high
    assert told.without["flat"] == pytest.approx(100 * 0.525 / 0.85)
    assert set(told.without) == set(WEIGHTS)


def test_a_city_of_blitzes_comes_out_below_a_steady_one():
    """Five streets with as many visits, from steady to all before inspections: that order."""
    for seed in (1, 2, 3):
        index = [
            lasting_index(parts(street(blitz, seed=seed))) for blitz in (0, 0.25, 0.5, 0.75, 1)
        ]
        assert index == sorted(index, reverse=True)
        assert index[0] - index[-1] > 20
