"""小类选项: the catalogue's sub-categories as choices and as an answer to two typed characters."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from changxiao.catalog.models import Edition, FilingCriterion, Subcategory
from changxiao.catalog.stamp import Remembered

MOST = 40
Choices = list[tuple[str, list[tuple[str, str]]]]


def _read() -> list[Subcategory]:
    rows = Subcategory.objects.filter(enabled=True).exclude(edition=Edition.CJT)
    return list(rows.select_related("category").order_by("kind", "code", "edition"))


enabled = Remembered(_read)


_told: Remembered[dict[str, Choices]] = Remembered(dict)  # by language


def choices() -> Choices:
    """小类选项: all of them, grouped by category, in the reader's language."""
    known, language = _told(), get_language() or ""
    if language not in known:
        known[language] = grouped(enabled())
    return known[language]


def grouped(rows: Iterable[Subcategory]) -> Choices:
    """小类选项 of some rows, codes after the names."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for row in rows:
        title = f"{row.category.name}（{row.get_kind_display()}）"
        groups.setdefault(title, []).append((row.key, f"{row.label} {row.code}"))
    return list(groups.items())


def found(words: str) -> list[Subcategory]:
    """小类搜索: by the beginning of the code or any part of the name, in both languages."""
    words = words.strip().lower()[:40]
    hits = [row for row in enabled() if _fits(row, words)]
    # Who types 井盖 wants those that begin with it before those that only contain it.
    return sorted(hits, key=lambda row: not row.name.startswith(words))[:MOST]


def _fits(row: Subcategory, words: str) -> bool:
    names = (row.name, row.category.name, row.name_en.lower())
    return row.code.startswith(words) or any(words in name for name in names)


def criterion_words(row: FilingCriterion) -> str:
    """立案标准: condition, limit and grade as one line of a select."""
    words = _("%(condition)s（%(limit)s，%(grade)s）") % {
        "condition": row.condition,
        "limit": row.limit,
        "grade": row.get_grade_display(),
    }
    return f"{_('【紧急】')}{words}" if row.urgent else words
