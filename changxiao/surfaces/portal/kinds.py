"""选类 kinds: what a resident calls the problem, out of a catalogue of two hundred.

A few chips that the city chose, what his own words name, and the whole list behind them. Whoever
chooses none is given the kind that his words name best; intake corrects it, as with any report.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from changxiao.cases import subjects
from changxiao.cases.naming import named
from changxiao.catalog import policy, publicity
from changxiao.catalog.models import Subcategory
from changxiao.kernel.refused import Refused


def chips() -> list[tuple[str, str]]:
    """常报的: key and words, in the city's order; what the catalogue does not have is left out."""
    found = []
    for one in policy.text("portal_kinds").split():
        key, _colon, words = one.partition(":")
        row = subjects.by_key(key)
        if row is not None:
            found.append((key, _words(row, words)))
    return found


def _words(row: Subcategory, words: str) -> str:
    return words if words and (get_language() or "").startswith("zh") else row.label


def chosen(key: str, words: str) -> Subcategory:
    """选定: the chosen kind, else the one that the words name. Refused `kind_unknown`."""
    row = subjects.by_key(key) if key else next(iter(named(words)), None)
    if row is None:
        message = _("请选一类最接近的；选不准也没关系，工作人员会更正")
        raise Refused("kind_unknown", message, field="kind")
    return row


def choices() -> Iterable[tuple[str, list[tuple[str, str]]]]:
    """全部小类, without codes: a resident reads names."""
    for title, rows in subjects.choices():
        yield title, [(key, words.rpartition(" ")[0]) for key, words in rows]


def is_public(row: Subcategory) -> bool:
    """公开类: whether cases of this kind are ever read by strangers."""
    return publicity.of(row.pk).view != publicity.View.NONE
