"""责任空白 gaps: criteria × communities for which nobody answers, before a case falls into one.

Set logic and no sampling: an area is a set of communities, kept as the bits of one number, so that
five hundred criteria against a thousand communities are some thousand unions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_

from changxiao.areas import names
from changxiao.catalog import proposals
from changxiao.catalog.models import FilingCriterion, Responsibility


@dataclass(frozen=True, slots=True)
class Gap:
    """空白: a criterion, the areas (largest whole ones) and how many communities they hold.

    `local` says that the unit of the place 属地 would still take it: a gap in the table only.
    """

    criterion: FilingCriterion
    areas: tuple[str, ...]
    communities: int
    local: bool


class Cover:
    """覆盖: area codes as sets of communities."""

    def __init__(self, communities: Sequence[str]) -> None:
        self.codes = list(communities)
        self.whole = (1 << len(self.codes)) - 1
        self._kept: dict[str, int] = {"": self.whole}

    def of(self, area_code: str) -> int:
        """某区域内的社区."""
        if area_code not in self._kept:
            bits = (1 << n for n, code in enumerate(self.codes) if code.startswith(area_code))
            self._kept[area_code] = sum(bits)
        return self._kept[area_code]

    def union(self, area_codes: Iterable[str]) -> int:
        """若干区域合起来."""
        return reduce(or_, map(self.of, area_codes), 0)

    def areas(self, communities: int) -> tuple[str, ...]:
        """区域代码: the fewest whole districts, streets and communities that make up the set."""
        if communities == self.whole:
            return ("",)
        found, left = [], communities
        for one in self._levels():
            held = self.of(one)
            if held and held & left == held:
                found.append(one)
                left &= ~held
        return tuple(found)

    def _levels(self) -> list[str]:
        streets = {names.street_of(code) for code in self.codes}
        districts = [code for _name, rows in names.choices() for code, _street in rows[:1]]
        return [*districts, *sorted(streets - {""}), *self.codes]


def gaps(day: date, *, communities: Sequence[str] | None = None) -> list[Gap]:
    """责任空白: what nobody at all answers for first, then what only the unit of the place does."""
    cover = Cover(names.communities() if communities is None else communities)
    answered = _answered(day, cover)
    local = cover.union(
        unit.area_code for unit in proposals.local_units(day) if unit.lasting().holds_on(day)
    )
    found = []
    rows = FilingCriterion.objects.current().filter(is_first=True, subcategory__enabled=True)
    for row in rows.select_related("subcategory__category").order_by("code"):
        missing = cover.whole & ~_of(row, answered)
        for part, is_local in ((missing & ~local, False), (missing & local, True)):
            if part:
                found.append(Gap(row, cover.areas(part), part.bit_count(), is_local))
    return sorted(found, key=lambda gap: gap.local)


_Subject = tuple[str, object]


def _answered(day: date, cover: Cover) -> Mapping[_Subject, int]:
    held: dict[_Subject, set[str]] = {}
    rows = Responsibility.objects.on(day).select_related("unit", "section", "criterion")
    for row in rows:
        if _stands(row, day):
            held.setdefault(_subject(row), set()).add(row.area_code)
    return {subject: cover.union(codes) for subject, codes in held.items()}


def _stands(row: Responsibility, day: date) -> bool:
    in_contract = row.section is None or row.section.holds_on(day)
    return in_contract and row.unit.lasting().holds_on(day)


def _subject(row: Responsibility) -> _Subject:
    if row.criterion is not None:
        return "criterion", row.criterion.code
    if row.subcategory_id is not None:
        return "subcategory", row.subcategory_id
    return "category", row.category_id


def _of(row: FilingCriterion, answered: Mapping[_Subject, int]) -> int:
    subject = row.subcategory
    keys = (
        ("criterion", row.code),
        ("subcategory", subject.pk),
        ("category", subject.category_id),
    )
    return reduce(or_, (answered.get(key, 0) for key in keys), 0)
