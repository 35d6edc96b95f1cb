"""The list tells by itself what others do, and no row moves under a hand (issue 3, live)."""

from contextlib import ExitStack

import pytest

from changxiao.cases import actions
from changxiao.cases.models import Case
from changxiao.kernel import scope
from changxiao.kernel.act import Act
from changxiao.orgs.models import Unit
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


def nudged(number):
    with scope.viewing(scope.system("tests")):
        act = Act(actor="chen", post=PEOPLE["chen"][1], key=f"nudge-{number}")
        actions.nudge(Case.everything.get(number=number), act=act)


@pytest.fixture
def desks(running_city, browser):
    """Two windows: one that is watched, one in which somebody acts."""
    cast()
    walks = Walk(browser, running_city, DESK), Walk(browser, running_city, DESK)
    for walk in walks:  # live updates die and come back in one of the tests, on every page
        walk.forgives = ("net::ERR_",)
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
    assert "已不在本队列" in row(watched, first).inner_text()
    assert (place(watched, second), focused(watched)) == (stands, second)

    (third,) = filed(1, "again")
    watched.wait_for_selector("[data-insert]:not([hidden])", timeout=WAIT)
    assert row(watched, third).count() == 0
    assert "1 件新案卷" in watched.inner_text("[data-insert]")
    assert watched.title().startswith("(1) ")
    assert (place(watched, second), focused(watched)) == (stands, second)

    watched.keyboard.press("n")
    row(watched, third).wait_for()
    assert focused(watched) == second
    assert not watched.title().startswith("(")


def test_what_happens_before_a_page_listens_is_told_when_it_does(desks):
    late, early, city = desks
    (number,) = filed(1)
    held = []

    def hold(route):
        held.append(route)

    late.route("**/live/ticket", hold)
    late.goto(f"{city.url}/cases/")
    row(late, number).wait_for()
    early.goto(f"{city.url}/cases/")
    early.wait_for_selector("#live[data-state=live]")
    nudged(number)
    told = f'#queue [data-number="{number}"][data-n="4"]'
    early.wait_for_selector(told, timeout=WAIT)

    held.pop().continue_()
    # By itself the list is looked at by the minute only.
    late.wait_for_selector(told, timeout=WAIT)


def test_a_break_is_said_and_what_was_missed_comes_after_it(desks):
    watched, _acting, city = desks
    (number,) = filed(1)
    watched.goto(f"{city.url}/cases/")
    watched.wait_for_selector("#live[data-state=live]")

    city.kill_live()
    watched.wait_for_selector("#live[data-state=broken]", timeout=WAIT)
    assert "连接中断" in watched.inner_text("#live")
    nudged(number)
    city.start_live()

    # The page tries again after twice as long each time, at most a minute.
    watched.wait_for_selector("#live[data-state=live]", timeout=90_000)
    watched.wait_for_selector(f'#queue [data-number="{number}"][data-n="4"]', timeout=WAIT)


def test_a_unit_sees_what_was_taken_from_it_leave_and_home_counts_on(running_city, browser):
    cast()
    (number,) = filed(1)
    acting = Act(actor="li", post=PEOPLE["li"][1], key="dispatched-for-live", note="请修补")
    with scope.viewing(scope.system("tests")):
        case = Case.everything.get(number=number)
        roads = Unit.objects.get(code="SZ-DL")
        case = actions.dispatch(case, to=roads, act=acting)
    walk = Walk(browser, running_city, DESK)
    walk.forgives = ("404",)  # the pane may be asked for in the very moment the case is taken away
    with walk.person("zhao") as unit:
        home = unit.context.new_page()
        home.goto(f"{running_city.url}/")
        assert home.inner_text("#todo-dispatched .todo-count") == "1"
        unit.goto(f"{running_city.url}/cases/")
        unit.wait_for_selector("#live[data-state=live]")

        with scope.viewing(scope.system("tests")):
            asked = Act(actor="zhao", post=PEOPLE["zhao"][1], key="send-back", note="不归我们")
            actions.send_back(case, act=asked)
            granted = Act(actor="li", post=PEOPLE["li"][1], key="take-back", note="同意")
            actions.take_back(case, act=granted)
        unit.wait_for_selector(f'.is-gone[data-number="{number}"]', timeout=WAIT)
        assert "已移出您的范围" in row(unit, number).inner_text()
        home.locator("#todo-dispatched .todo-count", has_text="0").wait_for(timeout=WAIT)
