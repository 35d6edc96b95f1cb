"""Where is this point? One by one, in columns, at the edges, and for points of others."""

import csv
import gzip

import numpy as np
import pytest
import shapely

from changxiao.areas import outlines
from changxiao.areas.locate import locator_of
from changxiao.kernel.geo import Scale
from changxiao.kernel.refused import Refused


@pytest.fixture(scope="module")
def shantou():
    return locator_of("440500")


def some_points(base, count=20_000):
    bounds = shapely.total_bounds([tract.outline for tract in base.districts])
    rng = np.random.default_rng(20260302)
    west, south, east, north = bounds
    return rng.uniform(west, east, count), rng.uniform(south, north, count)


def test_a_point_of_the_old_town_has_all_its_codes(shantou):
    place = shantou.at(116.70, 23.36)
    assert (place.district_code, place.district) == ("440511", "金平区")
    assert place.unit_grid.startswith(place.community_code)
    assert place.community_code.startswith(place.street_code)
    assert place.duty_grid.startswith(place.community_code)
    assert place.boundary_m > 0


def test_the_datum_is_converted_at_the_edge(shantou):
    assert shantou.at(116.70, 23.36, crs="gcj02") != shantou.at(116.70, 23.36)


def test_the_countryside_has_a_community_but_no_grid(shantou):
    place = shantou.at(116.40, 23.20)
    assert place.community_code and (place.unit_grid, place.duty_grid) == ("", "")


def test_a_point_outside_is_refused_with_the_nearest_district(shantou):
    with pytest.raises(Refused, match=r"汕头市.*离最近的潮南区边界 \d+\.\d 公里") as no:
        shantou.at(116.0, 23.3)
    assert (no.value.code, no.value.field) == ("outside_city", "lon")


@pytest.mark.parametrize("lon", [float("nan"), float("inf"), 999.0])
def test_no_number_gets_through(shantou, lon):
    with pytest.raises(Refused):
        shantou.at(lon, 23.3)


def test_columns_agree_with_one_by_one(shantou):
    lons, lats = some_points(shantou.ground, 4000)
    found = shantou.many(lons, lats, boundary=True)
    for number, (lon, lat) in enumerate(zip(lons.tolist(), lats.tolist(), strict=True)):
        place = shantou.place(found, number)
        if place is None:
            with pytest.raises(Refused):
                shantou.at(lon, lat)
        else:
            assert shantou.at(lon, lat) == place


def test_arithmetic_agrees_with_the_polygons(shantou):
    base = shantou.ground
    lons, lats = some_points(base)
    found = shantou.many(lons, lats)
    tree = shapely.STRtree(outlines.pieces(base, base.communities))
    point, piece = tree.query(shapely.points(lons, lats), predicate="within")
    expected = np.full(len(lons), -1)
    expected[point] = piece
    assert (expected == found.community).all()
    grids = shapely.STRtree(outlines.unit_grids(base))
    point, unit = grids.query(shapely.points(lons, lats), predicate="within")
    expected = np.full(len(lons), -1)
    expected[point] = unit
    assert (expected == found.unit).all()


def test_the_metres_to_the_boundary_are_those_to_the_polygon(shantou):
    base = shantou.ground
    lons, lats = some_points(base, 2000)
    found = shantou.many(lons, lats, boundary=True)
    scale = Scale.at((base.lattice.north + base.lattice.lat(base.lattice.rows)) / 2)
    drawn = outlines.pieces(base, base.communities)
    for number in np.flatnonzero(found.community >= 0):
        edge = drawn[found.community[number]].boundary
        plane = shapely.transform(edge, lambda points: points * [scale.east, scale.north])
        point = shapely.Point(lons[number] * scale.east, lats[number] * scale.north)
        assert plane.distance(point) == pytest.approx(found.boundary_m[number], rel=1e-3, abs=0.05)


def test_corners_of_districts_belong_to_somebody(shantou):
    corners = np.vstack(
        [shapely.get_coordinates(tract.outline) for tract in shantou.ground.districts]
    )
    found = shantou.many(corners[:, 0], corners[:, 1], boundary=True)
    assert (found.community >= 0).all()
    assert found.boundary_m.max() < 0.01


def test_every_geonames_point_falls_where_it_should(shantou, outside_data):
    path = outside_data / "geo" / "geonames_points_sample.csv"
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    for row in rows:
        lon, lat = float(row["lon_wgs84"]), float(row["lat_wgs84"])
        if row["district_amap2020"]:
            assert shantou.at(lon, lat).district_code == row["district_amap2020"]
        else:
            with pytest.raises(Refused, match="离最近的"):
                shantou.at(lon, lat)
    assert sum(bool(row["district_amap2020"]) for row in rows) == 19


CIVIC = [
    ("chicago", "chicago_sanitation_to_2013-06.csv.gz", "lon", "lat", 46_413),
    ("dc", "dc311_2014_with_due_dates.csv.gz", "LONGITUDE", "LATITUDE", None),
    (
        "syracuse",
        "syracuse_potholes_filled_2016.csv.gz",
        "lon_as_published_Latitude",
        "lat_as_published_Longitude",
        7538,
    ),
]


@pytest.mark.parametrize(("city", "name", "lon", "lat", "count"), CIVIC)
def test_every_valid_point_of_another_city_has_a_unit_grid(
    outside_data, city, name, lon, lat, count
):
    with gzip.open(outside_data / "civic311" / name, "rt", encoding="utf-8") as file:
        told = [(row[lon], row[lat]) for row in csv.DictReader(file)]
    pairs = [(float(x), float(y)) for x, y in told if x and y and float(x) and float(y)]
    if city == "syracuse":  # published under swapped headings
        pairs = [(max(pair, key=abs) if max(pair) < 0 else min(pair), max(pair)) for pair in pairs]
    found = locator_of(city).many(*np.array(pairs).T)
    assert (found.unit >= 0).all()
    assert count in {None, len(pairs)}
