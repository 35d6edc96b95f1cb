"""Bench `desk`: a dispatcher sends case after case by keyboard alone, on a loaded home.

D opens the form, Enter takes the suggested unit, the next case is there. The machine's share of a
case is from each key until the second animation frame after its answer has settled; the person's
is assumed (`--think` seconds before each key): it is waited, and never counted as the machine's.
Needs what `bench console` needs.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from changxiao.bench.console import at_the_desk
from changxiao.bench.figures import Figure

OPTIONS = [
    click.Option(["--home", "place"], type=click.Path(exists=True, file_okay=False), required=True),
    click.Option(["--cases"], type=click.IntRange(min=3, max=20), default=20, show_default=True),
    click.Option(["--think"], type=click.FloatRange(min=0), default=1.5, show_default=True),
]
ALONE = True  # it needs a loaded home
KEYS = 2  # D, and Enter
Pressed = tuple[float, float]  # milliseconds until painted, and of them those for the server
# The clock starts when the key has arrived and stops when its answer has been painted.
_WATCH = """() => {
  let pressed = 0;
  window.painted = [];
  addEventListener("keydown", (event) => { pressed = event.timeStamp; }, true);
  document.addEventListener("htmx:afterSettle", ({ detail }) => {
    if (!["act", "case", "pane"].includes(detail.target.id)) return;
    const begun = pressed;
    const asked = performance.getEntriesByType("resource").findLast((one) =>
      one.name.includes("/do/"));
    requestAnimationFrame(() => requestAnimationFrame(() => {
      window.painted.push([performance.now() - begun, asked.responseEnd - asked.startTime]);
    }));
  });
}"""


def run(*, place: str, cases: int = 20, think: float = 1.5) -> list[Figure]:
    """派遣一件: the machine's milliseconds a case, by key, and what 20 cases take with thinking."""
    with at_the_desk(Path(place).resolve()) as (page, url, total):
        page.goto(f"{url}/cases/?stage=filed")
        page.wait_for_selector("#pane #case")
        page.wait_for_load_state("networkidle")
        page.evaluate(_WATCH)
        turns = [_dispatched(page, think) for _case in range(cases)]
    forms, sent = zip(*turns, strict=True)
    spent = [form[0] + gone[0] for form, gone in turns]
    return [
        _figure("desk/form", forms),
        _figure("desk/next-case", sent),
        Figure(
            path="desk/case",
            value=statistics.median(spent),
            unit="ms",
            p99_ms=max(spent),
            note=f"{cases} cases of {total:,}; {KEYS} keys, {KEYS * think:g} s of thinking each",
        ),
    ]


def _figure(path: str, turns: Sequence[Pressed]) -> Figure:
    painted, waited = ([turn[n] for turn in turns] for n in (0, 1))
    note = f"of which {statistics.median(waited):.0f} ms for the server"
    return Figure(
        path=path, value=statistics.median(painted), unit="ms", p99_ms=max(painted), note=note
    )


def _dispatched(page: Any, think: float) -> tuple[Pressed, Pressed]:
    """One case sent to the unit that is suggested: the form, and what follows it."""
    number = page.get_attribute("#pane #case", "data-number")
    form = _pressed(page, "d", think)
    if not page.locator("#act form.act-form").count():
        raise RuntimeError(f"{number}: D opened no form")
    gone = _pressed(page, "Enter", think)
    page.wait_for_selector(f'#queue .is-done[data-number="{number}"]')
    return form, gone


def _pressed(page: Any, key: str, think: float) -> Pressed:
    page.wait_for_timeout(1000 * think)
    before = page.evaluate("painted.length")
    page.keyboard.press(key)
    page.wait_for_function("before => painted.length > before", arg=before)
    painted, waited = page.evaluate("before => painted[before]", before)
    return float(painted), float(waited)
