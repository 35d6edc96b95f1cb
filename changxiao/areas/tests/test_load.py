"""Areas as rows: loaded once, for one city, with one entry."""

import json

import pytest
import shapely

from changxiao.areas.home import home_city
from changxiao.areas.load import load
from changxiao.areas.locate import locator
from changxiao.areas.models import Community, District, HomeCity, Subdistrict, UnitGrid
from changxiao.kernel.city import city
from changxiao.kernel.refused import Refused
from changxiao.ledger.models import Entry

pytestmark = pytest.mark.django_db


def test_an_empty_home_has_no_city():
    with pytest.raises(Refused, match="changxiao init"):
        home_city()


def test_a_city_is_loaded_and_the_second_time_changes_nothing():
    first = load(city("syracuse"))
    assert first["districts"] == 4 and first["unit_grids"] == UnitGrid.objects.count() > 3000
    head = list(UnitGrid.objects.values_list("id", "code")[:20])

    assert set(load(city("syracuse")).values()) == {0}
    assert list(UnitGrid.objects.values_list("id", "code")[:20]) == head
    assert Entry.objects.filter(stream="city:367300", verb="load").count() == 1
    assert locator().at(-76.1477, 43.05).district.startswith("Syracuse")


def test_another_city_is_refused_and_nothing_changed():
    load(city("syracuse"))
    with pytest.raises(Refused, match="已设为Syracuse") as no:
        load(city("chicago"))
    assert no.value.code == "home_taken"
    assert HomeCity.objects.get().code == "367300" and District.objects.count() == 4


def test_new_data_of_the_same_city_replace_what_changed():
    load(city("syracuse"))
    District.objects.update(name="old")
    HomeCity.objects.update(digest="of other data")

    assert set(load(city("syracuse")).values()) == {0}
    assert not District.objects.filter(name="old").exists()


def test_shantou_comes_with_its_statistics_codes():
    added = load(city("440500"))
    assert (added["districts"], added["subdistricts"], added["communities"]) == (7, 67, 1091)
    assert Subdistrict.objects.get(code="440507003").name == "珠池街道"
    assert Community.objects.filter(scheme="stats", generated=True).count() == 1091
    assert District.objects.filter(generated=False).count() == 7
    parents = Community.objects.filter(code__startswith="440511").values_list(
        "code", "subdistrict__code", "subdistrict__district__code"
    )
    assert all(code[:9] == street and code[:6] == district for code, street, district in parents)


def test_a_stored_outline_is_a_geojson_polygon_inside_its_box():
    load(city("syracuse"))
    grid = UnitGrid.objects.select_related("duty_grid").first()
    shape = shapely.from_geojson(json.dumps(grid.geometry))
    assert shape.is_valid and shape.area > 0
    assert shape.bounds == pytest.approx((grid.west, grid.south, grid.east, grid.north), abs=1e-7)
    assert grid.duty_grid.code.startswith(grid.code[:12])
