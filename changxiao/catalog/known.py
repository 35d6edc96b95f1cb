"""已知目录: sub-categories and filing criteria as plain rows in memory, read once a stamp.

A page of cases names twenty of them and a report one; a join for each would cost more than the
rest of the query.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from changxiao.catalog.models import FilingCriterion, Subcategory
from changxiao.catalog.stamp import Remembered


@dataclass(frozen=True, slots=True)
class _Known:
    by_id: Mapping[int, Subcategory]
    by_key: Mapping[str, Subcategory]
    criteria: Mapping[int, FilingCriterion]


def _read() -> _Known:
    rows = list(Subcategory.objects.select_related("category"))
    # The old catalogue's digits mean other things; it is there to translate from, not to report by.
    usable = [row for row in rows if row.enabled and row.edition != "cjt214"]
    return _Known(
        by_id={row.pk: row for row in rows},
        by_key={row.key: row for row in usable},
        criteria={row.pk: row for row in FilingCriterion.objects.all()},
    )


known = Remembered(_read)


def by_id(pk: int) -> Subcategory:
    """小类, by primary key; one that was added behind the stamp is read from the table."""
    found = known().by_id.get(pk)
    return found if found is not None else Subcategory.objects.get(pk=pk)


def criterion_by_id(pk: int) -> FilingCriterion:
    """立案标准, by primary key; the version that a case was filed under, in force or not."""
    found = known().criteria.get(pk)
    return found if found is not None else FilingCriterion.objects.get(pk=pk)


def by_key(key: str) -> Subcategory | None:
    """小类, by key ("e0110", "c0101"), as far as it may be reported now."""
    return known().by_key.get(key)
