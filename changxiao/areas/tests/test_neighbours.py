"""Duty grids that touch: both ways, never oneself, and really side by side."""

import pytest
import shapely

from changxiao.areas import outlines
from changxiao.areas.generate import ground
from changxiao.areas.locate import Locator
from changxiao.areas.neighbours import neighbours


@pytest.fixture(scope="module")
def known():
    return Locator(ground("440500"))


def test_neighbourhood_is_mutual_and_never_oneself(known):
    for code in known.ground.units.duty_codes:
        beside = neighbours(known, code)
        assert code not in beside
        assert all(code in neighbours(known, other) for other in beside)


def test_neighbours_touch_on_the_map(known):
    base = known.ground
    shapes = outlines.duty_grids(base, outlines.unit_grids(base))
    number = {code: at for at, code in enumerate(base.units.duty_codes)}
    for code in base.units.duty_codes[::40]:
        here = shapes[number[code]].buffer(1e-7)
        for other in neighbours(known, code):
            assert shapely.intersects(here, shapes[number[other]]), (code, other)


def test_an_unknown_grid_has_none(known):
    assert neighbours(known, "") == neighbours(known, "440511999999Z99") == frozenset()
