"""What a phone carries answers as the city does, also where a district's edge cuts a grid."""

from itertools import pairwise

import numpy as np
import pytest

from changxiao.areas import extract
from changxiao.areas.locate import locator_of
from changxiao.kernel.refused import Refused


@pytest.fixture(scope="module")
def known():
    return locator_of("440500")


def found(told, lon, lat):
    """The phone's arithmetic, in Python: field/static/field/ground.js."""
    west, north, width, height = told["lattice"]
    at = int((north - lat) // height), int((lon - west) // width)
    for row, col, unit in zip(*told["cells"], strict=True):
        cut = told["cut"].get(str(unit))
        if (row, col) == at and (cut is None or inside(cut, lon, lat)):
            return told["units"][unit], told["duty"][told["duty_of"][unit]]["code"]
    return "", ""


def inside(rings, lon, lat):
    odd = False
    for steps in rings:
        points = np.cumsum(np.array(steps).reshape(-1, 2), axis=0) / extract.FINE
        for (x0, y0), (x1, y1) in pairwise(points):
            if (y0 > lat) != (y1 > lat) and lon < x0 + (lat - y0) * (x1 - x0) / (y1 - y0):
                odd = not odd
    return odd


@pytest.mark.parametrize("area", ["440507003001Z01", "440511005", "440507"])
def test_the_phone_finds_the_grid_that_the_city_finds(known, area):
    duty = extract.below(known, area)[:4]
    told = extract.extract(known, duty)
    chance = np.random.default_rng(7)
    rows, cols, _units = (np.array(one) for one in told["cells"])
    west, north, width, height = told["lattice"]

    for pick in chance.integers(0, len(rows), 60):
        lon = west + (cols[pick] + chance.random()) * width
        lat = north - (rows[pick] + chance.random()) * height
        try:
            place = known.at(lon, lat)
            wanted = place.unit_grid, place.duty_grid
        except Refused:
            wanted = "", ""
        assert found(told, lon, lat) == wanted


def test_only_ones_own_grids_have_an_outline_and_the_margin_is_there(known):
    own = extract.below(known, "440511005")[:2]
    told = extract.extract(known, own)

    named = {row["code"]: row for row in told["duty"]}
    mine = {known.ground.units.duty_codes[one] for one in own}
    assert {code for code, row in named.items() if row["own"]} == mine
    assert all(bool(row["rings"]) == row["own"] for row in named.values())
    assert set(told["units"]) > set().union(*(extract.units_of(known)[code] for code in mine))


def test_of_too_many_those_nearest_to_the_phone_come(known):
    every = extract.below(known, "")
    lon, lat = 116.703, 23.365

    near = extract.nearest(known, every, lon, lat, 5)

    here = known.at(lon, lat).duty_grid
    assert len(near) == 5
    assert here in {known.ground.units.duty_codes[one] for one in near}


def test_an_area_without_grids_is_empty_and_not_an_error(known):
    assert extract.extract(known, [])["units"] == []
