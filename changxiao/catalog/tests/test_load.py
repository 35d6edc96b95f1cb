"""装载目录: what is shipped arrives, and comes again without a trace."""

import pytest

from changxiao.catalog import policy, timetable
from changxiao.catalog.editions import by_key, to_cjt214, to_gb
from changxiao.catalog.load import load
from changxiao.catalog.models import Edition, FilingCriterion, Subcategory
from changxiao.ledger.models import Entry

pytestmark = pytest.mark.django_db


def test_every_national_subcategory_has_a_criterion_in_shantou():
    load("440500")
    bare = Subcategory.objects.filter(edition=Edition.GB, criteria__isnull=True)
    assert Subcategory.objects.filter(edition=Edition.GB).count() == 184
    assert not bare.exists()


def test_a_second_load_adds_nothing_and_writes_no_entry():
    load("440500")
    entries = Entry.objects.count()
    assert set(load("440500").values()) == {0}
    assert Entry.objects.count() == entries == 1


def test_a_staged_limit_names_the_next_stage_with_a_limit_of_its_own():
    load("440500")
    first = FilingCriterion.objects.get(code="E0501-01")
    chain = [first, first.successor, first.successor.successor]
    assert [row.stage_name for row in chain] == ["围护", "修复", "路面"]
    assert [str(row.limit) for row in chain] == ["3 紧急工作时", "8 紧急工作时", "5 工作日"]
    assert chain[2].successor is None


@pytest.mark.parametrize(
    ("city", "zone"), [("chicago", "America/Chicago"), ("dc", "America/New_York")]
)
def test_another_city_is_only_data(city, zone):
    load(city)
    assert policy.text("timezone") == timetable.calendar_for().zone.key == zone
    assert not timetable.calendar_for().provisional(2013)
    assert FilingCriterion.objects.exclude(closing_needs=[]).count() == 0


# domain.md §3.4
@pytest.mark.parametrize(
    ("gb", "cjt"),
    [
        ("e0110", "0102"),
        ("e0113", "0110"),
        ("e0136", "0507"),
        ("e0129", "0510"),
        ("e0409", "0505"),
        ("c0308", "0501"),
    ],
)
def test_old_and_new_codes_translate_both_ways(gb, cjt):
    load("440500")
    subcategory = by_key(gb)
    assert to_cjt214(subcategory).code == cjt
    assert subcategory in to_gb(subcategory.kind, cjt)


def test_every_old_code_in_the_table_exists_in_the_old_catalogue():
    load("440500")
    national = Subcategory.objects.filter(edition=Edition.GB).exclude(cjt214_code="")
    assert national.count() > 90
    assert all(to_cjt214(row) is not None for row in national)
