"""已知小类: the sub-categories as plain rows in memory, read once a stamp.

A page of cases names twenty of them and a report one; a join for each would cost more than the
rest of the query.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from changxiao.catalog.models import Subcategory
from changxiao.catalog.stamp import Remembered


@dataclass(frozen=True, slots=True)
class _Known:
    by_id: Mapping[int, Subcategory]
    by_key: Mapping[str, Subcategory]


def _read() -> _Known:
    rows = list(Subcategory.objects.select_related("category"))
    # The old catalogue's digits mean other things; it is there to translate from, not to report by.
    usable = [row for row in rows if row.enabled and row.edition != "cjt214"]
    return _Known({row.pk: row for row in rows}, {row.key: row for row in usable})


known = Remembered(_read)


def by_id(pk: int) -> Subcategory:
    """小类, by primary key; one that was added behind the stamp is read from the table."""
    found = known().by_id.get(pk)
    return found if found is not None else Subcategory.objects.get(pk=pk)


def by_key(key: str) -> Subcategory | None:
    """小类, by key ("e0110", "c0101"), as far as it may be reported now."""
    return known().by_key.get(key)
