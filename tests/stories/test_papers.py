"""The leader's phone at eight, and a shift handed over by two people, in a real browser."""

from datetime import date

import pytest
from django.urls import reverse

from changxiao.cases import actions
from changxiao.cases.actions import Problem
from changxiao.cases.handover.models import ShiftHandover
from changxiao.cases.models import SupervisionOrder
from changxiao.catalog.models import FilingCriterion
from changxiao.kernel import scope
from changxiao.kernel.act import Act
from changxiao.orgs import actions as orgs
from changxiao.orgs.links import word_of
from changxiao.orgs.models import Appointment, Staff, UnitRole
from changxiao.orgs.posts import Post
from tests.stories import basics
from tests.stories.cast import PASSWORD, SINCE, cast, hashed
from tests.stories.test_walks import Walk
from tests.support.cast import JINPING, act, at

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def hire(username, name, post):
    staff = Staff.objects.create(username=username, name=name, password=hashed())
    Appointment.objects.create(staff=staff, post=post, since_date=SINCE)
    return staff


def overdue(roads):
    """A case of 市政道路处 that has long been late."""
    criterion = FilingCriterion.objects.get()
    lon, lat = JINPING
    found = Problem(channel="collector", subcategory=criterion.subcategory, lon=lon, lat=lat)
    with scope.viewing(scope.system("test")):
        case = actions.report(found, act=act("report"))
        case = actions.accept(case, act=act("accept", at(2, 9, 5)))
        case = actions.file(case, criterion=criterion, act=act("file", at(2, 9, 10)))
        return actions.dispatch(case, to=roads, act=act("dispatch", at(2, 9, 15)))


def test_a_leader_reads_the_sheet_signs_in_and_orders_in_two_taps(running_server, browser):
    roads = cast()
    zhang = hire("zhang", "张领导", Post.LEADER)
    UnitRole.objects.create(unit=roads, role="head", staff=zhang, since_date=date(2020, 1, 1))
    case = overdue(roads)
    link = orgs.issue_report_link(zhang, act=Act.system("test"))
    phone = browser.new_context(
        viewport={"width": 390, "height": 800}, timezone_id="Asia/Shanghai", locale="zh-CN"
    )
    page = phone.new_page()

    page.goto(running_server.url + reverse("daily", args=[word_of(link)]))
    basics.check(page)
    assert "张领导" not in page.content()
    assert page.locator(".light strong").first.inner_text() == "1"
    page.locator(".light").first.click()
    page.fill("[name=login]", "zhang")
    page.fill("[name=password]", PASSWORD)
    page.click("form[action*=login] button[type=submit]")
    page.wait_for_url("**/cases/?**overdue=1**")
    assert case.number in page.content()

    page.goto(running_server.url + "/leader/")
    basics.still(page)
    basics.check(page)
    page.locator(".press summary").click()
    page.get_by_role("button", name="确认督办").click()
    page.wait_for_selector(".late-row .state-near")
    basics.check(page)
    assert SupervisionOrder.objects.get().ordered_by == "zhang"
    phone.close()


def test_a_shift_is_handed_over_by_two_people(running_server, browser):
    roads = cast()
    hire("sun", "孙派遣", Post.DISPATCHER)
    case = overdue(roads)
    walk = Walk(browser, running_server, (1440, "zh-hans", "light"))

    with walk.person("li") as page:
        page.goto(walk.url + "/cases/handover/")
        walk.look()
        assert case.number in page.content()
        page.fill("#note", "三号车在维修，明早八点回电")
        page.get_by_role("button", name="签字交班").click()
        page.wait_for_selector("text=等待接班")
        walk.look()
    with walk.person("sun") as page:
        page.goto(walk.url + "/cases/handover/")
        assert "三号车在维修" in page.content()
        page.get_by_role("button", name="签收接班").click()
        page.wait_for_url("**/cases/handover/*/")
        walk.look()
    row = ShiftHandover.everything.get()
    assert (row.outgoing, row.incoming) == ("li", "sun")
