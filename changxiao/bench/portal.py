"""Bench `portal`: the residents' form on a slow phone, cold: 4× CPU, 1.6 Mbit/s, 150 ms.

Chromium is throttled by its own protocol; each load has an empty cache. "Usable" is when the form
stands and its modules have run, so that the camera, the place and the words can be touched; bytes
are what the network carried up to the idle page, before any map. "Work" is the challenge solved on
that processor, which happens while the resident writes.
"""

from __future__ import annotations

import statistics
from pathlib import Path
from typing import Any

import click

from changxiao.bench.console import at_the_desk
from changxiao.bench.figures import Figure

OPTIONS = [
    click.Option(["--home", "place"], type=click.Path(exists=True, file_okay=False), required=True),
    click.Option(["--rounds"], type=click.IntRange(min=3), default=7, show_default=True),
]
ALONE = True  # it needs a loaded home
SLOW = 4
WIRE = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_600_000 / 8,
    "uploadThroughput": 750_000 / 8,
}
_USABLE, _SOLVED = "html[data-scripted]", "[name=work][value*='.']"


def run(*, place: str, rounds: int = 7) -> list[Figure]:
    """市民端首屏: kB and ms until it can be used, and until the challenge is solved.

    Refused `browser_missing` without Playwright or Chromium.
    """
    with at_the_desk(Path(place).resolve()) as (page, url, _cases):
        browser = page.context.browser
        told = [_cold(browser, f"{url}/p/") for _round in range(rounds)]
    usable, solved, carried = (sorted(column) for column in zip(*told, strict=True))
    note = "4× CPU, 1.6 Mbit/s, 150 ms, cold"
    return [
        Figure(path="portal/first-view", value=carried[-1], unit="kB", note=note),
        Figure(
            path="portal/usable",
            value=statistics.median(usable),
            unit="ms",
            p99_ms=usable[-1],
            note=note,
        ),
        Figure(path="portal/work", value=statistics.median(solved), unit="ms", p99_ms=solved[-1]),
    ]


def _cold(browser: Any, url: str) -> tuple[float, float, float]:
    """One load in a window of its own: ms until usable, ms until solved, kB carried."""
    phone = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
    window = browser.new_context(**phone, locale="zh-CN")
    page = window.new_page()
    wire = window.new_cdp_session(page)
    sizes: list[float] = []
    wire.on("Network.loadingFinished", lambda told: sizes.append(told["encodedDataLength"]))
    wire.send("Network.enable")
    wire.send("Network.emulateNetworkConditions", WIRE)
    wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOW})
    page.goto(url, wait_until="commit")
    moments = []
    for selector in (_USABLE, _SOLVED):
        page.wait_for_selector(selector, state="attached", timeout=120_000)
        moments.append(float(page.evaluate("performance.now()")))
    page.wait_for_load_state("networkidle")
    window.close()
    return moments[0], moments[1], sum(sizes) / 1000
