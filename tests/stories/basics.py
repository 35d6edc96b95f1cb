"""What every page owes its reader, asked in the browser: names, labels, contrast, no overflow.

First our own few rules, then the whole of axe-core (WCAG 2.2 A and AA and its best practice), which
`make setup` brings for tests only.
"""

import sys
from functools import cache
from pathlib import Path

from tests.support.services import REQUIRE_SERVICES

HERE = Path(__file__)
TROUBLES = HERE.with_name("basics.js").read_text(encoding="utf-8")
AXE = HERE.parents[2] / "node_modules" / "axe-core" / "axe.min.js"
ASK = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations.map(
  (one) => [one.id, one.help, one.nodes.map((node) => node.html.slice(0, 160)).slice(0, 4)])"""
# Colours between two states, halfway through their change, are nobody's.
SETTLED = """() => Promise.allSettled(document.getAnimations()
  .filter((one) => Number.isFinite(one.effect.getComputedTiming().endTime))
  .map((one) => one.finished))"""
# What a page is made of. The second page of the same pieces in the same colours is not asked again.
PIECES = """() => [innerWidth, document.documentElement.dataset.bsTheme, ...new Set(
  [...document.querySelectorAll("*")].map(
    (e) => e.tagName + "." + (e.className.baseVal ?? e.className)))]"""
_asked: set[tuple[object, ...]] = set()


def check(page):
    """The page that is open has none of the troubles."""
    page.evaluate(SETTLED)
    found = page.evaluate(TROUBLES)
    assert not found, f"{page.url}: {found}"
    pieces = tuple(page.evaluate(PIECES))
    if pieces not in _asked and (source := axe()):
        _asked.add(pieces)
        page.evaluate(source)
        found = page.evaluate(ASK)
        assert not found, f"{page.url}: {found}"


@cache
def axe() -> str:
    """axe-core as text; without it a laptop is told once, and CI fails."""
    if AXE.is_file():
        return AXE.read_text(encoding="utf-8")
    reason = f"{AXE} is missing, so no page was asked by axe: run `make setup`"
    assert not REQUIRE_SERVICES, f"CHANGXIAO_REQUIRE_SERVICES=1 and {reason}"
    sys.stderr.write(reason + "\n")
    return ""
