"""Bench `map`: cases on the map in Chromium: until they are seen, until it moves, how it moves.

The server is `changxiao run` on a home that `bench load` filled; the browser runs on the same
machine and, without a graphics card, draws by its processor.
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import statistics
import time
from typing import Any, NamedTuple

import click
from PIL import Image, ImageColor

from changxiao.bench.figures import Figure
from changxiao.bench.http import home_with
from changxiao.bench.http_server import Server, serving
from changxiao.bench.http_server import run as on_home
from changxiao.cases.flow import Stage
from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _

OPTIONS = [
    click.Option(["--cases"], type=click.IntRange(min=100), default=100_000, show_default=True),
    click.Option(["--home", "place"], type=click.Path(exists=True, file_okay=False)),
]
ROUNDS, PANNING = 3, 4.0  # page loads; seconds of moving
LEAST = 1_000  # pixels of circles that make a picture: some twenty
PATIENCE = 60_000  # ms
QUERY = f"?stage={','.join(Stage.values)}"
PATHS = {"map/page": f"/map/{QUERY}", "map/points": f"/map/points{QUERY}"}
QUIET = ("--no-sandbox", "--disable-background-networking", "--no-first-run")
_HELPER = ("-m", "changxiao.bench.http_home")
_MOVABLE = re.compile(r"/maplibre-gl\.(\w+\.)?mjs")
# Of the circles around the counts: with something overdue, and without.
_COLOURS = """() => ["overdue", "ink-2"].map((name) =>
  getComputedStyle(document.documentElement).getPropertyValue(`--cx-${name}`).trim())"""
_FRAMES = """seconds => new Promise((done) => {
  let frames = 0;
  const begin = performance.now();
  const count = (now) => {
    frames += 1;
    if (now - begin < seconds * 1000) requestAnimationFrame(count);
    else done(frames / ((now - begin) / 1000));
  };
  requestAnimationFrame(count);
})"""


class Loaded(NamedTuple):
    """打开: ms from the address until the cases are on the screen, and until they can be moved."""

    painted: float
    movable: float


def run(*, cases: int = 100_000, place: str | None = None) -> list[Figure]:
    """地图: of every case of the home. Refused `chromium_missing` where there is no browser."""
    path = _chromium()
    with home_with(cases, place) as home:
        told = json.loads(on_home(home, *_HELPER, "prepare"))
        held = {"Cookie": told["cookie"]}
        asked = {
            "begin": "map",
            "paths": {name: ["GET", address] for name, address in PATHS.items()},
            "headers": dict.fromkeys(PATHS, held),
            "bodies": {},
        }
        with serving(home) as server:
            counted = json.loads(on_home(home, *_HELPER, "count", json.dumps(asked)))
            return _measured(server, path, told, counted)


def _chromium() -> str:
    path = os.environ.get("CHANGXIAO_CHROMIUM") or shutil.which("chromium")
    try:
        import playwright  # noqa: F401 - a tool of development, not of the product
    except ImportError:
        path = None
    if path is None:
        sentence = _("没有 Chromium 或 playwright，无法测量：请先 make setup-dev 并安装 chromium。")
        raise Refused("chromium_missing", sentence)
    return path


def _measured(
    server: Server, path: str, told: dict[str, Any], counted: dict[str, int]
) -> list[Figure]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:

        def opened() -> Any:
            """A page of a browser just started, with nothing in its cache."""
            browser = driver.chromium.launch(executable_path=path, args=list(QUIET))
            window = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
            name, _sign, value = told["cookie"].partition("=")
            window.add_cookies([{"name": name, "value": value, "url": server.url}])
            return window.new_page()

        page = opened()
        cold = _loaded(page, server)
        page.context.browser.close()
        page = opened()
        first, *again = [_loaded(page, server) for _round in range(ROUNDS + 1)]
        begin = time.perf_counter()
        answer = page.request.get(server.url + PATHS["map/points"])
        spent = (time.perf_counter() - begin) * 1000
        count = int(answer.headers["x-count"])
        frames = _panned(page)
        _seen(page, server)
        page.context.browser.close()
    note = f"{count:,} points"
    painted, movable = (statistics.median(column) for column in zip(*again, strict=True))
    asked = counted["map/page"]
    return [
        Figure(path="map/server-just-started", value=cold.painted, unit="ms", note=note),
        Figure(path="map/server-just-started-movable", value=cold.movable, unit="ms", note=note),
        Figure(path="map/first-paint", value=first.painted, unit="ms", sql=asked, note=note),
        Figure(path="map/first-movable", value=first.movable, unit="ms", note=note),
        Figure(path="map/paint-again", value=painted, unit="ms", note=note),
        Figure(path="map/movable-again", value=movable, unit="ms", note=note),
        Figure(path="map/points", value=spent, unit="ms", sql=counted["map/points"], note=note),
        Figure(path="map/panning", value=frames, unit="frames/s", note=note),
    ]


def _loaded(page: Any, server: Server) -> Loaded:
    page.goto(server.url + PATHS["map/page"])
    page.wait_for_selector("#case-map[data-movable]", timeout=PATIENCE)
    told = [page.get_attribute("#case-map", f"data-{name}") for name in Loaded._fields]
    return Loaded(*map(float, told))


def _seen(page: Any, server: Server) -> None:
    """By its pixels: what the page calls painted is on the screen while nothing else can be.

    RuntimeError where the circles of the cases are not; the files of the movable map never come.
    """
    page.route(_MOVABLE, lambda _route: None)
    page.goto(server.url + PATHS["map/page"])
    page.wait_for_selector("#case-map[data-painted]", timeout=PATIENCE)
    shot = Image.open(io.BytesIO(page.locator("#case-map .map-box").screenshot())).convert("RGB")
    wanted = [ImageColor.getrgb(colour) for colour in page.evaluate(_COLOURS)]
    found = sum(
        count for count, pixel in shot.getcolors(shot.width * shot.height) or () if pixel in wanted
    )
    if found < LEAST:
        raise RuntimeError(f"called painted, but {found} pixels of circles are on the screen")


def _panned(page: Any) -> float:
    page.locator(".maplibregl-canvas").focus()
    page.evaluate(f"seconds => {{ window.frames_ = ({_FRAMES})(seconds); }}", PANNING)
    until = time.monotonic() + PANNING
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp") * 100:
        if time.monotonic() > until:
            break
        page.keyboard.press(key)
        page.wait_for_timeout(150)
    return float(page.evaluate("window.frames_"))
