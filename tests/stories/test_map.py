"""The map of cases: what the list says, over the city, and a place picked for a report."""

import io
import re

import numpy as np
import pytest
from PIL import Image

from tests.stories import basics
from tests.stories.cast import cast, filed
from tests.stories.test_walks import Walk
from tests.support.services import QUIET, chromium_path

pytestmark = [pytest.mark.browser, pytest.mark.slow]
# Nothing can be taken from the end of a move until the server has said what place it is.
TOLD = """() => {
  const take = document.querySelector("[data-take]");
  window.told = new Promise((done) =>
    new MutationObserver(() => take.disabled || done()).observe(take, {attributes: true}));
}"""
HERE = "/map/?stage=filed#17.5/23.365/116.703"
LIBRARY = re.compile(r"/maplibre-gl\.(\w+\.)?mjs")
# Of the marks in the legend that some case has.
COLOURS = """() => [...document.querySelectorAll(".map-legend li")]
  .filter((row) => Number(row.querySelector("[data-count]").textContent))
  .map((row) => getComputedStyle(row.querySelector("svg")).fill)"""


def shows_marks(page):
    """The middle of the map, where the cases lie, has their colour as the legend has it."""
    (colour,) = page.evaluate(COLOURS)
    box = page.locator("#case-map .map-box")
    seen = np.asarray(Image.open(io.BytesIO(box.screenshot())).convert("RGB")).astype(int)
    middle = np.array(seen.shape[:2]) // 2
    around = seen[middle[0] - 12 : middle[0] + 12, middle[1] - 12 : middle[1] + 12]
    wanted = [int(part) for part in re.findall(r"\d+", colour)]
    return int((np.abs(around - wanted).max(axis=2) < 12).sum()) > 40


@pytest.mark.parametrize("how", [(1440, "zh-hans", "light"), (390, "en", "dark")], ids=str)
def test_the_map_shows_the_list_and_a_point_opens_its_case(running_server, browser, how):
    cast()
    number, *others = filed(3)
    walk = Walk(browser, running_server, how, maps=True)

    with walk.person("li") as page:
        page.goto(walk.url + HERE)
        page.wait_for_selector("#case-map[data-movable]")
        walk.look()
        assert page.inner_text('[data-count="4"], [data-count="3"]').strip().isdigit()
        page.wait_for_selector(f'.map-rows [data-number="{number}"]')
        basics.whole(page)  # a mark is found once all are drawn
        assert page.locator("[data-list] .map-row").count() == 1 + len(others)

        page.locator(".map-box canvas").click()  # the middle, where they lie
        page.wait_for_selector(f'[data-picked] [data-number="{number}"]')
        page.click(f'[data-picked] [data-number="{number}"]')
        page.wait_for_url(f"**/cases/{number}/")
        page.wait_for_selector(".place-map.is-drawn .map-box canvas")
        walk.look()
        page.go_back()
        page.wait_for_selector("#case-map[data-movable]")
        assert page.url.endswith("#17.5/23.365/116.703")


@pytest.mark.parametrize("how", [(1440, "en", "light"), (390, "zh-hans", "dark")], ids=str)
def test_the_cases_are_seen_before_the_map_that_moves_has_come(running_server, browser, how):
    cast()
    number, *_others = filed(2)
    walk = Walk(browser, running_server, how, maps=True)
    held = []

    with walk.person("li") as page:

        def hold(route):
            held.append(route)

        page.route(LIBRARY, hold)
        page.goto(walk.url + HERE)
        page.wait_for_selector("#case-map[data-painted]")
        page.wait_for_selector(f'.map-rows [data-number="{number}"]')
        assert shows_marks(page) and not page.locator(".maplibregl-canvas").count()
        basics.check(page)
        page.evaluate("document.documentElement.dataset.bsTheme = 'dark'")
        assert shows_marks(page)

        held.pop().continue_()
        basics.whole(page)
        assert shows_marks(page) and not page.locator(".map-still").count()


def test_whoever_saves_data_sees_the_picture_and_asks_for_the_map(running_server, browser):
    cast()
    filed(2)
    walk = Walk(browser, running_server, (390, "zh-hans", "light"))
    asked = []

    with walk.person("li") as page:
        page.set_extra_http_headers({"Save-Data": "on"})
        page.on("request", lambda request: asked.append(request.url))
        page.goto(walk.url + HERE)
        page.wait_for_selector("[data-move]:not([hidden])")
        walk.look()
        assert shows_marks(page)
        assert not [url for url in asked if LIBRARY.search(url)]
        page.click("[data-move]")
        page.wait_for_selector("#case-map[data-movable]")
        assert page.locator("[data-stays]").is_hidden()


def test_a_browser_that_draws_no_map_keeps_the_picture_and_says_so(running_server, browser):
    cast()
    number, *_others = filed(2)
    plain = browser.browser_type.launch(
        executable_path=chromium_path(), args=[*QUIET, "--disable-3d-apis"]
    )
    walk = Walk(plain, running_server, (1440, "zh-hans", "light"), maps=True)
    walk.forgives = ("WebGL",)

    with walk.person("li") as page:
        page.goto(walk.url + HERE)
        page.wait_for_selector("[data-stays]:not([hidden])")
        walk.look()
        assert "不能拖动" in page.inner_text("[data-stays]")
        assert shows_marks(page)
        page.wait_for_selector(f'.map-rows [data-number="{number}"]')
        page.click("[data-stays] a")
        page.wait_for_url("**/cases/?stage=filed")
    with walk.person("chen") as page:
        page.goto(f"{walk.url}/cases/report/")
        page.click("[data-pick-place]")
        page.wait_for_selector("[data-told]:has-text('打不开地图')")
        assert page.locator("[data-take]").is_disabled()
        page.goto(f"{walk.url}/p/near/")
        page.click("[data-map-show]")
        page.wait_for_selector("[data-near-map]:has-text('打不开地图')")
    plain.close()


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
