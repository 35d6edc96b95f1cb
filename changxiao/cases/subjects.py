"""小类选项: the catalogue's sub-categories as choices and as an answer to two typed characters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from changxiao.catalog.models import Edition, FilingCriterion, Subcategory
from changxiao.catalog.stamp import Remembered
from changxiao.kernel.bigrams import normalised

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


def by_key(key: str) -> Subcategory | None:
    """小类 by its key; None for a key that means nothing."""
    return next((row for row in enabled() if row.key == key), None)


def grouped(rows: Iterable[Subcategory]) -> Choices:
    """小类选项 of some rows, codes after the names."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for row in rows:
        title = f"{row.category.label}（{row.get_kind_display()}）"
        groups.setdefault(title, []).append((row.key, f"{row.label} {row.code}"))
    return list(groups.items())


@dataclass(frozen=True, slots=True)
class Subject:
    """小类与标准: one line of the search: a sub-category with one of its criteria, or with none."""

    subcategory: Subcategory
    criterion: FilingCriterion | None = None

    @property
    def note(self) -> str:
        """时限与结案材料, as one line below the condition."""
        row = self.criterion
        if row is None:
            return ""
        needs = "、".join(need.words for need in row.needs)
        told = [str(row.limit), str(row.get_grade_display())]
        told += [_("结案须：%(needs)s") % {"needs": needs}] if needs else []
        return f"{_('【紧急】') if row.urgent else ''}{' · '.join(told)}"


def found(words: str) -> list[Subject]:
    """小类与标准搜索: by code, name, category or condition, in both languages.

    A sub-category without a criterion in force is offered alone: it can be reported all the same.
    """
    asked = normalised(words)[:40].split()
    if not asked:
        return []
    hits = [one for one in _subjects() if all(_fits(one, word) for word in asked)]
    # Who types 井盖 wants those that begin with it before those that only contain it.
    return sorted(hits, key=lambda one: _meets(one, asked[0]))[:MOST]


def _read_subjects() -> list[Subject]:
    held: dict[int, list[FilingCriterion]] = {}
    rows = FilingCriterion.objects.current().filter(is_first=True).order_by("code")
    for row in rows:
        held.setdefault(row.subcategory_id, []).append(row)
    return [
        Subject(one, row)
        for one in enabled()
        for row in (held.get(one.pk) or [None])  # type: ignore[list-item]
    ]


_subjects = Remembered(_read_subjects)


def everything() -> list[Subject]:
    """小类与标准, all of them: for a phone that will have no network when it looks."""
    return list(_subjects())


def _fits(one: Subject, word: str) -> bool:
    row = one.subcategory
    names = (row.name, row.category.name, row.name_en)
    told = [*names, one.criterion.condition] if one.criterion else names
    codes = (row.code, row.key, one.criterion.code if one.criterion else "")
    return any(word in normalised(name) for name in told) or any(
        code.startswith(word) for code in codes
    )


def _meets(one: Subject, word: str) -> int:
    name = normalised(one.subcategory.name)
    return 0 if name.startswith(word) else 1 if word in name else 2


def criterion_words(row: FilingCriterion) -> str:
    """立案标准: condition, limit and grade as one line of a select."""
    words = _("%(condition)s（%(limit)s，%(grade)s）") % {
        "condition": row.condition,
        "limit": row.limit,
        "grade": row.get_grade_display(),
    }
    return f"{_('【紧急】')}{words}" if row.urgent else words


def criteria_of(key: str) -> list[FilingCriterion]:
    """某小类的现行立案标准, by its key; empty for a key that means nothing."""
    row = by_key(key)
    rows = FilingCriterion.objects.of(row).select_related("subcategory") if row else ()
    return list(rows)


def criterion_choices(key: str) -> list[tuple[str, str]]:
    """立案标准选项 of a sub-category: code and words."""
    return [(row.code, criterion_words(row)) for row in criteria_of(key)]
