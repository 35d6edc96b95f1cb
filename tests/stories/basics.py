"""What every page owes its reader, asked in the browser: names, labels, contrast, no overflow.

The few rules that break most often, in the words of WCAG 2.2; a full audit is another tool's work.
"""

from pathlib import Path

TROUBLES = Path(__file__).with_name("basics.js").read_text(encoding="utf-8")


def check(page):
    """The page that is open has none of the troubles."""
    found = page.evaluate(TROUBLES)
    assert not found, f"{page.url}: {found}"
