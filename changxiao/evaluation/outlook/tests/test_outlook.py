"""Outlook: hot cells are found where they were planted, forecasts know nothing of the future."""

import numpy as np
import pytest

from changxiao.evaluation.outlook.forecast import (
    WARM,
    back_test,
    coverage,
    mase,
    next_week,
    seasons,
)
from changxiao.evaluation.outlook.hotspots import hotspots
from changxiao.kernel.refused import Refused


def spread(rng, count, side=6000.0):
    return rng.random(count) * side, rng.random(count) * side


def test_the_planted_spot_is_hot_and_little_else():
    rng = np.random.default_rng(3)
    x, y = spread(rng, 2000)
    planted = rng.normal([2000.0, 4000.0], 150.0, (200, 2))
    cells = hotspots(np.append(x, planted[:, 0]), np.append(y, planted[:, 1]))

    away = np.hypot(cells.x - 2000, cells.y - 4000)
    assert cells.hot[away < 200].all()
    assert not cells.hot[away > 1200].any()
    assert cells.count.sum() == 2200
    assert cells.z[cells.hot].min() > cells.z[~cells.hot].max()


def test_where_cases_fall_by_chance_hardly_a_city_has_a_hot_spot():
    """Held against each other, five cities in a hundred may show one; by z alone nearly all do."""
    rng = np.random.default_rng(11)
    cities = [hotspots(*spread(rng, 1500)) for _city in range(40)]
    assert sum(city.hot.any() for city in cities) <= 6
    assert sum((city.z > 1.96).any() for city in cities) == 40


@pytest.mark.parametrize(
    ("x", "y", "code"),
    [
        ([], [], "points_few"),
        ([0.0, 10.0], [0.0, 10.0], "points_few"),
        ([0.0, 1e9], [0.0, 1e9], "cells_many"),
    ],
)
def test_what_cannot_be_asked_is_refused(x, y, code):
    with pytest.raises(Refused) as no:
        hotspots(np.array(x), np.array(y))
    assert no.value.code == code


def city(seed=7, streets=30, weeks=208):
    rng = np.random.default_rng(seed)
    level = rng.gamma(4, 3, streets)[:, None]
    season = 1 + 0.4 * np.sin(2 * np.pi * np.arange(weeks) / 52)
    return rng.poisson(level * season).astype(float)


def test_nothing_of_the_future_is_known():
    weeks = city()
    changed = weeks.copy()
    changed[:, 150:] *= 9
    before, after = back_test(weeks), back_test(changed)

    told = 150 - WARM + 1  # the forecast of week 150 is made before it
    assert np.array_equal(before.expected[:, :told], after.expected[:, :told])
    assert not np.array_equal(before.expected[:, told:], after.expected[:, told:])


def test_the_last_week_of_a_back_test_is_what_would_have_been_said():
    weeks = city()
    said = next_week(weeks[:, :-1])
    tried = back_test(weeks)
    for one in ("expected", "low", "high"):
        assert np.array_equal(getattr(said, one)[:, 0], getattr(tried, one)[:, -1])


def test_counts_with_a_season_are_covered_and_better_than_last_year():
    weeks = city()
    tried = back_test(weeks)
    actual, lastyear = weeks[:, WARM:], weeks[:, WARM - 52 : -52]
    assert 0.85 <= coverage(actual, tried) <= 0.95
    known = weeks[:, :WARM]
    assert mase(actual, tried.expected, known) < 0.85 * mase(actual, lastyear, known)
    assert (tried.low >= 0).all()


def test_the_season_is_that_of_the_years_before():
    weeks = np.tile(np.repeat([1.0, 3.0], 26), 4)
    found = seasons(weeks, 208)
    assert found[:52].tolist() == [1] * 52
    assert found[150] > found[110 + 52]  # the busy half of the year, and the quiet one


@pytest.mark.parametrize("weeks", [10, WARM - 1])
def test_too_little_to_forecast_by_is_refused(weeks):
    with pytest.raises(Refused) as no:
        next_week(np.ones((3, weeks)))
    assert (no.value.code, no.value.field) == ("weeks_few", "weeks")
