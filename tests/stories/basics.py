"""What every page owes its reader, asked in the browser: names, labels, contrast, no overflow.

First our own few rules, then the whole of axe-core (WCAG 2.2 A and AA and its best practice), which
`make setup` brings for tests only: where a page has something of a kind that no page of this run,
whichever process drew it, had before.
"""

import sys
from functools import cache
from pathlib import Path
from weakref import WeakSet

from tests.support.services import REQUIRE_SERVICES

HERE = Path(__file__)
TROUBLES = HERE.with_name("basics.js").read_text(encoding="utf-8")
AXE = HERE.parents[2] / "node_modules" / "axe-core" / "axe.min.js"
KINDS = HERE.with_name("kinds.js").read_text(encoding="utf-8")
# Longer than any pause after which a page asks by itself: what began before is through.
STILL = """() => new Promise((done) => {
  let silence;
  const asks = () => document.querySelector(".htmx-request");
  const again = () => {
    clearTimeout(silence);
    silence = setTimeout(() => (asks() ? again() : done()), 500);
  };
  document.addEventListener("htmx:beforeRequest", again);
  document.addEventListener("htmx:afterSettle", again);
  again();
})"""
_calm: WeakSet[object] = WeakSet()


def check(page):
    """The page that is open has none of the troubles."""
    # A link was followed: the next page has no body until its first bytes are read.
    page.wait_for_function("() => document.readyState === 'complete'")
    # What is being sent, and the case that another takes the place of, is dimmed until the answer.
    page.wait_for_selector(".htmx-request:is(.btn, form, .console-case)", state="detached")
    if page not in _calm:  # colours halfway from one state to the next are nobody's
        page.emulate_media(reduced_motion="reduce")
        _calm.add(page)
    _ask(page)


def still(page):
    """Until nothing of it is drawn anew any more, so that nothing goes from under a press."""
    page.evaluate(STILL)


def whole(page):
    """Until the map has all its pictures and marks: the processor draws it, which takes it half a
    minute where others work too."""
    page.wait_for_selector("#case-map[data-whole]", timeout=120_000)


class Asked:
    """The kinds in which axe has found nothing, a line for each page; all processes of a run write
    one file, each line at once, and begin it in `file`."""

    file: Path

    def fresh(self, kinds):
        """Those of them that no page had, in order."""
        known = self.file.read_text().split() if self.file.exists() else []
        return sorted(set(kinds).difference(known))

    def add(self, kinds):
        with self.file.open("a") as opened:
            opened.write(" ".join(kinds) + "\n")


ASKED = Asked()


def _ask(page):
    found = page.evaluate(TROUBLES)
    assert not found, f"{page.url}: {found}"
    fresh = ASKED.fresh(page.evaluate(KINDS))
    if not fresh or not (source := axe()):
        return
    page.evaluate(source)
    found = page.evaluate(KINDS, fresh)
    assert not found, f"{page.url}: {found}"
    ASKED.add(fresh)


@cache
def axe() -> str:
    """axe-core as text; without it a laptop is told once, and CI fails."""
    if AXE.is_file():
        return AXE.read_text(encoding="utf-8")
    reason = f"{AXE} is missing, so no page was asked by axe: run `make setup`"
    assert not REQUIRE_SERVICES, f"CHANGXIAO_REQUIRE_SERVICES=1 and {reason}"
    sys.stderr.write(reason + "\n")
    return ""
