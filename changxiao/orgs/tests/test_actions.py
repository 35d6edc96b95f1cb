"""机构的动作: units through time, posts, hand-over, and what the ledger keeps of them."""

import uuid
from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.ledger.models import Entry
from changxiao.ledger.refusals import Replayed
from changxiao.orgs import access, actions
from changxiao.orgs.models import Appointment, DutyRoster, Staff, Unit, UnitRole
from changxiao.orgs.posts import ADMINISTRATORS, Post

MONDAY = datetime(2026, 3, 2, 1, tzinfo=UTC)
DAY = date(2026, 3, 2)
LATER = datetime(2026, 6, 1, 1, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def act(at: datetime = MONDAY) -> Act:
    return Act.system("test", at=at)


def by(username: str, post: str) -> Act:
    return Act(actor=username, post=post, key=str(uuid.uuid4()), at=MONDAY, origin="demo")


@pytest.fixture
def roads() -> Unit:
    return actions.create_unit(code="SZ", name="市政道路处", kind="department", act=act())


@pytest.fixture
def li(roads: Unit) -> Staff:
    return actions.hire(username="li", name="李派遣", unit=roads, phone="13800000001", act=act())


@pytest.fixture
def wang(roads: Unit) -> Staff:
    return actions.hire(username="wang", name="王监督", unit=roads, act=act())


def test_a_unit_below_another_bears_its_path(roads):
    squad = actions.create_unit(code="SZ-1", name="一班", kind="squad", parent=roads, act=act())
    assert squad.path == roads.path + "0001."
    assert Unit.objects.under(roads.path).count() == 2


def test_a_taken_code_and_an_unknown_kind_are_refused(roads):
    for code, kind, no in (("SZ", "squad", "unit_code_taken"), ("X", "guild", "unit_kind_unknown")):
        with pytest.raises(Refused) as refusal:
            actions.create_unit(code=code, name="某处", kind=kind, act=act())
        assert refusal.value.code == no
    assert Unit.objects.count() == 1


def test_a_renamed_unit_keeps_its_old_name_for_old_days(roads):
    unit = actions.rename_unit(roads, name="市政设施中心", act=act(LATER))
    assert unit.name_on(date(2026, 5, 31)) == "市政道路处"
    assert unit.name_on(date(2026, 6, 1)) == unit.name == "市政设施中心"


def test_a_merged_unit_hands_all_it_had_to_its_successor(roads, li):
    parks = actions.create_unit(code="YL", name="园林处", kind="department", act=act())
    squad = actions.create_unit(code="SZ-1", name="一班", kind="squad", parent=roads, act=act())
    actions.appoint(li, post="handler", unit=roads, act=act())
    actions.merge_units([roads], into=parks, act=act(LATER))
    roads.refresh_from_db()
    squad.refresh_from_db()
    assert roads.lasting() == parks and roads.until_date == date(2026, 6, 1)
    assert squad.parent == parks and squad.path == parks.path + "0001."
    assert [row.unit for row in access.posts_of(li, date(2026, 6, 1))] == [parks]
    assert [row.unit for row in access.posts_of(li, date(2026, 5, 31))] == [roads]


def test_a_merger_is_told_on_each_seat_that_it_ends(roads, li):
    parks = actions.create_unit(code="YL", name="园林处", kind="department", act=act())
    actions.set_role(roads, role="head", staff=li, act=act())
    actions.set_role(roads, role="deputy", line="路灯", staff=None, act=act())

    actions.merge_units([roads], into=parks, act=act(LATER))

    told = {e.stream: e.data["was"] for e in Entry.objects.filter(verb="end_role")}
    assert told == {
        "role:SZ/head/": {"staff": "li"},
        "role:SZ/deputy/路灯": {"staff": "", "covers": []},
    }


def test_a_unit_is_not_merged_into_its_own_squad(roads):
    squad = actions.create_unit(code="SZ-1", name="一班", kind="squad", parent=roads, act=act())
    with pytest.raises(Refused, match="下级"):
        actions.merge_units([roads], into=squad, act=act())
    roads.refresh_from_db()
    assert roads.until_date is None


@pytest.mark.parametrize("first", ADMINISTRATORS)
@pytest.mark.parametrize("second", [*ADMINISTRATORS, "dispatcher"])
def test_an_administrator_is_nothing_else(wang, first, second):
    actions.appoint(wang, post=first, act=act())
    with pytest.raises(Refused):
        actions.appoint(wang, post=second, act=act())
    assert [row.post for row in access.posts_of(wang, DAY)] == [first]


def test_the_database_itself_keeps_the_administrators_apart(wang):
    actions.appoint(wang, post="auditor", act=act())
    with pytest.raises(IntegrityError), transaction.atomic():
        Appointment.objects.create(staff=wang, post="city_admin", since_date=DAY)


@pytest.mark.parametrize("post", Post.values)
def test_only_the_security_administrator_appoints(li, wang, post):
    if post == "security_admin":
        actions.appoint(wang, post="handler", act=by("li", post))
    else:
        with pytest.raises(Refused) as no:
            actions.appoint(wang, post="handler", act=by("li", post))
        assert no.value.code == "not_yours"
    assert wang.appointments.count() == (post == "security_admin")


def test_nobody_appoints_himself(li):
    with pytest.raises(Refused, match="本人"):
        actions.appoint(li, post="leader", act=by("li", "security_admin"))
    assert not li.appointments.exists()


def test_a_dismissed_person_has_no_right_the_same_day(li):
    row = actions.appoint(li, post="dispatcher", act=act())
    actions.dismiss(row, act=act())
    assert access.viewer_for(li, MONDAY).grants == ()


def test_a_leaver_hands_over_everything_in_one_act(roads, li, wang):
    actions.appoint(li, post="unit_lead", unit=roads, area_code="440511", act=act())
    actions.set_role(roads, role="head", staff=li, act=act())
    actions.roster(roads, day=DAY, shift="night", staff=li, phone="110", act=act())
    _row, _token = actions.issue_token(li, act=act())
    actions.hand_over(li, to=wang, act=act())
    li.refresh_from_db()
    assert not li.is_active and access.posts_of(li, DAY) == []
    assert [(r.post, r.area_code) for r in access.posts_of(wang, DAY)] == [("unit_lead", "440511")]
    assert UnitRole.objects.get(until_date=None).staff == wang
    assert DutyRoster.objects.get().staff == wang
    assert Entry.objects.filter(stream="staff:li", verb="hand_over").count() == 1


def test_without_a_successor_the_role_shows_as_vacant(roads, li):
    actions.set_role(roads, role="deputy", line="道路", staff=li, act=act())
    actions.hand_over(li, to=None, act=act())
    assert (roads, "deputy", "道路") in access.vacancies(DAY)


def test_a_unit_without_a_head_is_a_vacancy(roads):
    assert access.vacancies(DAY) == [(roads, "head", "")]


def test_a_hand_over_that_would_join_administrators_changes_nothing(li, wang):
    actions.appoint(li, post="city_admin", act=act())
    actions.appoint(wang, post="auditor", act=act())
    with pytest.raises(Refused, match="三员"):
        actions.hand_over(li, to=wang, act=act())
    li.refresh_from_db()
    assert li.is_active and len(access.posts_of(li, DAY)) == 1


def test_the_same_act_twice_is_told_its_old_answer(roads):
    once = by("admin", "city_admin")
    actions.create_unit(code="YL", name="园林处", kind="department", act=once)
    with pytest.raises(Replayed):
        actions.create_unit(code="YL", name="园林处", kind="department", act=once)
    assert Entry.objects.filter(stream="unit:YL").count() == 1


def test_a_phone_stands_in_no_entry(li, roads):
    actions.roster(roads, day=DAY, shift="day", staff=li, phone="0754-88880000", act=act())
    bodies = " ".join(Entry.objects.values_list("body", flat=True))
    assert "13800000001" not in bodies and "88880000" not in bodies


def test_a_section_needs_a_contractor_and_is_signed_once(roads):
    green = actions.create_unit(
        code="GY1", name="绿源管养", kind="maintenance_contractor", act=act()
    )
    terms = {"contract": ("HT-1", "一标段"), "area_codes": ["440511"]}
    section = actions.sign_section(contractor=green, oversight=roads, act=act(), **terms)
    assert section.covers("440511002003") and not section.covers("440507")
    with pytest.raises(Refused, match="不是管养单位"):
        actions.sign_section(contractor=roads, oversight=green, act=act(), **terms)
    with pytest.raises(Refused, match="已登记"):
        actions.sign_section(contractor=green, oversight=roads, act=act(), **terms)
