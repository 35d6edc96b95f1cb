"""The hotline clerk: a caller who rang before, one press for the same thing, and ringing back."""

import pytest

from changxiao.cases import actions
from changxiao.cases.models import Case
from changxiao.cases.models_calls import Call
from changxiao.catalog.models import FilingCriterion
from changxiao.kernel import scope
from changxiao.orgs.models import Unit
from tests.stories import basics
from tests.stories.cast import cast
from tests.stories.test_walks import Walk
from tests.support.cast import act

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PHONE = "13800138000"
FORM = "/cases/report/?channel=hotline&lon=116.703&lat=23.365"


def test_a_caller_is_known_again_and_rung_back(running_server, browser):
    cast()
    FilingCriterion.objects.update(closing_needs=[])
    walk = Walk(browser, running_server, (390, "zh-hans", "light"))
    walk.forgives = ("htmx:afterRequest", "htmx:sendAbort")  # the side asks anew as one types
    with walk.person("chen") as page:
        page.goto(walk.url + FORM)
        page.evaluate("document.querySelectorAll('[data-by-hand]').forEach((e) => e.open = true)")
        page.select_option("[name=subcategory]", "e9799")
        page.fill("[name=description]", "路面有坑")
        page.fill("[name=reporter_phone]", PHONE)
        page.check("[name=wants_callback]")
        page.wait_for_selector("#caller >> text=没有来过电")
        page.click("#report-form .btn-primary[type=submit]")
        page.wait_for_url("**/reported/")
        number = page.url.rstrip("/").split("/")[-2]

        page.goto(walk.url + FORM)
        page.fill("[name=description]", "坑更大了")
        page.fill("[name=reporter_phone]", "+86 138 0013 8000")
        page.wait_for_selector(f"#caller button[value='{number}']")
        basics.check(page)
        basics.still(page)
        page.click(f"#caller button[value='{number}']")
        page.wait_for_url("**/reported/")
        assert number in page.url
        assert (Case.everything.count(), Call.objects.count()) == (1, 2)

        with scope.viewing(scope.system("test")):
            _close(Case.everything.get())
        page.goto(f"{walk.url}/cases/callbacks/")
        basics.check(page)
        page.click("text=取号码回拨")
        page.wait_for_selector(f"a[href='tel:{PHONE}']")
        page.click("main >> text=记录回访")
        page.check("[name=solved][value=true]")
        page.check("[name=satisfaction][value=satisfied]")
        page.click("form.act-form .btn-primary")
        page.wait_for_selector("text=已记录")
    case = Case.everything.get()
    assert (case.callback, case.solved, case.satisfaction) == ("reached", True, "satisfied")


def _close(case):
    """To its closing, by the verbs of those who do it."""
    criterion = FilingCriterion.objects.get(subcategory=case.subcategory)
    now = case.head.at
    steps = ("ask_to_confirm", "confirm", "accept", "file", "dispatch", "feed_back", "verify")
    for verb in (*steps, "close"):
        more = {"answer": "已修好"} if verb == "close" else {}
        more |= {"criterion": criterion} if verb == "file" else {}
        more |= {"to": Unit.objects.get(code="SZ-DL")} if verb == "dispatch" else {}
        case = getattr(actions, verb)(case, act=act(verb, now, note="说明"), **more)
