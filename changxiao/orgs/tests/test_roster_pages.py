"""值班表页: a week as a grid, typed, copied, from Excel; who is on duty now."""

import io
import uuid
from datetime import UTC, datetime

import openpyxl
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from changxiao.kernel.act import Act
from changxiao.orgs import actions
from changxiao.orgs.models import DutyRoster
from changxiao.orgs.posts import Post
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
WEDNESDAY = datetime(2026, 3, 4, 1, tzinfo=UTC)  # 09:00 in the city
ADDRESS = "/units/SZ/roster/?day=2026-03-04"
LEADS = {Post.CITY_ADMIN, Post.UNIT_LEAD, Post.CENTER_DIRECTOR, Post.COMMAND_DIRECTOR}


def act():
    return Act.system("test", str(uuid.uuid4()))


@pytest.fixture(autouse=True)
def _wednesday():
    with time_machine.travel(WEDNESDAY, tick=False):
        yield


@pytest.fixture
def roads():
    unit = actions.create_unit(code="SZ", name="市政道路处", kind="department", act=act())
    for username, name in (("li", "李派遣"), ("wang", "王监督")):
        actions.hire(username=username, name=name, unit=unit, phone="13800000001", act=act())
    return unit


def watches():
    rows = DutyRoster.objects.order_by("date", "shift", "staff__username")
    return [(str(r.date), r.shift, r.staff.username, r.phone) for r in rows]


def test_a_week_is_typed_as_one_writes_it(roads):
    client = signed_in()
    told = {
        "w2026-03-04_day": "李派遣　１３９００００００００、王监督",
        "w2026-03-08_night": "wang 0754-88880000",
    }
    edit(client, ADDRESS, **told)

    assert watches() == [
        ("2026-03-04", "day", "li", "13900000000"),
        ("2026-03-04", "day", "wang", ""),
        ("2026-03-08", "night", "wang", "0754-88880000"),
    ]
    assert entries("roster:SZ") == 1
    page = client.get("/units/SZ/").content.decode()
    assert 'href="tel:13900000000"' in page


def test_the_week_before_is_copied_and_not_saved_by_that(roads):
    client = signed_in()
    edit(client, ADDRESS, **{"w2026-03-05_day": "李派遣 110"})
    page = client.get("/units/SZ/roster/?day=2026-03-11&copy=1")
    form = page.context["form"]

    assert form["w2026-03-12_day"].value() == "李派遣 110"
    assert DutyRoster.objects.count() == 1


def test_a_name_that_nobody_bears_is_told_at_its_cell_with_the_nearest(roads):
    client = signed_in()
    told = {"w2026-03-04_day": "李派谴", "w2026-03-05_day": "王监督"}
    shown = previewed(client, ADDRESS, opened(client, ADDRESS), **told)

    assert set(errors(shown)) == {"w2026-03-04_day"}
    assert "最接近的是“李派遣”" in str(errors(shown))
    assert not DutyRoster.objects.exists()


def test_days_that_are_over_stay_as_they_were(roads):
    client = signed_in()
    edit(client, ADDRESS, **{"w2026-03-04_day": "李派遣"})
    with time_machine.travel(datetime(2026, 3, 5, 1, tzinfo=UTC), tick=False):
        client = signed_in()
        edit(client, ADDRESS, **{"w2026-03-04_day": "", "w2026-03-05_day": "王监督"})

    assert [row[:3] for row in watches()] == [
        ("2026-03-04", "day", "li"),
        ("2026-03-05", "day", "wang"),
    ]


def test_an_edit_of_a_week_is_undone(roads):
    client = signed_in()
    edit(client, ADDRESS, **{"w2026-03-05_day": "李派遣"})
    edit(client, ADDRESS, **{"w2026-03-05_day": "王监督"})
    undo(client, "/settings/orgs/undo/roster/SZ/?n=2")

    assert [row[:3] for row in watches()] == [("2026-03-05", "day", "li")]


def sheet(rows, merge=None):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if merge:
        book.active.merge_cells(merge)
    file = io.BytesIO()
    book.save(file)
    return SimpleUploadedFile("week.xlsx", file.getvalue())


@pytest.mark.parametrize(
    "heads",
    [
        [datetime(2026, 3, 4), datetime(2026, 3, 5)],
        ["2026-03-04", "2026/3/5"],
        ["3月4日", "３月５日"],
        ["2026年3月4日 周三", "2026.3.5"],
    ],
)
def test_a_sheet_is_read_in_each_style_of_date_with_merged_cells(roads, heads):
    client = signed_in()
    rows = [
        ["市政道路处值班表"],
        ["", *heads],
        ["白班", "李派遣 110", None],
        ["夜班", "", "王监督"],
    ]
    shown = client.post(
        "/units/SZ/roster/read/", {"day": "2026-03-04", "file": sheet(rows, merge="B3:C3")}
    )
    form = shown.context["form"]

    assert form["w2026-03-04_day"].value() == form["w2026-03-05_day"].value() == "李派遣 110"
    assert form["w2026-03-05_night"].value() == "王监督"
    assert shown.context["preview"] and not DutyRoster.objects.exists()


def test_a_sheet_of_another_week_or_none_at_all_is_refused(roads):
    client = signed_in()
    for file in (
        sheet([["", "2026-02-31"], ["白班", "李派遣"]]),
        SimpleUploadedFile("x.xlsx", b"x"),
    ):
        told = {"day": "2026-03-04", "file": file}
        page = client.post("/units/SZ/roster/read/", told, follow=True).content.decode()
        assert "首行须是日期" in page or "读不出" in page
    assert not DutyRoster.objects.exists()


def test_the_sheet_that_goes_out_comes_back_unchanged(roads):
    client = signed_in()
    edit(client, ADDRESS, **{"w2026-03-05_day": "李派遣 110、王监督"})
    data = b"".join(client.get("/units/SZ/roster/xlsx/?day=2026-03-05").streaming_content)
    told = {"day": "2026-03-04", "file": SimpleUploadedFile("w.xlsx", data)}
    page = client.post("/units/SZ/roster/read/", told, follow=True)

    assert "内容没有变化" in page.content.decode()


@pytest.mark.parametrize("post", sorted(set(Post)))
def test_who_may_roster(roads, post):
    status = signed_in("one", post, unit=roads if post == Post.UNIT_LEAD else None).get(ADDRESS)

    assert status.status_code == (200 if post in LEADS else 403)


def test_a_lead_rosters_no_other_unit(roads):
    parks = actions.create_unit(code="YL", name="园林处", kind="department", act=act())
    client = signed_in("lead", Post.UNIT_LEAD, "周负责", unit=parks)
    told = {"w2026-03-05_day": "李派遣"}
    shown = previewed(client, ADDRESS, opened(client, ADDRESS), **told)

    assert "只能排本单位" in str(errors(shown))
    assert not DutyRoster.objects.exists()
