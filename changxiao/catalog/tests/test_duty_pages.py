"""责任表、试派、责任空白: who answers for what where, why, and where nobody does."""

import time
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from changxiao.areas.home import settle
from changxiao.catalog import actions, proposals, trial, where
from changxiao.catalog.gaps import Cover, gaps
from changxiao.catalog.load import load
from changxiao.catalog.models import FilingCriterion, Responsibility, Subcategory
from changxiao.catalog.tests.browsing import changes, edit, opened, previewed, signed_in
from changxiao.catalog.tests.conftest import MONDAY, act, make_unit
from changxiao.catalog.tests.test_criteria_pages import undone
from changxiao.kernel.city import city
from changxiao.kernel.day import today
from changxiao.kernel.refused import Refused
from changxiao.ledger.models import Entry

pytestmark = pytest.mark.django_db
DUTIES = "/settings/catalog/responsibilities/"
NEW = f"{DUTIES}new/"
JINPING, LONGHU = "440511", "440507"


@pytest.fixture
def client():
    settle(city("440500"))
    return signed_in()


@pytest.fixture
def shantou(db):
    place = city("440500")
    settle(place)
    return place


def current(**told):
    return Responsibility.objects.filter(until_date=None, **told)


def test_a_rule_is_added_by_names_and_undone(client, criterion, sanitation):
    told = {"subject": "e0110", "area": "金平区", "unit": "HW", "basis": "市府〔2026〕1号"}
    shown = previewed(client, NEW, opened(client, NEW), **told)
    assert ("责任单位", "", "HW HW") in changes(shown)
    assert not Responsibility.objects.exists()

    edit(client, NEW, **told)
    row = current().get()
    assert (row.area_code, row.unit, row.priority) == (JINPING, sanitation, 0)
    undone(client, "responsibility", f"e0110@{JINPING}", 1)
    assert not current().exists()


def test_another_unit_takes_over_and_gives_back(client, criterion, sanitation, parks):
    row = actions.set_responsibility(criterion.subcategory, unit=sanitation, act=act())
    edit(client, f"{DUTIES}{row.pk}/", unit="YL")
    assert current().get().unit == parks
    undone(client, "responsibility", "e0110@*", 2)
    assert current().get().unit == sanitation


def test_an_ended_rule_comes_back_by_undo(client, criterion, sanitation):
    row = actions.set_responsibility(criterion, unit=sanitation, basis="甲", act=act())
    edit(client, f"{DUTIES}{row.pk}/end/")
    assert not current().exists()
    undone(client, "responsibility", "E0110-01@*", 2)
    assert (current().get().basis, current().get().criterion) == ("甲", criterion)


def test_an_undo_that_names_a_unit_that_has_ended_is_refused(client, criterion, sanitation, parks):
    row = actions.set_responsibility(criterion, unit=sanitation, act=act())
    edit(client, f"{DUTIES}{row.pk}/", unit="YL")
    sanitation.until_date = today() - timedelta(days=1)
    sanitation.save()
    page = client.get("/settings/catalog/undo/responsibility/E0110-01@*/?n=2", follow=True)

    assert "已撤销，请选现有机构" in page.content.decode()
    assert current().get().unit == parks


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"subject": "x"}, "subject"),
        ({"area": "月亮湾区"}, "area"),
        ({"area": "街道"}, "area"),
        ({"unit": "NO"}, "unit"),
        ({"priority": "0"}, "priority"),
        ({"priority": "1000"}, "priority"),
        ({"since": "2020-01-01"}, "since"),
        ({"since": "13月"}, "since"),
        ({"section": "99"}, "section"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_beside_its_field(
    client, criterion, sanitation, told, field
):
    good = {"subject": "e0110", "area": "", "unit": "HW"}
    shown = previewed(client, NEW, opened(client, NEW), **{**good, **told})

    assert shown.status_code == 422
    assert field in shown.context["form"].errors
    assert not Entry.objects.exists()


def test_a_rule_that_begins_later_is_not_pushed_aside(client, criterion, sanitation, parks):
    actions.set_responsibility(
        criterion, unit=sanitation, since=today() + timedelta(days=30), act=act()
    )
    told = {"subject": "E0110-01", "area": "", "unit": "YL"}
    shown = previewed(client, NEW, opened(client, NEW), **told)

    assert "since" in shown.context["form"].errors
    assert current().get().unit == sanitation


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", ""),
        ("全市", ""),
        ("金平区", JINPING),
        ("４４０５１１", JINPING),
        ("龙湖区珠池街道", "440507003"),
    ],
)
def test_an_area_is_found_by_name_or_code(shantou, text, code):
    found = where.area(text)
    assert found == code or where.names.words(found) == text


def test_the_nearest_names_are_offered(shantou):
    with pytest.raises(Refused, match="金平区"):
        where.area("金坪区")
    with pytest.raises(Refused, match="没有叫"):
        where.area("qqq")


def test_a_place_is_a_point_a_grid_or_a_community(shantou):
    community = where.place("116.703, 23.365")
    assert where.place(community) == community
    assert where.place(where.names.words(community)) == community
    assert where.place("１１６.７０３，２３.３６５") == community
    with pytest.raises(Refused, match="不在汕头市范围内"):
        where.place("113.2,23.1")
    with pytest.raises(Refused, match="是不是"):
        where.place("金平区")


def test_the_trial_says_of_each_rule_why_it_won_or_lost(client, criterion, sanitation, parks):
    day = today()
    subject = criterion.subcategory
    actions.set_responsibility(criterion, unit=sanitation, area_code=JINPING, act=act())
    actions.set_responsibility(subject.category, unit=parks, act=act())
    actions.set_responsibility(subject, unit=make_unit("LH"), area_code=LONGHU, act=act())
    later = make_unit("LATER")
    actions.set_responsibility(
        subject, unit=later, area_code=JINPING, priority=1, since=day + timedelta(9), act=act()
    )
    ended = make_unit("ENDED", until_date=day)
    Responsibility.objects.create(
        subcategory=subject, unit=ended, priority=5, since_date=date(2020, 1, 1)
    )
    told = {"place": "116.703,23.365", "criterion": "E0110-01"}
    page = client.get("/settings/catalog/trial/", told)
    found = {row.unit.code: (row.verdict, row.why) for row in page.context["rows"]}

    assert found["HW"][0] == "won"
    assert found["YL"] == ("next", "选中的规则区域更具体")
    assert found["LH"][0] == "lost" and "不含此处" in found["LH"][1]
    assert found["LATER"][0] == "lost" and "起才生效" in found["LATER"][1]
    assert found["ENDED"] == ("lost", "单位已撤销，没有承接单位")


def test_a_trial_in_a_place_that_is_none_keeps_what_was_typed(client, criterion):
    told = {"place": "火星", "criterion": "E0110-01"}
    page = client.get("/settings/catalog/trial/", told)

    assert page.status_code == 422
    assert 'value="火星"' in page.content.decode()


def test_the_trial_answers_as_dispatch_would(shantou, criterion):
    """Any table, any place: the units that won and come next are those that dispatch suggests."""
    units = [make_unit(f"U{n}") for n in range(4)]
    units[3].until_date = date(2021, 1, 1)
    units[3].save()
    subject = criterion.subcategory
    whats = (criterion, subject, subject.category)
    areas = ("", JINPING, f"{JINPING}001", LONGHU)
    community = where.place("116.703,23.365")
    rule = st.tuples(
        *(st.integers(0, 2), st.integers(0, 3), st.integers(0, 3), st.integers(0, 1)),
        st.sampled_from(["table", "ruling"]),
    )

    @settings(max_examples=40, deadline=None)
    @given(st.lists(rule, max_size=8, unique_by=lambda one: (one[0], one[1], one[3])))
    def law(rules):
        Responsibility.objects.all().delete()
        for what, area, unit, priority, origin in rules:
            Responsibility.objects.create(
                **actions.duties.columns_of(whats[what]),
                area_code=areas[area],
                unit=units[unit],
                priority=priority,
                origin=origin,
                since_date=date(2020, 1, 1),
            )
        told = trial.consider(criterion, community, MONDAY.date())
        suggested = proposals.unit_for(criterion, community, MONDAY.date())
        assert [one.unit for one in told if one.verdict != "lost"] == [p.unit for p in suggested]
        assert [one.verdict for one in told].count("won") == bool(suggested)
        seen = {one.row.pk for one in told if one.row}
        assert seen == set(Responsibility.objects.values_list("pk", flat=True))

    law()


def test_a_case_filed_under_an_earlier_version_still_finds_its_unit(criterion, rubbish, sanitation):
    actions.set_responsibility(criterion, unit=sanitation, act=act())
    draft = actions.Draft(
        code=criterion.code, subcategory=rubbish, condition="新条件", limit=criterion.limit
    )
    actions.set_criterion(draft, act=act())
    found = proposals.unit_for(criterion, JINPING, MONDAY.date())

    assert [one.unit for one in found] == [sanitation]


def test_gaps_are_what_no_community_s_dispatch_would_suggest(shantou, criterion, sanitation):
    """Set logic against asking dispatch community by community."""
    actions.set_responsibility(criterion, unit=sanitation, area_code=JINPING, act=act())
    some = where.names.communities()[::40]
    (gap,) = gaps(MONDAY.date(), communities=some)
    empty = [c for c in some if not proposals.unit_for(criterion, c, MONDAY.date())]

    assert (gap.criterion, gap.local) == (criterion, False)
    assert gap.communities == len(empty)
    held = Cover(some).union(gap.areas)
    assert [c for n, c in enumerate(some) if held >> n & 1] == empty


def test_what_only_the_street_answers_for_is_told_apart(shantou, criterion):
    make_unit("ST", kind="subdistrict", area_code="440511")
    found = {gap.local: gap for gap in gaps(today())}

    assert found[True].areas == (JINPING,)
    assert JINPING not in found[False].areas
    assert found[True].communities + found[False].communities == len(where.names.communities())


def test_a_gap_is_filled_from_its_page(client, criterion, sanitation):
    page = client.get("/settings/catalog/gaps/?category=e01")
    assert page.context["nobody"] == 1
    assert page.context["rows"][0]["whole"]
    address = f"{NEW}?subject=e0110&area="
    assert address in page.content.decode().replace("&amp;", "&")
    edit(client, address, unit="HW")
    assert client.get("/settings/catalog/gaps/").context["nobody"] == 0


def test_five_hundred_criteria_against_a_thousand_communities_are_quick(shantou):
    load("440500")
    subject = Subcategory.objects.get(kind="event", code="0110", edition="gb30428")
    more = [
        FilingCriterion(
            code=f"X-{n:03d}",
            subcategory=subject,
            condition="x",
            amount=1,
            unit="work_day",
            since_date=date(2020, 1, 1),
        )
        for n in range(100)
    ]
    FilingCriterion.objects.bulk_create(more)
    began = time.perf_counter()
    found = gaps(today())
    took = time.perf_counter() - began

    assert len(where.names.communities()) == 1091
    assert FilingCriterion.objects.current().count() > 500
    assert found
    assert took < 2, took
