"""文字所指 naming: the sub-categories whose names a resident's own words have most of."""

from __future__ import annotations

from changxiao.cases import subjects
from changxiao.catalog.models import Subcategory
from changxiao.kernel.bigrams import terms

MOST = 4


def named(words: str) -> list[Subcategory]:
    """文字所指: sub-categories whose names share most with what was written, the best first."""
    told = _pairs(words)
    scored = ((_shared(told, row), -at, row) for at, row in enumerate(subjects.enabled()))
    best = sorted((one for one in scored if one[0] >= 0.5), key=lambda one: one[:2], reverse=True)
    return [row for _score, _at, row in best[:MOST]]


def _shared(told: set[str], row: Subcategory) -> float:
    """How much of the name's pairs the words have."""
    names = (_pairs(name) for name in (row.name, row.name_en))
    return max((len(told & name) / len(name) for name in names if name), default=0.0)


def _pairs(words: str) -> set[str]:
    return {term for term in terms(words) if len(term) > 1}
