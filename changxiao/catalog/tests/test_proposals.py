"""派遣建议: component, table, place, over the whole matrix."""

from datetime import date
from itertools import product

import pytest

from changxiao.catalog import actions
from changxiao.catalog.models import Responsibility
from changxiao.catalog.proposals import unit_for
from changxiao.catalog.tests.conftest import MONDAY, SINCE, act, make_unit

pytestmark = pytest.mark.django_db
PLACE = "440511002003"
DAY = MONDAY.date()


def codes(criterion, **more):
    return [one.unit.code for one in unit_for(criterion, PLACE, DAY, **more)]


@pytest.mark.parametrize(
    ("maintainer", "owner", "table", "place"), list(product([True, False], repeat=4))
)
def test_every_mixture_of_sources_comes_in_one_order(criterion, maintainer, owner, table, place):
    units = {name: make_unit(name) for name in ("maintainer", "owner", "table")}
    make_unit("place", "subdistrict" if place else "squad", area_code="440511002")
    if table:
        actions.set_responsibility(criterion, unit=units["table"], since=SINCE, act=act())
    found = unit_for(
        criterion,
        PLACE,
        DAY,
        owner=units["owner"] if owner else None,
        maintainer=units["maintainer"] if maintainer else None,
    )
    reasons = {
        "maintainer": "部件管养单位",
        "owner": "部件权属单位",
        "table": "立案标准×区域责任表（全市）",
        "place": "属地",
    }
    used = zip(reasons, (maintainer, owner, table, place), strict=True)
    expected = [name for name, there in used if there]
    assert [one.unit.code for one in found] == [one.kind for one in found] == expected
    assert [one.reason for one in found] == [reasons[name] for name in expected]
    assert [one.rank for one in found] == list(range(len(expected)))


@pytest.mark.parametrize("areas", [("", "440511"), ("440511", "440511002"), ("44", "440511002003")])
@pytest.mark.parametrize("level", ["criterion", "subcategory", "category"])
def test_the_longer_area_wins_whatever_the_subject(criterion, sanitation, parks, areas, level):
    subjects = {
        "criterion": criterion,
        "subcategory": criterion.subcategory,
        "category": criterion.subcategory.category,
    }
    actions.set_responsibility(criterion, unit=parks, area_code=areas[0], since=SINCE, act=act())
    actions.set_responsibility(
        subjects[level], unit=sanitation, area_code=areas[1], since=SINCE, act=act()
    )
    assert codes(criterion) == ["HW", "YL"]


def test_in_one_area_the_finer_subject_wins_and_a_ruling_before_the_table(
    criterion, sanitation, parks
):
    subcategory, streets = criterion.subcategory, make_unit("SZ")
    actions.set_responsibility(subcategory.category, unit=streets, since=SINCE, act=act())
    actions.set_responsibility(subcategory, unit=parks, since=SINCE, act=act())
    actions.set_responsibility(
        subcategory,
        unit=sanitation,
        priority=1,
        origin="ruling",
        basis="案卷202603020001",
        since=SINCE,
        act=act(),
    )
    found = unit_for(criterion, PLACE, DAY)
    assert [one.unit.code for one in found] == ["HW", "YL", "SZ"]
    assert found[0].reason == "权属裁定（全市），案卷202603020001"


def test_another_area_another_day_and_another_subject_do_not_count(criterion, sanitation):
    actions.set_responsibility(
        criterion, unit=sanitation, area_code="440507", since=SINCE, act=act()
    )
    actions.set_responsibility(
        criterion, unit=sanitation, area_code="440511", since=date(2026, 3, 3), act=act()
    )
    assert codes(criterion) == []


def test_who_held_it_before_stops_on_the_day_the_next_one_starts(criterion, sanitation, parks):
    actions.set_responsibility(criterion, unit=parks, since=SINCE, act=act())
    actions.set_responsibility(criterion, unit=sanitation, act=act())
    assert codes(criterion) == ["HW"]
    assert [one.unit.code for one in unit_for(criterion, PLACE, date(2026, 3, 1))] == ["YL"]


def test_a_merged_unit_is_replaced_by_its_heir_and_named_once(criterion, sanitation, parks):
    actions.set_responsibility(criterion, unit=parks, since=SINCE, act=act())
    parks.until_date, parks.successor = DAY, sanitation
    parks.save()
    assert codes(criterion, owner=sanitation) == ["HW"]


def test_a_district_department_is_not_the_place(criterion, sanitation):
    center = make_unit("ZH", "command_center")
    make_unit("QX-JP", "subcenter", area_code="440511", parent=center)
    make_unit("HW-JP", "subcenter", area_code="440511", parent=sanitation)
    assert codes(criterion) == ["QX-JP"]


def test_a_row_names_exactly_one_subject(criterion, sanitation):
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        Responsibility.objects.create(unit=sanitation, since_date=SINCE)
