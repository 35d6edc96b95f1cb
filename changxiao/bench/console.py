"""Bench `console`: the list-and-case page in a real browser, on a loaded home.

Chromium (CHANGXIAO_CHROMIUM, else the one on the path) is driven by Playwright, which comes with
`make setup-dev`; server, database and browser share this machine. "Painted" is from the key's press
until the second animation frame after the case has settled in its pane. The first load is of an
empty cache, the later ones keep it; bytes are what the network carried, compressed.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from changxiao.bench.figures import Figure, percentile
from changxiao.bench.http_server import run as on_home
from changxiao.bench.http_server import serving
from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _

OPTIONS = [
    click.Option(["--home", "place"], type=click.Path(exists=True, file_okay=False), required=True),
    click.Option(["--turns"], type=click.IntRange(min=3), default=15, show_default=True),
]
ALONE = True  # it needs a loaded home
_HELPER = ("-m", "changxiao.bench.http_home")
_NEXT = """async () => {
  const pane = document.getElementById("pane");
  const settled = new Promise((done) =>
    pane.addEventListener("htmx:afterSettle", done, {once: true}));
  const begun = performance.now();
  document.body.dispatchEvent(new KeyboardEvent("keydown", {key: "j", bubbles: true}));
  await settled;
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  return performance.now() - begun;
}"""


def run(*, place: str, turns: int = 15) -> list[Figure]:
    """案卷台: first and later loads in kB and ms, and the next case from key to paint.

    Refused `browser_missing` without Playwright or Chromium.
    """
    with at_the_desk(Path(place).resolve()) as (page, url, cases):
        first = _loaded(page, url + "/cases/")
        later = _loaded(page, url + "/cases/?stage=dispatched")
        painted = [page.evaluate(_NEXT) for _turn in range(turns)]
    return [
        Figure(path="console/first-load", value=first["kilobytes"], unit="kB"),
        Figure(path="console/later-load", value=later["kilobytes"], unit="kB"),
        Figure(path="console/later-paint", value=later["milliseconds"], unit="ms"),
        Figure(
            path="console/next-case",
            value=statistics.median(painted),
            unit="ms",
            p99_ms=percentile(painted, 0.99),
            note=f"{cases:,}",
        ),
    ]


@contextmanager
def at_the_desk(home: Path) -> Iterator[tuple[Any, str, int]]:
    """在案卷台: a dispatcher's page in Chromium, the city's address, how many cases it has.

    Refused `browser_missing` without Playwright or Chromium.
    """
    chromium = os.environ.get("CHANGXIAO_CHROMIUM") or shutil.which("chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        chromium = None
    if chromium is None:
        raise Refused(
            "browser_missing", _("未安装Chromium或Playwright，无法测量：请运行 make setup-dev。")
        )
    told = json.loads(on_home(home, *_HELPER, "prepare"))
    with serving(home) as server, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        name, _sign, value = told["cookie"].partition("=")
        context.add_cookies([{"name": name, "value": value, "url": server.url}])
        yield context.new_page(), server.url, told["cases"]
        browser.close()


def _loaded(page: Any, url: str) -> dict[str, float]:
    """One page until its case is in the pane: bytes over the wire, and time to the first paint."""
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    sizes: list[float] = []
    wire.on("Network.loadingFinished", lambda told: sizes.append(told["encodedDataLength"]))
    page.goto(url)
    page.wait_for_selector("#pane #case")
    page.wait_for_load_state("networkidle")
    wire.detach()
    paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    return {"kilobytes": sum(sizes) / 1000, "milliseconds": paint}
