"""Datums into each other and back, and lengths."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from changxiao.kernel import geo
from changxiao.kernel.geo import Crs, Point, Scale
from changxiao.kernel.refused import Refused

LON = st.floats(74, 134, allow_nan=False)
LAT = st.floats(18, 53, allow_nan=False)


@given(LON, LAT, st.sampled_from(list(Crs)))
def test_a_round_trip_comes_home_to_a_tenth_of_a_millimetre(lon, lat, crs):
    there = geo.from_wgs84_many([lon], [lat], crs)
    x, y = geo.to_wgs84_many(*there, crs)
    assert abs(x[0] - lon) < 1e-9 and abs(y[0] - lat) < 1e-9


def test_gcj02_agrees_with_a_published_pair():
    # Tian'anmen: the pair printed with most open implementations of the offset
    x, y = geo.wgs84_to_gcj02([116.404], [39.915])
    assert (round(float(x[0]), 6), round(float(y[0]), 6)) == (116.410244, 39.916404)


def test_bd09_agrees_with_a_published_pair():
    x, y = geo.gcj02_to_bd09([116.404], [39.915])
    assert (round(float(x[0]), 6), round(float(y[0]), 6)) == (116.410369, 39.921337)


def test_shantou_shifts_by_about_five_hundred_metres():
    x, y = geo.wgs84_to_gcj02([116.70], [23.36])
    moved = geo.metres_between(Point(116.70, 23.36), Point(float(x[0]), float(y[0])))
    assert 450 < moved < 620


@given(st.floats(-180, 70), LAT)
def test_outside_china_nothing_moves(lon, lat):
    assert geo.to_wgs84(lon, lat, "gcj02") == (lon, lat)
    assert geo.to_wgs84(lon, lat, "bd09") == (lon, lat)


def test_one_by_one_equals_in_columns():
    lons, lats = np.linspace(116.2, 117.1, 50), np.linspace(23.0, 23.6, 50)
    x, y = geo.to_wgs84_many(lons, lats, "bd09")
    one = [geo.to_wgs84(*pair, "bd09") for pair in zip(lons, lats, strict=True)]
    assert one == list(zip(x.tolist(), y.tolist(), strict=True))


@pytest.mark.parametrize("text", ["", "WGS-84", "wgs84", "CGCS2000"])
def test_names_of_the_inner_datum(text):
    assert geo.read_crs(text) is Crs.WGS84


def test_an_unknown_datum_is_named():
    with pytest.raises(Refused, match="utm") as no:
        geo.read_crs("utm")
    assert no.value.field == "crs"


@pytest.mark.parametrize(("lon", "lat", "field"), [(181, 0, "lon"), (23, 116, "lat")])
def test_degrees_out_of_range_are_refused(lon, lat, field):
    with pytest.raises(Refused) as no:
        geo.to_wgs84(lon, lat, "wgs84")
    assert no.value.field == field


def test_a_degree_is_as_long_as_the_tables_say():
    # WGS-84 at 45°: 78,847 m east, 111,132 m north
    scale = Scale.at(45)
    assert abs(scale.east - 78_847) < 5 and abs(scale.north - 111_132) < 5
