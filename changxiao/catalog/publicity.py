"""公开规则 in force: for each sub-category the nearest row, read together once a stamp."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from changxiao.catalog.models import PublicRule, Subcategory
from changxiao.catalog.stamp import Remembered

View, Place, Photos = PublicRule.View, PublicRule.Place, PublicRule.Photos


@dataclass(frozen=True, slots=True)
class Publicity:
    """公开程度: when the public may read a case of this kind, how exactly its place, and whether
    its photos besides."""

    view: str
    place: str
    photos: str = Photos.LOOKED


# Until a city says otherwise: what is over may be told, and roughly where it was.
DEFAULT = Publicity(View.CLOSED, Place.COARSE)
UNKNOWN = Publicity(View.NONE, Place.HIDDEN, Photos.NONE)


@dataclass(frozen=True, slots=True)
class _Table:
    by_id: Mapping[int, Publicity]
    by_view: Mapping[str, tuple[int, ...]]
    by_place: Mapping[str, tuple[int, ...]]
    by_photos: Mapping[str, tuple[int, ...]]


def _read() -> _Table:
    own, above, city = {}, {}, DEFAULT
    for row in PublicRule.objects.all():
        told = Publicity(row.view, row.place, row.photos)
        if row.subcategory_id:
            own[row.subcategory_id] = told
        elif row.category_id:
            above[row.category_id] = told
        else:
            city = told
    by_id = {
        pk: own.get(pk) or above.get(category) or city
        for pk, category in Subcategory.objects.values_list("pk", "category_id")
    }
    kinds = {"view": View.values, "place": Place.values, "photos": Photos.values}
    return _Table(by_id, *(_sorted(by_id, name, values) for name, values in kinds.items()))


def _sorted(
    by_id: Mapping[int, Publicity], name: str, values: list[str]
) -> dict[str, tuple[int, ...]]:
    return {v: tuple(pk for pk, told in by_id.items() if getattr(told, name) == v) for v in values}


table = Remembered(_read)


def of(subcategory_id: int) -> Publicity:
    """公开程度 of a sub-category; one added behind the stamp is not public yet."""
    return table().by_id.get(subcategory_id, UNKNOWN)


def viewed(view: str) -> tuple[int, ...]:
    """小类 (ids) of which the public reads cases at this time."""
    return table().by_view[view]


def placed(place: str) -> tuple[int, ...]:
    """小类 (ids) whose places are told this exactly."""
    return table().by_place[place]


def without_photos() -> tuple[int, ...]:
    """小类 (ids) whose photos the public never sees."""
    return table().by_photos[Photos.NONE]
