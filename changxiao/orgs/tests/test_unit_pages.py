"""机构页: found, renamed, moved, merged, ended and put back; seats by date; what is refused."""

import uuid
from datetime import UTC, date, datetime

import pytest
import time_machine

from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.ledger.models import Entry
from changxiao.orgs import access, actions
from changxiao.orgs.models import Appointment, ContractSection, Unit, UnitRole
from changxiao.orgs.posts import Post
from changxiao.orgs.tests.browsing import (
    changes,
    edit,
    entries,
    errors,
    opened,
    previewed,
    signed_in,
    undo,
)

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 3, 2, 1, tzinfo=UTC)
KEEPERS = {Post.CITY_ADMIN}


def act():
    return Act.system("test", str(uuid.uuid4()))


@pytest.fixture(autouse=True)
def _monday():
    with time_machine.travel(MONDAY, tick=False):
        yield


@pytest.fixture
def roads():
    return actions.create_unit(code="SZ", name="市政道路处", kind="department", act=act())


@pytest.fixture
def parks():
    return actions.create_unit(code="YL", name="园林处", kind="department", act=act())


@pytest.fixture
def squad(roads):
    return actions.create_unit(code="SZ-1", name="道路一班", kind="squad", parent=roads, act=act())


@pytest.fixture
def li(roads):
    return actions.hire(username="li", name="李派遣", unit=roads, act=act())


def test_the_tree_is_searched_and_shows_what_is_vacant(roads, parks, li):
    actions.set_role(roads, role="head", staff=li, act=act())
    client = signed_in()

    assert [row["unit"] for row in client.get("/units/?q=园林").context["rows"]] == [parks]
    assert [row["unit"] for row in client.get("/units/?vacant=1").context["rows"]] == [parks]
    assert "没有这样的单位" in client.get("/units/?q=月亮").content.decode()


def test_a_unit_is_set_up_below_another(roads):
    client = signed_in()
    told = {"code": "SZ-2", "name": "道路二班", "kind": "squad", "window_kind": "night"}
    edit(client, "/units/new/?parent=SZ", **told)

    unit = Unit.objects.get(code="SZ-2")
    assert (unit.parent, unit.path, unit.window_kind) == (roads, roads.path + "0001.", "night")
    assert entries("unit:SZ-2") == 1


def test_rename_and_move_are_one_edit_with_history_and_undo(roads, parks, squad):
    client = signed_in()
    shown = previewed(
        client,
        "/units/SZ-1/edit/",
        opened(client, "/units/SZ-1/edit/"),
        name="绿化一班",
        parent="YL",
    )
    assert changes(shown) == [
        ("名称", "道路一班", "绿化一班"),
        ("上级机构", "市政道路处", "园林处"),
    ]
    with time_machine.travel(datetime(2026, 4, 1, 1, tzinfo=UTC), tick=False):
        client = signed_in()
        edit(client, "/units/SZ-1/edit/", name="绿化一班", parent="YL", note="三定方案")
        squad.refresh_from_db()
        assert (squad.parent, squad.path) == (parks, parks.path + "0001.")
        assert squad.name_on(date(2026, 3, 31)) == "道路一班"
        page = client.get("/settings/orgs/history/unit/SZ-1/").content.decode()
        assert "三定方案" in page and "吴管理" in page

        undo(client, "/settings/orgs/undo/unit/SZ-1/?n=2")
        squad.refresh_from_db()
        assert (squad.name, squad.parent) == ("道路一班", roads)
        assert entries("unit:SZ-1") == 3


def test_the_subtree_goes_along_and_a_unit_is_not_put_below_itself(roads, parks, squad):
    client = signed_in()
    shown = previewed(client, "/units/SZ/edit/", opened(client, "/units/SZ/edit/"), parent="SZ-1")
    assert "不能把" in str(errors(shown))
    edit(client, "/units/SZ/edit/", parent="YL")

    squad.refresh_from_db()
    assert squad.path.startswith(parks.path)
    assert entries("unit:SZ") == 2


def test_a_merged_unit_says_who_took_its_place_and_cannot_be_put_back(roads, parks, li):
    client = signed_in()
    shown = previewed(client, "/units/SZ/merge/", opened(client, "/units/SZ/merge/"), into="YL")
    assert "人员1名" in " ".join(shown.context["preview"].effects)
    edit(client, "/units/SZ/merge/", into="YL")

    li.refresh_from_db()
    assert li.unit == parks
    assert "园林处" in client.get("/units/SZ/").content.decode()
    assert "undo" not in client.get("/settings/orgs/history/unit/YL/").content.decode()
    again = client.get("/settings/orgs/undo/unit/SZ/?n=2", follow=True)
    assert "不能恢复" in again.content.decode()


def test_a_unit_cannot_be_merged_into_itself(roads):
    client = signed_in()
    shown = previewed(client, "/units/SZ/merge/", opened(client, "/units/SZ/merge/"), into="SZ")

    assert shown.status_code == 422
    assert Unit.objects.get(code="SZ").until_date is None


def test_a_unit_with_people_does_not_end_and_an_empty_one_can_be_reopened(roads, li):
    client = signed_in()
    shown = previewed(client, "/units/SZ/end/", opened(client, "/units/SZ/end/"))
    assert "人员1名" in str(errors(shown))

    actions.edit_staff(li, name="李派遣", unit=None, phone="", act=act())
    edit(client, "/units/SZ/end/")
    assert Unit.objects.get(code="SZ").until_date == date(2026, 3, 2)
    undo(client, "/settings/orgs/undo/unit/SZ/?n=2")
    assert Unit.objects.get(code="SZ").until_date is None


def test_who_answers_is_told_by_date(roads, li):
    client = signed_in()
    edit(client, "/roles/SZ/head/", staff="李派遣")
    with time_machine.travel(datetime(2026, 5, 1, 1, tzinfo=UTC), tick=False):
        client = signed_in()
        edit(client, "/roles/SZ/head/", staff="")
        today = client.get("/units/SZ/").context["seats"]
        before = client.get("/units/SZ/?day=2026-04-30").context["seats"]
        assert (today[0]["staff"], before[0]["staff"]) == (None, li)
        assert (roads, "head", "") in access.vacancies(date(2026, 5, 1))

        undo(client, "/settings/orgs/undo/role/SZ/head//?n=2")
        assert UnitRole.objects.get(until_date=None).staff == li


def test_a_deputy_answers_for_a_line_and_no_line_twice(roads, li):
    client = signed_in()
    edit(client, "/units/SZ/line/", line="道路桥梁", staff="li")
    shown = previewed(
        client, "/units/SZ/line/", opened(client, "/units/SZ/line/"), line="道路桥梁", staff=""
    )
    assert "已有分管线" in str(errors(shown))

    edit(client, "/roles/SZ/deputy/道路桥梁/end")
    assert not UnitRole.objects.filter(until_date=None).exists()


@pytest.fixture
def lights(roads):
    return actions.create_unit(code="SZ-L", name="路灯班", kind="squad", parent=roads, act=act())


def test_a_line_names_units_below_and_each_unit_has_one_line(roads, parks, lights, li):
    client, seat = signed_in(), "/roles/SZ/deputy/照明"
    edit(client, "/units/SZ/line/", line="照明", staff="li", covers=["SZ-L"])
    page = client.get("/units/SZ/").content.decode()
    assert '照明：<a href="/units/SZ-L/">路灯班</a>' in page
    over = client.get("/units/SZ-L/").context["over"]
    assert (over.staff, over.line) == (li, "照明")

    told = previewed(
        client,
        "/units/SZ/line/",
        opened(client, "/units/SZ/line/"),
        line="道路",
        staff="li",
        covers=["SZ-L"],
    )
    assert "“路灯班”已由分管线“照明”负责" in str(errors(told))
    assert access.answers_for(lights, date(2026, 3, 2)).line == "照明"

    edit(client, seat, staff="li", covers=[])
    assert client.get("/units/SZ-L/").context["over"] is None
    undo(client, "/settings/orgs/undo/role/SZ/deputy/照明/?n=2")
    assert [one.code for one in UnitRole.objects.get(until_date=None).covers.all()] == ["SZ-L"]
    history = client.get("/settings/orgs/history/role/SZ/deputy/照明/").content.decode()
    assert "分管单位" in history and "路灯班" in history


def test_what_stands_elsewhere_is_in_no_line(roads, parks, lights, li):
    for other in (parks, roads):
        with pytest.raises(Refused) as no:
            actions.set_role(roads, role="deputy", line="照明", staff=li, covers=[other], act=act())
        assert no.value.code == "covers_outside"
    with pytest.raises(Refused) as no:
        actions.set_role(roads, role="head", staff=li, covers=[lights], act=act())
    assert no.value.code == "line_not_for_role"
    assert not UnitRole.objects.exists()


def test_an_unknown_name_is_told_the_nearest(roads, li):
    client = signed_in()
    shown = previewed(client, "/roles/SZ/head/", opened(client, "/roles/SZ/head/"), staff="李派谴")

    assert "最接近的是“李派遣”" in str(errors(shown))
    assert not UnitRole.objects.exists()


def test_a_person_who_left_yesterday_is_not_chosen(roads, li):
    actions.deactivate(li, act=act())
    client = signed_in()
    shown = previewed(client, "/roles/SZ/head/", opened(client, "/roles/SZ/head/"), staff="li")

    assert "没有在职人员" in str(errors(shown))


def test_the_slower_of_two_administrators_reads_who_was_faster(roads):
    fast, slow = signed_in(), signed_in("zheng", name="郑管理")
    filled = opened(slow, "/units/SZ/edit/")
    edit(fast, "/units/SZ/edit/", name="市政设施处")
    shown = previewed(slow, "/units/SZ/edit/", filled, name="市政中心")

    page = shown.content.decode()
    assert "吴管理" in page and "先改了" in page and 'value="市政中心"' in page
    assert Unit.objects.get(code="SZ").name == "市政设施处"


def test_sections_are_signed_edited_and_ended(roads):
    actions.create_unit(code="GY", name="绿源", kind="maintenance_contractor", act=act())
    client = signed_in()
    told = {
        "number": "HT-1",
        "section": "一标段",
        "oversight": "SZ",
        "areas": "４４０５１１、440507",
        "since_date": "2026-01-01",
    }
    edit(client, "/units/GY/section/", **told)
    row = ContractSection.objects.get()
    assert row.area_codes == ["440511", "440507"]

    address = "/sections/HT-1/一标段/edit/"
    shown = previewed(client, address, opened(client, address), until_date="2025-12-31")
    assert "早于开始日期" in str(errors(shown))
    edit(client, address, until_date="2027-01-01", work="清扫")
    edit(client, "/sections/HT-1/一标段/end/")
    row.refresh_from_db()
    assert (row.until_date, row.work) == (date(2026, 3, 2), "清扫")
    undo(client, "/settings/orgs/undo/section/HT-1/一标段/?n=3")
    row.refresh_from_db()
    assert row.until_date == date(2027, 1, 1)


@pytest.mark.parametrize("post", sorted(set(Post)))
@pytest.mark.parametrize(
    "path",
    ["/units/new/", "/units/SZ/edit/", "/units/SZ/merge/", "/units/SZ/end/", "/roles/SZ/head/"],
)
def test_only_the_system_administrator_edits_units(roads, post, path):
    status = signed_in("one", post).get(path).status_code

    assert status == (200 if post in KEEPERS else 403)


@pytest.mark.parametrize("post", sorted(set(Post)))
def test_everybody_reads_units(roads, post):
    client = signed_in("one", post)

    assert client.get("/units/").status_code == client.get("/units/SZ/").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/units/NO/",
        "/units/NO/edit/",
        "/units/?day=2026-02-31",
        "/units/?day=9999-12-31",
        "/units/SZ/?day=31.2.2026",
        "/roles/SZ/king/",
        "/roles/NO/head/",
        "/sections/HT-9/x/edit/",
        "/settings/orgs/history/weather/x/",
        "/settings/orgs/undo/unit/SZ/?n=x",
        "/settings/orgs/undo/unit/SZ/?n=99",
    ],
)
def test_what_is_not_there_is_not_found(roads, path):
    assert signed_in().get(path).status_code == 404


def test_a_taken_or_unreadable_code_keeps_the_draft(roads):
    client = signed_in()
    for code in ("SZ", "市政", "a b", "x" * 40):
        told = {"code": code, "name": "新处", "kind": "department", "window_kind": "office"}
        shown = previewed(client, "/units/new/", opened(client, "/units/new/"), **told)
        assert shown.status_code == 422 and 'value="新处"' in shown.content.decode()
    assert Unit.objects.count() == 1
    assert Appointment.objects.count() == 1
    assert Entry.objects.filter(stream__startswith="unit:").count() == 1
