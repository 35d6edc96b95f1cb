"""指标库: every indicator there is, by key. A scheme chooses from it. Pure.

Rows that the field counts in a way that is wrong are kept as seen, off, each naming the right one
(`as_seen`, `corrected`).
"""

from __future__ import annotations

from collections.abc import Mapping

from changxiao.evaluation.indicators import counts, departments, observed, posts
from changxiao.evaluation.indicators.base import Indicator
from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _

LIBRARY: Mapping[str, Indicator] = {
    row.key: row for row in (*counts.ROWS, *departments.ROWS, *posts.ROWS, *observed.ROWS)
}


def indicator(key: str) -> Indicator:
    """指标, by key. Refused `indicator_unknown`."""
    try:
        return LIBRARY[key]
    except KeyError:
        sentence = _("指标库里没有“%(key)s”：请对照 docs/evaluation.md 的指标表。")
        raise Refused(
            "indicator_unknown", sentence % {"key": key[:40]}, field="indicator"
        ) from None
