"""The ground of every city: pieces tile their parent, grids are numbered, nothing is random."""

import numpy as np
import pytest
import shapely

from changxiao.areas import outlines
from changxiao.areas.generate import draw, ground
from changxiao.areas.partition import Rect, cut
from changxiao.kernel.city import cities, city

CITIES = [one.folder.name for one in cities()]
# one square millimetre in degrees²: rounding, not ground
NOTHING = 1e-16


@pytest.fixture(scope="module")
def shantou():
    return ground("440500")


def test_shantou_has_all_codes_of_the_statistics(shantou):
    assert len(shantou.districts) == 7
    assert len(shantou.streets) == 67
    assert len(shantou.communities) == 1091
    assert len({piece.code for piece in shantou.communities}) == 1091


def test_districts_are_real_and_neither_overlap_nor_gape(shantou):
    tracts = [tract.outline for tract in shantou.districts]
    assert not any(tract.generated for tract in shantou.districts)
    assert shapely.coverage_is_valid(tracts)


@pytest.mark.parametrize("name", CITIES)
@pytest.mark.parametrize("level", ["streets", "communities"])
def test_pieces_tile_their_district_exactly(name, level):
    base = ground(name)
    pieces = getattr(base, level)
    drawn = np.array(outlines.pieces(base, pieces), dtype=object)
    owner = np.array([piece.district for piece in pieces])
    for number, tract in enumerate(base.districts):
        held = drawn[owner == number]
        assert (shapely.area(held) > 0).all()
        assert abs(shapely.area(held).sum() - tract.outline.area) < NOTHING * len(held) * 1000
        assert tract.outline.difference(shapely.union_all(held)).area < 1e-12


def test_unit_grids_do_not_overlap_and_cover_what_is_built_up(shantou):
    drawn = outlines.unit_grids(shantou)
    pairs = shapely.STRtree(drawn).query(drawn, predicate="overlaps")
    shared = shapely.intersection(np.array(drawn)[pairs[0]], np.array(drawn)[pairs[1]])
    assert shapely.area(shared).sum() < 1e-12
    row, col = np.nonzero(shantou.units.plane.max(axis=0) >= 0)
    assert len(set(zip(row, col, strict=True))) <= len(drawn)
    assert 12_000 < len(drawn) < 20_000


def test_no_unit_grid_is_a_sliver_where_it_has_a_neighbour(shantou):
    square = shantou.lattice.width * shantou.lattice.height
    areas = shapely.area(outlines.unit_grids(shantou)) / square
    assert (areas > 0).all()
    assert (areas < 0.3).sum() < 20 and areas.max() < 2.5


def test_grids_are_numbered_from_west_to_east_and_north_to_south(shantou):
    units = shantou.units
    first = int(units.community[0])
    held = units.cells[units.community == first]
    assert held.tolist() == sorted(held.tolist())
    assert units.codes[0] == f"{shantou.communities[first].code}001"
    assert all(len(code) == 15 for code in units.codes)
    assert len(set(units.codes)) == len(units.codes)


def test_a_duty_grid_is_some_dozen_grids_of_one_community(shantou):
    units = shantou.units
    owner = np.array(units.duty_community)
    assert (owner[units.duty] == units.community).all()
    sizes = np.bincount(units.duty, minlength=len(units.duty_codes))
    assert sizes.min() >= 1 and 25 < sizes.mean() < 45 and sizes.max() <= 60


def test_the_same_data_draw_the_same_ground(shantou):
    again = draw(city("440500"))
    assert again.units.codes == shantou.units.codes
    assert (again.units.plane == shantou.units.plane).all()
    assert [piece.rect for piece in again.streets] == [piece.rect for piece in shantou.streets]


def test_a_piece_too_small_for_its_shares_is_an_error():
    with pytest.raises(ValueError, match="4 cells"):
        cut(np.ones((2, 2), dtype=bool), Rect(0, 2, 0, 2), [1] * 5)
