"""Nearest components: the right ones, in the right order, without reading the city."""

import re
from math import cos, radians

import pytest
from django.db import connection

from changxiao.assets.models import DEGREE, Component
from changxiao.assets.tests.conftest import MONDAY, Subcategory

LON, LAT = 116.68, 23.36


@pytest.fixture
def grid(city):
    """A square of 20 by 20 components, one every 50 metres, round the point."""
    kind = Subcategory.objects.first()
    step = 50 / DEGREE
    Component.everything.bulk_create(
        Component(
            code=f"4405110101{row * 20 + column:06}",
            name="上水井盖",
            subcategory=kind,
            lon=LON + (column - 10) * step / cos(radians(LAT)),
            lat=LAT + (row - 10) * step,
            updated_at=MONDAY,
        )
        for row in range(20)
        for column in range(20)
    )


def test_the_nearest_come_first_with_their_metres(grid):
    found = list(Component.objects.near(LON, LAT, 60))

    assert [round(each.metres) for each in found] == [0, 50, 50, 50, 50]


def test_a_radius_is_a_circle_and_not_a_square(grid):
    assert len(Component.objects.near(LON, LAT, 71, limit=50)) == 9
    assert len(Component.objects.near(LON, LAT, 70, limit=50)) == 5


def test_a_limit_keeps_the_nearest(grid):
    assert [round(each.metres) for each in Component.objects.near(LON, LAT, 500, limit=3)] == [
        0,
        50,
        50,
    ]


def test_far_away_there_is_nothing(grid):
    assert list(Component.objects.near(LON + 1, LAT, 500)) == []


def test_the_removed_are_left_out_where_asked(grid):
    Component.everything.filter(code__endswith="000210").update(state="removed")

    assert round(Component.objects.standing().near(LON, LAT, 60)[0].metres) == 50


def test_a_strip_of_one_index_is_read_and_not_the_table(grid):
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:  # four hundred rows alone would not be worth an index
            cursor.execute("SET LOCAL enable_seqscan = off")

    plan = Component.objects.near(LON, LAT, 100).explain()

    assert re.search(r"component_place.*lat\W+(<|>|\?)", plan, re.S), plan
