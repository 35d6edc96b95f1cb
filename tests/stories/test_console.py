"""The console by keyboard alone, and what it keeps when something goes wrong (walk 2)."""

import re

import pytest
from playwright.sync_api import expect

from changxiao.cases import actions
from changxiao.cases.actions import Problem
from changxiao.cases.models import Case
from changxiao.catalog.models import FilingCriterion
from changxiao.kernel import scope
from changxiao.kernel.act import Act
from tests.stories.cast import PASSWORD, cast
from tests.stories.test_walks import Walk

pytestmark = [pytest.mark.browser, pytest.mark.slow]
DESK = (1440, "zh-hans", "light")


def by(username, post, n):
    return Act(actor=username, post=post, key=f"console-{post}-{n}")


def filed(count):
    """So many cases that wait for a dispatcher, oldest first."""
    criterion = FilingCriterion.objects.select_related("subcategory").get()
    found = []
    with scope.viewing(scope.Viewer("system", "tests")):
        for n in range(count):
            problem = Problem(
                channel="collector",
                subcategory=criterion.subcategory,
                lon=116.703,
                lat=23.365,
                description=f"路面有坑 {n}",
                address=f"金砂东路{n + 1}号",
            )
            case = actions.report(problem, act=by("wang", "collector", n))
            case = actions.accept(case, act=by("chen", "intake", n))
            case = actions.file(case, criterion=criterion, act=by("lin", "shift_leader", n))
            found.append(case.number)
    return found


def stage_of(number):
    return Case.everything.get(number=number).stage


def open_now(page, number):
    """The pane shows that case, and the address bar and the list say so."""
    page.wait_for_selector(f'#pane #case[data-number="{number}"]')
    expect(page).to_have_url(re.compile(f"case={number}$"))
    expect(page.locator("#queue [aria-current]")).to_have_attribute("href", f"/cases/{number}/")


def test_a_dispatcher_decides_case_after_case_without_the_mouse(running_server, browser):
    cast()
    first, second, third = filed(3)
    walk = Walk(browser, running_server, DESK)
    walk.forgives = ("htmx:afterRequest", "htmx:sendAbort")  # moving on faster than cases come

    with walk.person("li") as page:
        page.goto(walk.url + "/cases/?stage=filed")
        open_now(page, first)
        walk.look()
        page.keyboard.press("j")
        open_now(page, second)
        page.keyboard.press("ArrowDown")
        open_now(page, third)
        page.keyboard.press("k")
        page.keyboard.press("k")
        open_now(page, first)
        dispatched_by_keys(page, first, second)
        escaped(page, second)
        listed_keys(page)
        page.keyboard.press("j")
        open_now(page, third)
        page.keyboard.press("/")
        page.keyboard.type("d")
        expect(page.locator("input:focus")).to_have_value("d")
        page.locator(f'#queue [href="/cases/{third}/"]').focus()
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/cases/{third}/")


def dispatched_by_keys(page, first, second):
    """D opens the form, Enter takes the suggestion, and the next case is there, focus and all."""
    page.keyboard.press("d")
    page.wait_for_selector("#act form.act-form [type=submit]:focus")
    page.keyboard.press("Enter")
    open_now(page, second)
    assert stage_of(first) == "dispatched"
    page.wait_for_selector(f'#queue .is-done[data-number="{first}"]')
    assert first in page.inner_text("#toasts")
    page.wait_for_selector(f"a[href='/cases/{second}/']:focus")


def escaped(page, number):
    """Escape closes the form, even while writing, and what was written is there again."""
    page.keyboard.press("d")
    page.fill("form.act-form [name=note]", "先通知养护班")
    page.keyboard.press("Escape")
    page.wait_for_selector("#act .act-bar")
    assert stage_of(number) == "filed"
    page.keyboard.press("d")
    page.wait_for_selector(".draft-note")
    assert page.input_value("form.act-form [name=note]") == "先通知养护班"
    page.keyboard.press("Escape")
    page.wait_for_selector("#act .act-bar")


def listed_keys(page):
    """`?` names the letter of each button on the page; closing gives the page back."""
    page.keyboard.press("?")
    told = page.locator("#keys[open]").inner_text()
    assert "派遣" in told and "下一件" in told
    page.keyboard.press("Escape")
    page.wait_for_selector("#keys", state="hidden")


def test_text_outlives_the_session_and_waits_after_signing_in(running_server, browser):
    cast()
    (number,) = filed(1)
    walk = Walk(browser, running_server, DESK)

    with walk.person("li") as page:
        page.goto(f"{walk.url}/cases/?case={number}")
        page.wait_for_selector("#pane .act-bar")
        page.keyboard.press("d")
        page.fill("form.act-form [name=note]", "请带好围挡 🚧")
        page.context.clear_cookies(name=re.compile("sid"))
        page.click("form.act-form button[type=submit]")
        page.wait_for_selector("[name=login]")
        page.fill("[name=login]", "li")
        page.fill("[name=password]", PASSWORD)
        page.click("form[action*=login] button[type=submit]")
        page.wait_for_selector("#pane .act-bar")
        page.keyboard.press("d")
        page.wait_for_selector(".draft-note")
        assert page.input_value("form.act-form [name=note]") == "请带好围挡 🚧"
        page.keyboard.press("Control+Enter")
        page.wait_for_selector(".toast-note")
    assert stage_of(number) == "dispatched"


def test_without_a_network_the_page_says_so_and_keeps_the_form(running_server, browser):
    cast()
    (number,) = filed(1)
    walk = Walk(browser, running_server, (390, "zh-hans", "dark"))
    walk.number = number
    walk.forgives = ("htmx:afterRequest", "htmx:sendError", "ERR_FAILED")

    with walk.person("li") as page:
        walk.open_case()
        page.click("#act [data-key=d]")
        page.fill("form.act-form [name=note]", "请尽快")
        page.route("**/do/dispatch/", lambda route: route.abort())
        page.click("form.act-form button[type=submit]")
        page.wait_for_selector(".toast-note.state-overdue")
        assert page.input_value("form.act-form [name=note]") == "请尽快"
        page.unroute("**/do/dispatch/")
        page.click("form.act-form button[type=submit]")
        page.wait_for_selector(".toast-note.state-on-track")
    assert stage_of(number) == "dispatched"
