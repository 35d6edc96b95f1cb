"""The map of cases: what the list says, over the city, and a place picked for a report."""

import pytest

from tests.stories import basics
from tests.stories.cast import cast, filed
from tests.stories.test_walks import Walk

pytestmark = [pytest.mark.browser, pytest.mark.slow]
# Nothing can be taken from the end of a move until the server has said what place it is.
TOLD = """() => {
  const take = document.querySelector("[data-take]");
  window.told = new Promise((done) =>
    new MutationObserver(() => take.disabled || done()).observe(take, {attributes: true}));
}"""


@pytest.mark.parametrize("how", [(1440, "zh-hans", "light"), (390, "en", "dark")], ids=str)
def test_the_map_shows_the_list_and_a_point_opens_its_case(running_server, browser, how):
    cast()
    number, *others = filed(3)
    walk = Walk(browser, running_server, how, maps=True)

    with walk.person("li") as page:
        page.goto(f"{walk.url}/map/?stage=filed#17.5/23.365/116.703")
        page.wait_for_selector("#case-map[data-painted]")
        walk.look()
        assert page.inner_text('[data-count="4"], [data-count="3"]').strip().isdigit()
        page.wait_for_selector(f'.map-rows [data-number="{number}"]')
        page.wait_for_selector("#case-map[data-whole]")  # a mark is found once all are drawn
        assert page.locator("[data-list] .map-row").count() == 1 + len(others)

        page.locator(".map-box canvas").click()  # the middle, where they lie
        page.wait_for_selector(f'[data-picked] [data-number="{number}"]')
        page.click(f'[data-picked] [data-number="{number}"]')
        page.wait_for_url(f"**/cases/{number}/")
        page.wait_for_selector(".place-map.is-drawn .map-box canvas")
        walk.look()
        page.go_back()
        page.wait_for_selector("#case-map[data-painted]")
        assert page.url.endswith("#17.5/23.365/116.703")


def test_a_place_is_picked_under_the_cross_by_keys_alone(running_server, browser):
    cast()
    walk = Walk(browser, running_server, (1440, "zh-hans", "light"))

    with walk.person("chen") as page:
        page.goto(f"{walk.url}/cases/report/")
        for name, value in {"lon": 116.703, "lat": 23.365}.items():
            page.eval_on_selector(
                f"[name={name}]", "(field, value) => { field.value = value }", value
            )
        page.focus("[data-pick-place]")
        page.keyboard.press("Enter")
        page.wait_for_selector(".pick [data-take]:enabled")
        basics.check(page)
        before = page.inner_text("[data-told]")
        while page.inner_text("[data-told]") == before:  # a grid is 100 m wide, a step some 50
            page.evaluate(TOLD)
            page.keyboard.press("ArrowRight")
            page.evaluate("() => window.told")
        page.click("[data-take]")

        assert float(page.input_value("[name=lon]")) > 116.703
        assert page.inner_text("[data-picked]").startswith("金平区")
