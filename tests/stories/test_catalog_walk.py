"""The city administrator's walk through the catalogue: a category, a limit, a typhoon, one undone.

Every edit is previewed and confirmed and stands in its row's history; what is running keeps its
limit, and the page says so before anything is confirmed.
"""

import io
from datetime import timedelta

import pytest
from openpyxl import load_workbook

from changxiao.cases import actions
from changxiao.cases.models import Case
from changxiao.catalog.models import (
    Category,
    Emergency,
    FilingCriterion,
    PeriodOverlay,
    Responsibility,
    StageLimit,
    WorkWindow,
)
from changxiao.kernel import scope
from changxiao.kernel.act import Act
from changxiao.kernel.day import today
from changxiao.orgs.models import Unit
from tests.stories import basics
from tests.stories.cast import SINCE, cast, filed
from tests.stories.test_walks import Walk

pytestmark = [pytest.mark.browser, pytest.mark.slow]
DESK = (1440, "zh-hans", "light")
SETTINGS = "/settings/catalog"
PLACE = "116.703,23.365"
KEEPS = "在办案卷仍按各自立案时的版本"


def test_the_catalogue_administrator_s_walk(running_server, browser):
    roads = cast()
    running = dispatched(roads)
    walk = Walk(browser, running_server, DESK)

    with walk.person("wu") as page:
        admin = Admin(page, walk.url)
        a_category_of_the_city_s_own(admin)
        a_criterion_and_its_limit(admin)
        the_table_out_to_excel_and_back(admin)
        who_would_get_this_case(admin)
        clocks_and_hours(admin)
        an_inspection_period(admin)
        a_typhoon(admin)
        the_last_criterion_undone(admin)
    now = Case.everything.select_related("criterion").get(pk=running.pk)
    assert (now.due_at, now.criterion.version) == (running.due_at, 1)


def dispatched(unit):
    """A case that a unit is handling by the first version of the one criterion."""
    (number,) = filed(1)
    with scope.viewing(scope.system("tests")):
        case = Case.everything.get(number=number)
        return actions.dispatch(case, to=unit, act=Act(actor="li", post="dispatcher", key="walk"))


class Admin:
    """What this person does again and again: fill, preview, read, confirm."""

    def __init__(self, page, url):
        self.page, self.url = page, url

    def open(self, path):
        self.page.goto(self.url + path)

    def set(self, path, **told):
        """Fill the form at the address, read its preview, confirm; the preview's words."""
        self.open(path)
        for name, value in told.items():
            field = self.page.locator(f".edit-form [name={name}]")
            if field.evaluate("e => e.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)
        self.page.click("button[name=seen][value='']")
        return self.confirm()

    def confirm(self):
        self.page.wait_for_selector("#preview")
        if self.page.locator("#preview [hx-get]").count():
            self.page.wait_for_selector("#preview [hx-get] .effects")  # how many cases it concerns
            basics.check(self.page)  # the others are made of the same
        words = self.page.inner_text("#preview")
        self.page.click("#preview button[type=submit]")
        self.page.wait_for_selector("#preview", state="detached")
        return words

    def history(self, path):
        """The row's history, the newest first."""
        self.open(path)
        basics.check(self.page)
        return self.page.locator(".edits > li").all_inner_texts()


def a_category_of_the_city_s_own(admin):
    admin.set(f"{SETTINGS}/categories/new/", kind="event", name="低空飞行", name_en="Drones")
    row = Category.objects.get(name="低空飞行")
    admin.set(f"{SETTINGS}/categories/{row.key}/", name="低空飞行物", note="含气球")
    newest, first = admin.history(f"{SETTINGS}/history/category/{row.key}/")
    assert "低空飞行物" in newest and "含气球" in newest and "吴管理" in newest
    assert "新增" in first


def a_criterion_and_its_limit(admin):
    words = admin.set(f"{SETTINGS}/criteria/E9799-01/", amount="6", note="城区道路从严")
    assert KEEPS in words
    assert "在办 1 件" in words
    assert {row.version: row.limit.amount for row in FilingCriterion.objects.all()} == {1: 4, 2: 6}


def the_table_out_to_excel_and_back(admin):
    """A wrong limit and a misspelt unit each name their cell; put right, the table is taken."""
    admin.open(f"{SETTINGS}/sheets/criteria/")
    basics.check(admin.page)
    with admin.page.expect_download() as download:
        admin.page.click("a[href$='export.xlsx']")
    out = load_workbook(io.BytesIO(download.value.path().read_bytes()))
    heads = [cell.value for cell in out.active[2]]
    amount, unit = heads.index("时限数值") + 1, heads.index("时限单位") + 1
    out.active.cell(3, amount).value = "两"
    out.active.cell(3, unit).value = "工时"
    upload(admin, out)
    cells = admin.page.locator("table .code").all_inner_texts()
    assert cells == [out.active.cell(3, amount).coordinate, out.active.cell(3, unit).coordinate]
    basics.check(admin.page)
    assert not admin.page.is_visible("button[name=seen]")

    out.active.cell(3, amount).value, out.active.cell(3, unit).value = 2, "工作日"
    upload(admin, out)
    assert KEEPS in admin.page.inner_text(".preview")
    admin.page.click("button[name=seen]")
    admin.page.wait_for_url(f"**{SETTINGS}/criteria/")
    assert str(FilingCriterion.objects.current().get().limit) == "2 工作日"


def upload(admin, book):
    file = io.BytesIO()
    book.save(file)
    admin.open(f"{SETTINGS}/sheets/criteria/")
    admin.page.set_input_files(
        "#file", {"name": "立案标准.xlsx", "mimeType": "", "buffer": file.getvalue()}
    )
    admin.page.click("form[enctype] button[type=submit]")
    admin.page.wait_for_selector(".sheet-counts")


def who_would_get_this_case(admin):
    """A unit of the street is named before the district's: the tester says who wins and why."""
    asked = f"{SETTINGS}/trial/?place={PLACE}&criterion=E9799-01"
    admin.open(asked)
    assert "汕头市市政道路桥梁管理处" in admin.page.inner_text(".considered-won")
    street = Unit.objects.create(
        code="SZ-JP",
        name="金平区市政所",
        kind=Unit.Kind.DEPARTMENT,
        path="9002.",
        since_date=SINCE,
    )
    told = {"subject": "E9799-01", "area": "440511", "unit": street.code, "basis": "会议纪要"}
    words = admin.set(f"{SETTINGS}/responsibilities/new/", **told)
    assert "已派遣的案卷不变" in words
    admin.open(asked)
    basics.check(admin.page)
    assert "金平区市政所" in admin.page.inner_text(".considered-won")
    assert Responsibility.objects.filter(unit=street, until_date=None).exists()


def clocks_and_hours(admin):
    words = admin.set(f"{SETTINGS}/stages/reported:normal/", amount="45")
    assert "已经进入这个环节的案卷仍按进入时的时限" in words
    assert StageLimit.objects.get().limit.amount == 45
    admin.open(f"{SETTINGS}/windows/office/")
    page = admin.page
    for day in page.locator("[name=days0]").all():
        day.check()
    page.fill("[name=start0]", "08:30")
    page.fill("[name=end0]", "17:30")
    page.click("button[name=seen][value='']")
    admin.confirm()
    row = WorkWindow.objects.get()
    assert (f"{row.start:%H:%M}", f"{row.end:%H:%M}") == ("08:30", "17:30")


def an_inspection_period(admin):
    first, last = today() + timedelta(days=7), today() + timedelta(days=13)
    told = {"first": first.isoformat(), "last": last.isoformat(), "factor": "0.5"}
    words = admin.set(f"{SETTINGS}/overlays/new/", name="迎检", **told)
    assert "已派遣的案卷仍按派遣时的时限" in words
    admin.open(f"{SETTINGS}/overlays/")
    assert "尚未开始" in admin.page.inner_text("table")
    assert PeriodOverlay.objects.get().factor * 2 == 1


def a_typhoon(admin):
    """With number, area and span; the preview counts what it would pause before it does."""
    until = today() + timedelta(days=2)
    words = admin.set(
        "/emergencies/new/",
        order_number="汕应急〔2026〕3号",
        name="台风“蝴蝶”防御",
        to_at=f"{until}T08:00",
        area="金平区",
    )
    assert "会暂停 1 件在处置的案卷" in words
    order = Emergency.objects.get()
    assert (order.order_number, order.area_code) == ("汕应急〔2026〕3号", "440511")
    admin.open("/emergencies/")
    basics.check(admin.page)
    assert "金平区" in admin.page.inner_text("main")


def the_last_criterion_undone(admin):
    """From the list of what was changed lately; the undoing is an edit like any other."""
    admin.open("/changes/?kind=criterion")
    admin.page.click(".changes-list a.btn")
    admin.page.click("a[href*='/undo/']")
    assert KEEPS in admin.confirm()
    row = FilingCriterion.objects.current().get()
    assert (row.version, row.limit.amount) == (4, 6)
    assert "撤销第 2 次" in admin.history(f"{SETTINGS}/history/criterion/E9799-01/")[0]
