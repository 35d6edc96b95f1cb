"""地名: codes of a case said as a person says them, 金平区石炮台街道…社区, never as digits.

The names and outlines come from the city's ground in memory, so that a page asks no database.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import shapely

from changxiao.areas.locate import Locator, locator
from changxiao.cases.models import Case
from changxiao.kernel.refused import Refused

Choices = Sequence[tuple[str, Sequence[tuple[str, str]]]]


def words(code: str) -> str:
    """地名: district, street and community joined; the code itself where no name is known."""
    return _names().get(code, code)


def of_case(case: Case) -> str:
    """案卷地名: by its community, else its district."""
    return words(case.community_code or case.district_code)


def street_of(case: Case) -> str:
    """案卷所在街道, for the few characters of a table's row."""
    street = _streets().get(case.community_code)
    return words(street) if street else words(case.district_code)


def area_choices() -> Choices:
    """区域选项: every district with its streets, for a select."""
    known = _known()
    if known is None:
        return []
    ground = known.ground
    found = []
    for number, one in enumerate(ground.districts):
        streets = [(s.code, s.name) for s in ground.streets if s.district == number]
        found.append((one.name, [(one.code, one.name), *streets]))
    return found


def outline_of(case: Case) -> Any:
    """社区轮廓: a shapely geometry in WGS-84 degrees; None where the community is not known."""
    known = _known()
    return _outlines(known).get(case.community_code) if known else None


_found: list[Locator] = []  # a home's city is written once, so it is asked once a process


def _known() -> Locator | None:
    if not _found:
        try:
            _found.append(locator())
        except Refused:  # a home that was not set up yet has pages too
            return None
    return _found[0]


def _names() -> Mapping[str, str]:
    known = _known()
    return _names_of(known) if known else {}


def _streets() -> Mapping[str, str]:
    known = _known()
    return _streets_of(known) if known else {}


@lru_cache(4)
def _names_of(known: Locator) -> Mapping[str, str]:
    ground = known.ground
    between = "" if ground.city.language.startswith("zh") else ", "
    found = {one.code: one.name for one in ground.districts}
    for street in ground.streets:
        found[street.code] = between.join([ground.districts[street.district].name, street.name])
    for number, one in enumerate(ground.communities):
        street = ground.streets[int(ground.street_of[number])]
        found[one.code] = between.join([found[street.code], one.name])
    return found


@lru_cache(4)
def _streets_of(known: Locator) -> Mapping[str, str]:
    ground = known.ground
    return {
        one.code: ground.streets[int(ground.street_of[number])].code
        for number, one in enumerate(ground.communities)
    }


class _Outlines(dict[str, Any]):
    """Drawn when asked for: a city has a thousand communities and a page shows one."""

    def __init__(self, known: Locator) -> None:
        super().__init__()
        self._ground = known.ground
        self._numbers = {one.code: n for n, one in enumerate(known.ground.communities)}

    def get(self, code: str, default: Any = None) -> Any:
        if code not in self and code in self._numbers:
            self[code] = self._drawn(self._numbers[code])
        return super().get(code, default)

    def _drawn(self, number: int) -> Any:
        one, lattice = self._ground.communities[number], self._ground.lattice
        top, bottom, left, right = one.rect
        box = shapely.box(
            lattice.west + left * lattice.width,
            lattice.north - bottom * lattice.height,
            lattice.west + right * lattice.width,
            lattice.north - top * lattice.height,
        )
        return shapely.intersection(box, self._ground.districts[one.district].outline)


@lru_cache(4)
def _outlines(known: Locator) -> _Outlines:
    return _Outlines(known)
