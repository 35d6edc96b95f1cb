"""装入: a city's files become units and people, once."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from changxiao.kernel.city import CITIES, City
from changxiao.kernel.refused import Refused
from changxiao.ledger.models import Entry
from changxiao.orgs import access, demo
from changxiao.orgs.load import load
from changxiao.orgs.models import ContractSection, Staff, Unit
from changxiao.orgs.posts import ADMINISTRATORS, Post

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 3, 2, 1, tzinfo=UTC)
DAY = date(2026, 3, 2)


def place(folder: str | Path, code: str = "440500") -> City:
    return City(code=code, name=code, folder=CITIES / folder, tz="Asia/Shanghai")


def test_shantou_has_its_streets_contractors_posts_and_vacancies():
    load(place("440500"))
    assert Unit.objects.filter(kind="subdistrict").count() == 67
    assert ContractSection.objects.on(DAY).count() == 8
    held = set(Post.values) - set(Staff.objects.values_list("appointments__post", flat=True))
    assert not held
    empty = {(unit.code, role, line) for unit, role, line in access.vacancies(DAY)}
    assert empty == {
        ("JZ-440507013", "head", ""),
        ("GJ", "head", ""),
        ("YL", "deputy", "工程"),
    }


def test_whose_line_a_unit_is_answers_for_it_and_else_the_head():
    load(place("440500"))
    told = {
        code: access.answers_for(Unit.objects.get(code=code), DAY) for code in ("SZ", "HW", "SC")
    }
    assert [(one.unit.code, one.line) for one in told.values()] == [
        ("CG", "市政园林"),
        ("CG", "环卫执法"),
        ("SC", ""),
    ]


def test_a_line_of_a_unit_that_stands_elsewhere_is_refused_and_nothing_is_loaded(tmp_path):
    for name, text in {
        "units.csv": "code,name,kind,parent,oversight,area,window\nA,甲,department,,,,office\n"
        "B,乙,department,,,,office\n",
        "roles.csv": "unit,role,line,username,units\nA,deputy,线,,B\n",
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(Refused, match="“B”不在“A”之下"):
        load(place(tmp_path))
    assert not Unit.objects.exists()


def test_every_street_stands_below_its_district_center():
    load(place("440500"))
    for street in Unit.objects.filter(kind="subdistrict").select_related("parent"):
        assert street.path.startswith(street.parent.path)
        assert street.area_code.startswith(street.parent.area_code)


def test_a_second_load_adds_nothing_and_writes_no_entry():
    load(place("440500"))
    assert not any(load(place("440500")).values())
    assert Entry.objects.filter(stream="city:440500", verb="load").count() == 1


@pytest.mark.parametrize("folder", ["440500", "chicago", "dc", "syracuse"])
def test_in_every_city_the_administrators_are_three_people(folder):
    load(place(folder))
    people = [
        staff
        for staff in Staff.objects.all()
        if {row.post for row in access.posts_of(staff, DAY)} & set(ADMINISTRATORS)
    ]
    assert len(people) == 3
    assert all(len(access.posts_of(staff, DAY)) == 1 for staff in people)


def test_a_line_in_error_is_named_and_nothing_is_loaded(tmp_path):
    (tmp_path / "units.csv").write_text(
        "code,name,kind,parent,oversight,area,window\nA,甲,department,NOWHERE,,,\n"
    )
    with pytest.raises(Refused, match=r"units.csv A：机构代码“NOWHERE”"):
        load(place(tmp_path))
    assert not Unit.objects.exists() and not Entry.objects.exists()


def test_demo_users_are_one_a_post_and_can_sign_in(settings, client):
    settings.DEMO = True
    load(place("chicago"))
    users = demo.users()
    assert [user.post for user in users] == Post.values
    assert users == demo.users()
    answer = client.post(
        "/accounts/login/", {"login": users[0].username, "password": users[0].password}
    )
    assert answer.status_code == 302


@pytest.mark.parametrize(
    "change", [{"DEMO": False}, {"DEMO": True, "SITE_URL": "https://city.example"}]
)
def test_demo_users_exist_in_a_local_demo_home_only(settings, change):
    for name, value in change.items():
        setattr(settings, name, value)
    with pytest.raises(Refused) as no:
        demo.users()
    assert no.value.code == "not_a_demo"
