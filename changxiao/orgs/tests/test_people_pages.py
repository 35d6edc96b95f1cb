"""人员页: hired, edited, appointed, stood in for, dismissed; passwords; lists from Excel."""

import io
import uuid
from datetime import UTC, date, datetime

import openpyxl
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from changxiao.kernel.act import Act
from changxiao.ledger.models import Entry
from changxiao.orgs import access, actions
from changxiao.orgs.models import Appointment, Staff
from changxiao.orgs.posts import ADMINISTRATORS, Post
from changxiao.orgs.tests.browsing import (
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
KEEPERS = {Post.CITY_ADMIN, Post.SECURITY_ADMIN}


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
def li(roads):
    return actions.hire(username="li", name="李派遣", unit=roads, phone="13800000001", act=act())


def security():
    return signed_in("shen", Post.SECURITY_ADMIN, "沈安全")


def test_a_person_is_hired_with_a_number_in_full_width_digits(roads):
    client = signed_in()
    edit(
        client,
        "/people/new/?unit=SZ",
        username="ｗａｎｇ",
        name="王 监督",
        phone="１３８ ００００－０００２",
    )

    staff = Staff.objects.get(username="wang")
    assert (staff.phone, staff.unit, staff.name) == ("138 0000-0002", roads, "王 监督")
    assert not staff.has_usable_password() and staff.must_change_password
    assert "0002" not in Entry.objects.get(stream="staff:wang").body


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"username": "li"}, "已被使用"),
        ({"username": "a b"}, "不可用"),
        ({"username": "x" * 65}, ""),
        ({"name": "   "}, ""),
        ({"phone": "一三八"}, "无法识别"),
        ({"phone": "😀138"}, "无法识别"),
    ],
)
def test_what_cannot_be_hired_keeps_the_draft(li, told, why):
    client = signed_in()
    whole = {"username": "wang", "name": "王监督", "note": "新招", **told}
    shown = previewed(client, "/people/new/", opened(client, "/people/new/"), **whole)

    assert shown.status_code == 422 and why in str(errors(shown))
    assert "新招" in shown.content.decode()
    assert Staff.objects.count() == 2


def test_an_edit_of_name_and_phone_is_undone_from_the_sealed_value(li):
    client = signed_in()
    edit(client, "/people/li/edit/", name="李调度", phone="0754-88880000转12")
    li.refresh_from_db()
    assert (li.name, li.phone) == ("李调度", "0754-88880000转12")
    page = client.get("/settings/orgs/history/staff/li/").content.decode()
    assert "88880000" not in page and "13800000001" not in page

    undo(client, "/settings/orgs/undo/staff/li/?n=2")
    li.refresh_from_db()
    assert (li.name, li.phone) == ("李派遣", "13800000001")


def test_the_security_administrator_appoints_from_a_day_until_a_day(roads, li):
    told = {"post": "dispatcher", "unit": "SZ", "since": "2026-03-09", "until": "2026-04-01"}
    edit(security(), "/people/li/appoint/", **told)

    days = {date(2026, 3, 8): [], date(2026, 3, 9): ["dispatcher"], date(2026, 4, 1): []}
    assert {d: [row.post for row in access.posts_of(li, d)] for d in days} == days


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"since": "2026-03-09", "until": "2026-03-09"}, "须晚于"),
        ({"since": "2026-02-31"}, ""),
        ({"since": "9999-01-01"}, "不在1990至2099年之间"),
        ({"post": "king"}, ""),
        ({"unit": "NO"}, ""),
        ({"post": "auditor", "unit": "SZ"}, "三员管全市"),
    ],
)
def test_a_post_that_cannot_be_is_refused(li, told, why):
    client = security()
    whole = {"post": "dispatcher", **told}
    shown = previewed(client, "/people/li/appoint/", opened(client, "/people/li/appoint/"), **whole)

    assert shown.status_code == 422 and why in str(errors(shown))
    assert not li.appointments.exists()


@pytest.mark.parametrize("first", ADMINISTRATORS)
@pytest.mark.parametrize("second", ADMINISTRATORS)
def test_the_three_administrators_stay_three_people(li, first, second):
    client = security()
    edit(client, "/people/li/appoint/", post=first, unit="")
    told = {"post": second, "unit": ""}
    shown = previewed(client, "/people/li/appoint/", opened(client, "/people/li/appoint/"), **told)

    assert shown.status_code == 422
    assert [row.post for row in li.appointments.all()] == [first]


def test_a_stand_in_names_for_whom_and_until_when(roads, li):
    wang = actions.hire(username="wang", name="王监督", unit=roads, act=act())
    actions.appoint(li, post="dispatcher", unit=roads, act=act())
    client = security()
    address, told = "/people/wang/appoint/", {"post": "dispatcher", "stands_in_for": "李派遣"}
    assert "到哪一天" in str(errors(previewed(client, address, opened(client, address), **told)))
    wrong = {**told, "post": "handler", "until": "2026-03-20"}
    assert "无从顶班" in str(errors(previewed(client, address, opened(client, address), **wrong)))

    edit(client, address, **told, until="2026-03-20")
    assert Appointment.objects.get(staff=wang).stands_in_for == li
    assert "替 李派遣" in client.get("/people/wang/").content.decode()


def test_a_dismissal_ends_today(li):
    row = actions.appoint(li, post="dispatcher", act=act())
    edit(security(), f"/people/li/dismiss/{row.pk}/")

    assert access.viewer_for(li, MONDAY).grants == ()


def test_a_reset_password_is_shown_once_and_must_be_changed(li):
    client = security()
    filled = opened(client, "/people/li/password/")
    shown = client.post("/people/li/password/", filled)
    given = shown.context["password"]
    li.refresh_from_db()

    assert li.check_password(given) and li.must_change_password and li.session_epoch == 0
    assert given not in client.get("/people/li/").content.decode()
    assert given not in " ".join(Entry.objects.values_list("body", flat=True))
    assert "no-store" in shown["Cache-Control"]


@pytest.mark.parametrize("verb", ["deactivate", "end_sessions", "reactivate"])
def test_accounts_are_closed_reopened_and_sessions_ended(li, verb):
    if verb == "reactivate":
        actions.deactivate(li, act=act())
    before = li.session_epoch
    edit(security(), f"/people/li/{verb}/")
    li.refresh_from_db()

    assert li.is_active == (verb != "deactivate")
    assert verb == "reactivate" or li.session_epoch > before


def test_stale_accounts_are_listed_and_new_ones_are_not(li):
    old, never = (
        signed_in("old", Post.HANDLER, "老用户"),
        Staff.objects.create(username="n", name="新"),
    )
    Staff.objects.filter(username="old").update(last_login=datetime(2025, 11, 1, tzinfo=UTC))
    page = signed_in().get("/people/?which=stale")

    assert [row["staff"].username for row in page.context["rows"]] == ["old"]
    assert page.context["stale"] == 1 and old and never


def test_people_are_found_by_name_user_name_and_unit(li):
    client = signed_in()
    for words in ("李派", "LI", "市政"):
        found = [row["staff"] for row in client.get(f"/people/?q={words}").context["rows"]]
        assert found == [li]
    assert "没有这样的人员" in client.get("/people/?q=月亮").content.decode()


@pytest.mark.parametrize("post", sorted(set(Post)))
@pytest.mark.parametrize("path", ["/people/", "/people/li/", "/people/new/", "/people/li/appoint/"])
def test_people_are_for_the_three_administrators(li, post, path):
    reads = KEEPERS | ({Post.AUDITOR} if path in {"/people/", "/people/li/"} else set())
    may = {
        "/people/new/": {Post.CITY_ADMIN},
        "/people/li/appoint/": {Post.SECURITY_ADMIN},
    }.get(path, reads)

    assert signed_in("one", post).get(path).status_code == (200 if post in may else 403)


def sheet(rows, merge=None):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if merge:
        book.active.merge_cells(merge)
    file = io.BytesIO()
    book.save(file)
    return SimpleUploadedFile("people.xlsx", file.getvalue())


HEAD = ["用户名", "姓名", "单位", "电话"]


def test_a_list_from_excel_hires_and_updates_in_one_go(li):
    client = signed_in()
    rows = [
        HEAD,
        ["li", "李调度", "SZ", "13800000001"],
        ["wang", "王监督", "市政道路处", 13900000002],
    ]
    shown = client.post("/people/import/", {"file": sheet(rows)})
    filled = {
        name: shown.context["form"][name].value() for name in ("key", "base_n", "note", "lines")
    }
    client.post("/people/import/", {**filled, "seen": shown.context["preview"].seen})

    assert {(s.username, s.name) for s in Staff.objects.all()} >= {
        ("li", "李调度"),
        ("wang", "王监督"),
    }
    assert Staff.objects.get(username="wang").phone == "13900000002"
    assert entries("people:list") == 1 and entries("staff:wang") == 1


def test_each_cell_that_cannot_be_read_is_named_and_nobody_is_hired(li):
    client = signed_in()
    rows = [HEAD, ["wang", "王监督", "市政道路所", ""], ["wang", "", "SZ", "一三八"]]
    shown = client.post("/people/import/", {"file": sheet(rows)})
    faults = {one.cell: one.why for one in shown.context["form"].faults}

    assert set(faults) == {"C2", "A3", "B3", "D3"}
    assert "最接近的是“市政道路处”" in faults["C2"]
    assert not Staff.objects.filter(username="wang").exists()


def test_merged_cells_count_for_each_row(roads):
    client = signed_in()
    rows = [HEAD, ["a1", "甲", "SZ", ""], ["a2", "乙", None, ""]]
    shown = client.post("/people/import/", {"file": sheet(rows, merge="C2:C3")})

    assert [one.unit for one in shown.context["form"].listed] == [roads, roads]


@pytest.mark.parametrize("data", [b"", b"not a sheet", b"PK\x03\x04broken", b"x" * 2_100_000])
def test_a_file_that_is_no_sheet_is_refused_in_words(data):
    client = signed_in()
    shown = client.post(
        "/people/import/", {"file": SimpleUploadedFile("x.xlsx", data)}, follow=True
    )

    assert shown.status_code == 200
    assert not Staff.objects.exclude(username="wu").exists()


def test_the_sheet_of_people_comes_back_unchanged(li):
    client = signed_in()
    told = b"".join(client.get("/people/import/template/").streaming_content)
    shown = client.post(
        "/people/import/", {"file": SimpleUploadedFile("p.xlsx", told)}, follow=True
    )

    assert "内容没有变化" in shown.content.decode()
