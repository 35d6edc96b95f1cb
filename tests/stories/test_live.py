"""The list tells by itself what others do, and no row moves under a hand (issue 3, live)."""

from contextlib import ExitStack

import pytest

from changxiao.cases import actions
from changxiao.cases.models import Case
from changxiao.kernel import scope
from changxiao.kernel.act import Act
from tests.stories import basics
from tests.stories.cast import PEOPLE, cast, filed
from tests.stories.test_walks import Walk

pytestmark = [pytest.mark.browser, pytest.mark.slow]
DESK = (1440, "zh-hans", "light")
WAIT = 20_000  # ms: order, look, fetch, on a machine that does other things too


def row(page, number):
    return page.locator(f'#queue .row-item[data-number="{number}"]')


def place(page, number):
    return page.evaluate(
        "number => document.querySelector(`#queue [data-number='${number}']`)"
        ".getBoundingClientRect().top",
        number,
    )


def focused(page):
    return page.evaluate("document.activeElement.closest('.row-item')?.dataset.number")


@pytest.fixture
def desks(running_city, browser):
    """Two windows: one that is watched, one in which somebody acts."""
    cast()
    walks = Walk(browser, running_city, DESK), Walk(browser, running_city, DESK)
    walks[0].forgives = ("net::ERR_",)  # live updates die and come back in one of the tests
    with ExitStack() as stack:
        yield (
            stack.enter_context(walks[0].person("li")),
            stack.enter_context(walks[1].person("li")),
            running_city,
        )


def test_what_another_does_shows_in_place_and_new_cases_wait(desks):
    watched, acting, city = desks
    first, second = filed(2)
    watched.goto(f"{city.url}/cases/?stage=filed")
    watched.wait_for_selector("#live[data-state=live]")
    basics.check(watched)
    row(watched, second).locator("a").focus()
    stands = place(watched, second)

    acting.goto(f"{city.url}/cases/{first}/do/dispatch/")
    acting.fill("form.act-form [name=note]", "请尽快修补")
    acting.click("form.act-form button[type=submit]")
    watched.wait_for_selector(f'[data-number="{first}"][data-stage=dispatched]', timeout=WAIT)
    assert (place(watched, second), focused(watched)) == (stands, second)

    (third,) = filed(1, "again")
    watched.wait_for_selector("[data-insert]:not([hidden])", timeout=WAIT)
    assert row(watched, third).count() == 0
    assert "1 件新案卷" in watched.inner_text("[data-insert]")
    assert watched.title().startswith("(1) ")
    assert (place(watched, second), focused(watched)) == (stands, second)

    watched.keyboard.press("n")
    assert row(watched, third).count() == 1
    assert focused(watched) == second
    assert not watched.title().startswith("(")


def test_a_break_is_said_and_what_was_missed_comes_after_it(desks):
    watched, _acting, city = desks
    (number,) = filed(1)
    watched.goto(f"{city.url}/cases/")
    watched.wait_for_selector("#live[data-state=live]")

    city.kill_live()
    watched.wait_for_selector("#live[data-state=broken]", timeout=WAIT)
    assert "连接中断" in watched.inner_text("#live")
    with scope.viewing(scope.system("tests")):
        act = Act(actor="chen", post=PEOPLE["chen"][1], key="nudge-while-broken")
        actions.nudge(Case.everything.get(number=number), act=act)
    city.start_live()

    watched.wait_for_selector("#live[data-state=live]", timeout=WAIT)
    watched.wait_for_selector(f'#queue [data-number="{number}"][data-n="4"]', timeout=WAIT)
