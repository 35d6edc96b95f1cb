"""派遣员一派，处置人员的铃铛就响: bell and title tell of a task without a reload."""

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
COUNT = "/notices/count"  # what was unread already is no news
WAIT = 20_000  # ms: order, hear, look, on a machine that does other things too


def test_a_task_rings_at_the_unit_s_desk(running_city, browser):
    cast()
    (number,) = filed(1)
    walk = Walk(browser, running_city, (1440, "zh-hans", "light"))
    with walk.person("zhao") as desk:
        with desk.expect_event("requestfinished", lambda asked: COUNT in asked.url):
            desk.goto(f"{running_city.url}/")
        assert desk.locator("#bell [data-bell-count]").is_hidden()

        with scope.viewing(scope.system("tests")):
            case = Case.everything.get(number=number)
            act = Act(actor="li", post=PEOPLE["li"][1], key="sent-for-the-bell", note="请修补")
            actions.dispatch(case, to=Unit.objects.get(code="SZ-DL"), act=act)
        desk.wait_for_selector("#bell [data-bell-count]:not([hidden])", timeout=WAIT)
        assert desk.inner_text("#bell [data-bell-count]") == "1"
        assert desk.title().startswith("(1) ")
        assert f"受理号{number}" in desk.inner_text("#toasts")

        with desk.expect_navigation():
            desk.click("#bell")
        basics.check(desk)
        desk.click(".notice-row.is-unread a")
        desk.wait_for_url(f"**/cases/{number}/")
        desk.wait_for_function("!document.title.startsWith('(')")
