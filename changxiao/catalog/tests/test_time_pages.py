"""时间的设置页: calendar, notices, windows and periods, each by preview, history and undo."""

import io
from datetime import date, time

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from changxiao.catalog import actions, timetable
from changxiao.catalog.models import CalendarDay, PeriodOverlay, WorkWindow
from changxiao.catalog.tests.browsing import (
    confirmed,
    edit,
    entries,
    opened,
    previewed,
    signed_in,
)
from changxiao.catalog.tests.conftest import act
from changxiao.kernel.worktime import EVERY_DAY, Window
from changxiao.ledger.models import Entry
from changxiao.orgs.posts import Post

pytestmark = pytest.mark.django_db
EDITORS = {Post.CITY_ADMIN, Post.CENTER_DIRECTOR, Post.COMMAND_DIRECTOR}
DAY = "/settings/catalog/calendar/2027-01-01/"
NOTICE = "/settings/catalog/calendar/notice/"


def undo(client, kind, key, n):
    address = f"/settings/catalog/undo/{kind}/{key}/?n={n}"
    shown = client.get(address)
    form = shown.context["form"]
    filled = {name: form[name].value() or "" for name in form.fields}
    client.post(address, {**filled, "seen": shown.context["preview"].seen})


def blank(client, address):
    """The hidden fields only: a browser sends nothing for boxes that are not ticked."""
    return {k: v for k, v in opened(client, address).items() if k in {"key", "base_n"}}


def errors(response):
    return str(dict(response.context["form"].errors))


def test_a_day_is_marked_with_its_source_and_put_back():
    client = signed_in()
    edit(client, DAY, is_workday="0", name="元旦", source="国办发明电〔2026〕12号")
    assert not timetable.calendar_for().is_workday(date(2027, 1, 1))
    page = client.get("/settings/catalog/calendar/?year=2027").content.decode()
    assert "国办发明电〔2026〕12号" in page

    undo(client, "calendar", "2027-01-01", 1)
    assert not CalendarDay.objects.exists()
    assert entries("calendar:2027-01-01") == 2


def test_a_year_without_a_notice_says_so_and_one_with_it_does_not():
    client = signed_in()
    CalendarDay.objects.create(date=date(2026, 5, 1), is_workday=False, name="劳动节")
    for year, missing in ((2026, False), (2030, True)):
        page = client.get(f"/settings/catalog/calendar/?year={year}")
        assert page.context["missing"] == missing


def test_a_notice_is_pasted_whole_and_each_day_is_an_entry():
    client = signed_in()
    lines = "二、春节：2月6日（周六）至12日（周五）放假调休。2月14日（周日）上班。"
    edit(client, NOTICE, year="2027", source="国办发明电〔2026〕12号", lines=lines)

    assert CalendarDay.objects.filter(is_workday=False).count() == 7
    assert CalendarDay.objects.get(is_workday=True).date == date(2027, 2, 14)
    assert Entry.objects.filter(verb="set_calendar_day").count() == 8
    assert entries("calendar:notices") == 1


def test_a_notice_of_another_year_changes_nothing_and_keeps_the_text():
    client = signed_in()
    told = {"year": "2027", "source": "某通知", "lines": "一、元旦：1月1日（周三）放假"}
    shown = previewed(client, NOTICE, opened(client, NOTICE), **told)

    assert "年份是否选对" in errors(shown) and "一、元旦" in shown.content.decode()
    assert not CalendarDay.objects.exists() and not Entry.objects.exists()


def test_a_notice_comes_from_a_sheet_too():
    book = openpyxl.Workbook()
    book.active.append([date(2027, 1, 1), "放假", "元旦"])
    book.active.append(["2027年1月3日", "上班", "元旦"])
    file = io.BytesIO()
    book.save(file)
    client = signed_in()
    data = {"year": "2027", "file": SimpleUploadedFile("2027.xlsx", file.getvalue())}
    shown = client.post(NOTICE, data)

    assert shown.context["preview"]
    assert not CalendarDay.objects.exists()


def test_sanitation_works_from_five_and_seasons_and_nights_are_said():
    client = signed_in()
    line = {
        "days0": [str(n) for n in range(7)],
        "start0": "05:00",
        "end0": "11:00",
        "from0": "05-01",
        "to0": "10-31",
        "holidays0": "on",
    }
    night = {"days1": ["0"], "start1": "22:00", "end1": "05:00"}
    address = "/settings/catalog/windows/sanitation/"
    confirmed(client, address, blank(client, address), **line, **night)

    rows = [row.window() for row in WorkWindow.objects.order_by("start")]
    assert Window(time(5), time(11), EVERY_DAY, "05-01", "10-31", True) in rows
    page = client.get("/settings/catalog/windows/").content.decode()
    assert "每天 05:00–11:00 （05-01 至 10-31） 节假日照常" in page and "（次日）" in page
    undo(client, "window", "sanitation", 1)
    assert not WorkWindow.objects.exists()


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({}, "至少要有一个时段"),
        ({"days0": ["0"], "start0": "08:00"}, "要有星期、开始和结束"),
        ({"days0": ["0"], "start0": "08:00", "end0": "08:00"}, "不能相同"),
        ({"days0": ["0"], "start0": "25:00", "end0": "08:00"}, "start0"),
        ({"days0": ["0"], "start0": "08:00", "end0": "12:00", "from0": "02-31x"}, "from0"),
        (
            {
                **{"days0": ["0"], "start0": "08:00", "end0": "12:00"},
                **{"days1": ["0", "1"], "start1": "11:00", "end1": "14:00"},
            },
            "重叠",
        ),
    ],
)
def test_windows_that_cannot_be_are_refused(told, why):
    client = signed_in()
    address = "/settings/catalog/windows/night/"
    shown = previewed(client, address, blank(client, address), **told)

    assert shown.status_code == 422 and why in errors(shown)
    assert not WorkWindow.objects.exists()


OVERLAY = {"name": "迎检", "first": "2026-03-09", "last": "2026-03-20", "factor": "0.5", "area": ""}


def test_a_period_is_set_overlaps_are_told_and_it_is_put_back():
    client = signed_in()
    edit(client, "/settings/catalog/overlays/new/", **OVERLAY, keys="")
    more = {**OVERLAY, "name": "春节", "first": "2026-03-20", "last": "2026-03-25", "factor": "1.5"}
    address = "/settings/catalog/overlays/new/"
    shown = previewed(client, address, opened(client, address), **more, keys="")
    assert "与“迎检”日子重叠" in " ".join(shown.context["preview"].effects)

    edit(client, "/settings/catalog/overlays/迎检/", factor="0.8")
    undo(client, "overlay", "迎检", 2)
    assert str(PeriodOverlay.objects.get().factor.normalize()) == "0.5"
    edit(client, "/settings/catalog/overlays/迎检/drop/")
    assert not PeriodOverlay.objects.exists()
    assert entries("overlay:迎检") == 4


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"last": "2026-03-08"}, "早于开始日期"),
        ({"first": "2026-02-31"}, "first"),
        ({"last": "9999-12-31"}, "请核对年份"),
        ({"factor": "many"}, "factor"),
        ({"factor": "0"}, ""),
        ({"keys": "e9x"}, "不存在"),
        ({"name": "a/b"}, "斜线"),
        ({"area": "月亮区"}, "area"),
    ],
)
def test_a_period_that_cannot_be_is_refused(told, why):
    client = signed_in()
    address = "/settings/catalog/overlays/new/"
    shown = previewed(client, address, opened(client, address), **{**OVERLAY, **told})

    assert shown.status_code == 422 and why in errors(shown)
    assert not PeriodOverlay.objects.exists()


def test_a_period_s_name_is_not_taken_twice():
    client = signed_in()
    edit(client, "/settings/catalog/overlays/new/", **OVERLAY, keys="")
    address = "/settings/catalog/overlays/new/"
    shown = previewed(client, address, opened(client, address), **{**OVERLAY, "factor": "0.9"})

    assert "已有时期" in errors(shown)
    assert entries("overlay:迎检") == 1


@pytest.mark.parametrize("post", sorted(set(Post)))
@pytest.mark.parametrize(
    "path", ["calendar/", "calendar/notice/", "windows/", "overlays/", "overlays/new/"]
)
def test_only_editors_come_in(post, path):
    status = signed_in("one", post).get(f"/settings/catalog/{path}").status_code

    assert status == (200 if post in EDITORS else 403)


@pytest.mark.parametrize(
    "path",
    [
        "calendar/?year=1999",
        "calendar/?year=20x6",
        "calendar/2026-02-31/",
        "calendar/9999-01-01/",
        "calendar/2026-03-02/clear/",
        "windows/lunch/",
        "overlays/none/",
        "overlays/none/drop/",
    ],
)
def test_what_is_not_there_is_not_found(path):
    assert signed_in().get(f"/settings/catalog/{path}").status_code == 404


def test_saying_again_what_holds_is_no_edit():
    client = signed_in()
    actions.set_calendar_day(date(2027, 1, 1), is_workday=False, name="元旦", source="x", act=act())
    done = previewed(client, DAY, opened(client, DAY))

    assert done.status_code == 302
    assert entries("calendar:2027-01-01") == 1
