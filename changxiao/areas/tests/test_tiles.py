"""The ground as tiles: what stands where, drawn whole, each name once."""

import gzip
import json
import math
import re

import numpy as np
import pytest
import shapely
from django.contrib.auth import get_user_model
from django.test import Client

from changxiao.areas import tiles
from changxiao.areas.home import settle
from changxiao.areas.locate import locator_of
from changxiao.kernel.city import city
from changxiao.kernel.geo import wgs84_to_gcj02
from changxiao.kernel.mvt import EXTENT, Tile
from changxiao.kernel.tests.test_mvt import area, read

SPOT = (116.703, 23.365)  # 金平区, built up
LEVELS = {8: 1, 9: 2, 12: 3, 13: 4, 14: 5, 16: 5}


@pytest.fixture(scope="module")
def sheets():
    return tiles.sheets(locator_of("440500"))


def tile_of(lon, lat, z):
    x, y = width_of_world(lon, lat)
    return Tile(z, int(x * 2**z), int(y * 2**z))


def width_of_world(lon, lat):
    return (lon + 180) / 360, (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2


def drawn(sheets, tile):
    data = sheets.tile(tile)
    return read(gzip.decompress(data)) if data else {}


@pytest.mark.parametrize("zoom", LEVELS)
def test_the_closer_the_more_levels(sheets, zoom):
    found = drawn(sheets, tile_of(*SPOT, zoom))

    levels = ["district", "street", "community", "duty", "unit"]
    assert [name for name in levels if name in found] == levels[: LEVELS[zoom]]


def test_the_grid_that_a_point_is_in_is_drawn_around_it(sheets):
    place = locator_of("440500").at(*SPOT)
    tile = tile_of(*SPOT, 16)
    x, y = (int(axis[0]) for axis in tile.pixels([SPOT[0]], [SPOT[1]]))

    around = [
        told["code"]
        for told, _, rings in drawn(sheets, tile)["unit"]
        if shapely.Polygon(rings[0]).contains(shapely.Point(x, y))
    ]

    assert around == [place.unit_grid]


def test_outer_rings_turn_as_readers_expect(sheets):
    for features in (drawn(sheets, tile_of(*SPOT, z)) for z in (8, 12, 14)):
        for level in ("district", "street", "community", "unit"):
            assert all(area(rings[0]) > 0 for _, _, rings in features.get(level, []))


def test_each_name_of_a_level_is_written_once_over_all_tiles(sheets):
    west, north = tile_of(116.2, 23.7, 11)[1:]
    east, south = tile_of(117.4, 23.0, 11)[1:]
    told = [
        name["name"]
        for x in range(west, east + 1)
        for y in range(north, south + 1)
        for name, _, _ in drawn(sheets, Tile(11, x, y)).get("street_name", [])
    ]

    assert sorted(told) == sorted(one.name for one in locator_of("440500").ground.streets)


def test_nothing_reaches_further_beside_a_tile_than_its_margin(sheets):
    features = drawn(sheets, tile_of(*SPOT, 14))["unit"]
    every = [number for _, _, rings in features for ring in rings for xy in ring for number in xy]

    assert min(every) >= -66
    assert max(every) <= EXTENT + 66


@pytest.fixture
def browser(db):
    settle(city("440500"))
    client = Client()
    client.force_login(
        get_user_model().objects.create(username="chen", name="陈受理"),
        "django.contrib.auth.backends.ModelBackend",
    )
    return client


def test_a_tile_is_kept_by_the_browser_for_good(browser, sheets):
    z, x, y = tile_of(*SPOT, 14)

    answer = browser.get(f"/places/tiles/{sheets.edition}/{z}/{x}/{y}.pbf")

    assert answer.content == sheets.tile(Tile(z, x, y))
    assert answer["Content-Encoding"] == "gzip"
    assert "immutable" in answer["Cache-Control"] and "private" in answer["Cache-Control"]


def test_the_first_picture_has_every_district_and_street_where_it_is(browser, sheets):
    answer = browser.get(f"/places/tiles/{sheets.edition}/first.json")
    told = json.loads(gzip.decompress(answer.content))

    assert "immutable" in answer["Cache-Control"]
    assert (len(told["district"]["names"]), len(told["street"]["names"])) == (7, 67)
    spot = shapely.Point(*np.array(width_of_world(*SPOT)) / told["step"] - told["origin"])
    ((land, names),) = [one for one in drawn_first(told["district"]) if one[0].contains(spot)]
    (street,) = [one for one, _ in drawn_first(told["street"]) if one.contains(spot)]
    assert "金平区" in names
    assert land.buffer(2).contains(street)


def drawn_first(level):
    """Each outline, and the names that stand in it."""
    for x, y, steps in re.findall(r"M(-?\d+) (-?\d+)l([^z]+)z", level["path"]):
        corners = np.cumsum(
            [[int(x), int(y)], *np.array(steps.split(), int).reshape(-1, 2)], axis=0
        )
        shape = shapely.Polygon(corners)
        yield shape, [n for n, *at in level["names"] if shape.contains(shapely.Point(at))]


@pytest.mark.parametrize(
    ("path", "status"), [("14/0/0", 204), ("17/1/1", 404), ("3/8/0", 404), ("3/0/8", 404)]
)
def test_the_empty_sea_is_no_content_and_what_is_no_tile_is_not_found(browser, path, status):
    assert browser.get(f"/places/tiles/x/{path}.pbf").status_code == status


def test_a_point_is_told_in_words_in_whatever_datum_it_comes(browser):
    told = browser.get("/places/at?lon=116.703&lat=23.365").json()
    x, y = (float(axis) for axis in wgs84_to_gcj02(*SPOT))
    same = browser.get(f"/places/at?lon={x}&lat={y}&crs=gcj02").json()

    assert told["words"].startswith("金平区") and told["unit_grid"] in told["words"]
    assert same["unit_grid"] == told["unit_grid"]
    assert same["lon"] == pytest.approx(116.703, abs=1e-4)


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("lon=113.2&lat=23.365", "公里"),
        ("lon=23.4&lat=116.7", "纬度"),
        ("lon=&lat=1", "数字"),
        ("lon=nan&lat=1", "数字"),
        ("lon=1", "数字"),
        ("lon=116.7&lat=23.3&crs=mars", "坐标系"),
    ],
)
def test_what_is_no_place_in_the_city_is_said_in_a_sentence(browser, query, says):
    answer = browser.get(f"/places/at?{query}")

    assert answer.status_code == 422
    assert says in answer.json()["words"]
