"""Components of a tile: those that stand there and are within reach."""

import math

import pytest

from changxiao.assets import tiles
from changxiao.assets.models import Component
from changxiao.assets.tests.conftest import MONDAY, Subcategory
from changxiao.kernel.mvt import Tile
from changxiao.kernel.scope import Grant, Viewer, viewing
from changxiao.kernel.tests.test_mvt import read

LON, LAT = 116.68, 23.36


def tile_of(lon, lat, z=16):
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * 2**z
    return Tile(z, int((lon + 180) / 360 * 2**z), int(y))


@pytest.fixture
def cover(city):
    def stand(number, **more):
        told = {"lon": LON, "lat": LAT, "name": "上水井盖", "updated_at": MONDAY} | more
        return Component.everything.create(
            code=f"4405110101{number:06}", subcategory=Subcategory.objects.first(), **told
        )

    return stand


def codes(tile):
    drawn = tiles.tile(tile)
    return [told["code"] for told, _, _ in read(drawn)["component"]] if drawn else []


def test_a_component_is_in_its_tile_and_in_no_other(cover):
    one = cover(1)
    here = tile_of(LON, LAT)

    assert codes(here) == [one.code]
    assert codes(Tile(16, here.x + 1, here.y)) == []


def test_what_was_abolished_is_not_drawn(cover):
    cover(1, state="abolished")

    assert codes(tile_of(LON, LAT)) == []


@pytest.mark.parametrize(("area", "there"), [("440511", True), ("440507", False), ("", True)])
def test_a_tile_holds_what_its_viewer_may_see(cover, area, there):
    cover(1)
    with viewing(Viewer("staff", "chen", (Grant("intake", area),))):
        assert bool(codes(tile_of(LON, LAT))) is there
