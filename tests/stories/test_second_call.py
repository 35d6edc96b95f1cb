"""A second call about the same hole: the officer sees the first at the side and joins it."""

import pytest

from changxiao.cases.models import Case
from tests.stories import basics
from tests.stories.cast import cast, filed
from tests.stories.test_walks import Walk

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ASKED_AGAIN = """() => new Promise((done) => {
  const side = document.getElementById("report-here");
  side.addEventListener("htmx:afterRequest", () => done(), {once: true});
  document.getElementById("report-form").dispatchEvent(new Event("change"));
})"""


@pytest.mark.parametrize("width", [1440, 390])
def test_the_second_caller_is_joined_while_he_is_on_the_line(running_server, browser, width):
    cast()
    (lead,) = filed(1)
    walk = Walk(browser, running_server, (width, "zh-hans", "light"))
    walk.forgives = ("htmx:afterRequest", "htmx:sendAbort")  # the side asks anew as one types
    with walk.person("chen") as page:
        page.goto(f"{walk.url}/cases/report/?channel=hotline&lon=116.703&lat=23.365")
        page.fill("[name=description]", "又有人说路面有坑")
        page.fill("[name=reporter_phone]", "13800138000")
        page.locator("[name=reporter_phone]").blur()
        basics.still(page)
        join = page.locator(f"#report-here button[value='{lead}']")
        join.hover()
        page.mouse.down()  # and while it is held, an answer comes
        page.evaluate(ASKED_AGAIN)
        with page.expect_response("**/report/here?**"):
            page.mouse.up()
        page.wait_for_selector("#confirm[open]")
        basics.check(page)
        assert lead in page.inner_text("#confirm")

        page.keyboard.press("Escape")
        page.wait_for_selector("#confirm:not([open])", state="attached")
        assert Case.everything.count() == 1
        join.press("Enter")
        page.wait_for_selector("#confirm[open]")
        page.click("#confirm button[value=yes]")
        page.wait_for_url("**/reported/")
        walk.look()
        assert f"并入案卷 {lead}" in page.inner_text("main")

    second = Case.everything.latest("pk")
    assert (second.stage, second.duplicate_of.number) == ("joined", lead)
