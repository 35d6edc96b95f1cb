"""A city is data: found by code, folder or name."""

import pytest

from changxiao.kernel.city import cities, city
from changxiao.kernel.refused import Refused


@pytest.mark.parametrize("name", ["440500", "汕头市", "Shantou"])
def test_a_city_is_found_by_each_of_its_names(name):
    assert city(name).code == "440500" and city(name).crs == "gcj02"


def test_an_unknown_city_is_refused_with_those_there_are():
    with pytest.raises(Refused, match="440500、chicago、dc、syracuse"):
        city("nowhere")


def test_every_city_says_where_it_is():
    for one in cities():
        west, south, east, north = one.bbox
        assert west < one.centre[0] < east and south < one.centre[1] < north
        assert one.ground["cell_m"] > 0 and one.name_en
