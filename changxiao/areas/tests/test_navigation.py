"""Each map opens the very point, in its own datum."""

from urllib.parse import parse_qs, urlsplit

import pytest

from changxiao.areas.navigation import links
from changxiao.kernel.geo import Crs, to_wgs84

SPOT = (116.703, 23.365)


def query(number):
    return {
        k: v[0] for k, v in parse_qs(urlsplit(links(*SPOT, "道路破损")[number].url).query).items()
    }


@pytest.mark.parametrize(
    ("number", "crs", "pair"),
    [
        (0, Crs.GCJ02, lambda told: told["to"].split(",")[:2]),
        (1, Crs.BD09, lambda told: told["location"].split(",")[::-1]),
        (2, Crs.GCJ02, lambda told: told["tocoord"].split(",")[::-1]),
    ],
)
def test_the_way_back_from_each_link_is_the_point(number, crs, pair):
    lon, lat = map(float, pair(query(number)))

    assert (lon, lat) != pytest.approx(SPOT, abs=1e-3)
    assert tuple(to_wgs84(lon, lat, crs)) == pytest.approx(SPOT, abs=1e-6)


def test_a_name_with_signs_in_it_stays_one_value():
    url = links(*SPOT, "a&to=1,2#x")[2].url

    assert parse_qs(urlsplit(url).query)["to"] == ["a&to=1,2#x"]
