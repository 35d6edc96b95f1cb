"""版本对照: GB/T 30428.2 and CJ/T 214-2007 name many things alike and number them differently.

暴露垃圾 is 0110 in the one and 0102 in the other (domain.md §3.4). The table is the column
`cjt214_code` of the national sub-categories: filled where the same thing stands in both.
"""

from __future__ import annotations

from collections.abc import Iterable

from changxiao.catalog.models import Edition, Kind, Subcategory


def to_gb(kind: str, cjt214_code: str) -> list[Subcategory]:
    """对应国标小类: of an old code; several where the new standard split it, none where it dropped
    it.
    """
    rows = Subcategory.objects.filter(kind=kind, edition=Edition.GB, cjt214_code=cjt214_code)
    return list(rows.order_by("code"))


def to_cjt214(subcategory: Subcategory) -> Subcategory | None:
    """对应旧小类: of a national sub-category; None where the old standard did not know it."""
    return Subcategory.objects.filter(
        kind=subcategory.kind, edition=Edition.CJT, code=subcategory.cjt214_code
    ).first()


def by_key(key: str) -> Subcategory | None:
    """按键取小类: "e0110" in the catalogue in use: national, then the city's own."""
    kinds = {kind.letter: kind.value for kind in Kind}
    rows = Subcategory.objects.filter(kind=kinds.get(key[:1], ""), code=key[1:])
    return rows.exclude(edition=Edition.CJT).order_by("edition").first()


def keyed(rows: Iterable[Subcategory]) -> dict[str, Subcategory]:
    """按键索引, for loaders."""
    return {row.key: row for row in rows}
