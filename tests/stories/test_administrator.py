"""The city administrator's walk: a vacancy filled, a week rostered, a holiday taken back."""

import pytest

from changxiao.catalog.models import CalendarDay
from changxiao.orgs.models import DutyRoster, UnitRole
from tests.stories import basics
from tests.stories.cast import PASSWORD, cast

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ROSTER_WEEK = "2027-03-01"


def confirm(page):
    """Previewed, looked at, confirmed."""
    page.click("button[name=seen][value='']")
    page.wait_for_selector("#preview")
    basics.check(page)
    agreed(page)


def agreed(page):
    with page.expect_navigation():
        page.click("#preview button[type=submit]")


def test_the_administrator_s_walk(running_server, browser):
    cast()
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page, url = context.new_page(), running_server.url
    page.goto(url + "/")
    page.fill("[name=login]", "wu")
    page.fill("[name=password]", PASSWORD)
    page.click("form[action*=login] button[type=submit]")
    page.wait_for_url(url + "/")

    page.goto(url + "/units/?vacant=1")
    basics.check(page)
    page.click("table.units a")
    page.click("a[href='/roles/SZ-DL/head/']")
    page.fill("[name=staff]", "赵处置")
    confirm(page)
    assert UnitRole.objects.get(until_date=None).staff.username == "zhao"

    page.goto(f"{url}/units/SZ-DL/roster/?day={ROSTER_WEEK}")
    basics.check(page)
    first = page.locator("[data-roster] textarea").first
    first.focus()
    page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.setData("text/plain", "赵处置 110\\t王监督\\n陈受理\\t");
          document.activeElement.dispatchEvent(
            new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }"""
    )
    confirm(page)
    rows = DutyRoster.objects.order_by("date", "shift").values_list("shift", "staff__username")
    assert sorted(rows) == [("day", "wang"), ("day", "zhao"), ("night", "chen")]

    page.goto(url + "/settings/catalog/calendar/2027-01-01/")
    page.fill("[name=name]", "元旦")
    page.fill("[name=source]", "国办发明电〔2026〕12号")
    confirm(page)
    assert CalendarDay.objects.get().name == "元旦"

    page.goto(url + "/changes/?kind=calendar")
    basics.check(page)
    page.click(".changes-list a.btn")
    page.click("a[href*='/undo/']")
    page.wait_for_selector("#preview")
    agreed(page)
    assert not CalendarDay.objects.exists()
    context.close()
