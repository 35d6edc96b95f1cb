"""地名 names: codes said as a person says them, 金平区石炮台街道…社区, from the ground in memory.

A page asks no database for a name; a home that was not set up yet has codes only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from changxiao.areas.locate import Locator, locator
from changxiao.kernel.refused import Refused

Choices = Sequence[tuple[str, Sequence[tuple[str, str]]]]


def words(code: str) -> str:
    """地名: district, street and community joined; the code itself where no name is known."""
    return names().get(code, code)


def names() -> Mapping[str, str]:
    """全部地名, by code."""
    known = in_memory()
    return _names_of(known) if known else {}


def street_of(community_code: str) -> str:
    """所在街道代码, "" where it is not known."""
    known = in_memory()
    return _streets_of(known).get(community_code, "") if known else ""


def communities() -> Sequence[str]:
    """社区代码: all of the city, in order."""
    known = in_memory()
    return [one.code for one in known.ground.communities] if known else []


def choices() -> Choices:
    """区域选项: every district with its streets, for a select."""
    known = in_memory()
    if known is None:
        return []
    ground = known.ground
    found = []
    for number, one in enumerate(ground.districts):
        streets = [(s.code, s.name) for s in ground.streets if s.district == number]
        found.append((one.name, [(one.code, one.name), *streets]))
    return found


_found: list[Locator] = []  # a home's city is written once, so it is asked once a process


def in_memory() -> Locator | None:
    """内存中的底图; None before the home was set up."""
    if not _found:
        try:
            _found.append(locator())
        except Refused:  # a home that was not set up yet has pages too
            return None
    return _found[0]


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
