"""地名搜索 places by name or code: districts, streets, communities and grids, by two characters.

In memory over the city's ground, like `locate`: a city has a thousand names, so they are ranked one
by one; grids are found by the beginning of their code. Each answer lies inside what it names, so
that its coordinates may be reported. Pure: no database.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache

import shapely

from changxiao.areas.locate import Locator
from changxiao.areas.outlines import pieces
from changxiao.areas.units import cell_boxes
from changxiao.kernel.bigrams import MOST_QUERY, normalised

SHORTEST_CODE = 4  # digits: fewer begin every code of the city


@dataclass(frozen=True, slots=True)
class Spot:
    """地点: what it is, its code and name, the names of what it lies in, a point in it (WGS-84)."""

    kind: str
    code: str
    name: str
    inside: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class _Name:
    kind: str
    number: int
    code: str
    name: str
    inside: str
    told: str  # everything above, as a question is compared with it


_LEVELS = ("community", "street", "district")  # the exact place before the wide one


def spots(known: Locator, words: str, limit: int = 8) -> list[Spot]:
    """地点: the best first; empty for one character, or for words that name no place."""
    asked = normalised(words[:MOST_QUERY]).split()
    if len("".join(asked)) < 2:
        return []
    found = _ranked(known, asked)
    if not found and len(asked) == 1 and not asked[0].isascii():
        found = next(filter(None, (_ranked(known, halves) for halves in _halves(asked[0]))), [])
    told = [_spot(known, one) for one in found[:limit]]
    return told + _grids(known, asked[0], limit - len(told)) if len(asked) == 1 else told


def _halves(word: str) -> list[list[str]]:
    """Said in one breath: "东方金苑" is 东方 and 金苑."""
    return [[word[:at], word[at:]] for at in range(2, min(len(word) - 1, 12))]


def _ranked(known: Locator, asked: list[str]) -> list[_Name]:
    names = _names(known)
    ranks = ((_rank(one, asked), at) for at, one in enumerate(names))
    return [names[at] for _rank_, at in sorted((rank, at) for rank, at in ranks if rank)]


def _rank(one: _Name, asked: list[str]) -> tuple[int, int, int] | None:
    """Smaller is better: how the last word meets the name, its level, how much is left over."""
    if not all(word in one.told for word in asked):
        return None
    last = asked[-1]
    if last.isdecimal():
        return (len(one.code), 0, 0) if one.code.startswith(last) else None
    name = normalised(one.name)
    meets = 0 if name == last else 1 if name.startswith(last) else 2 if last in name else 3
    return meets, _LEVELS.index(one.kind), len(name)


@lru_cache(4)
def _names(known: Locator) -> tuple[_Name, ...]:
    base = known.ground
    joint = "" if base.city.language.startswith("zh") else ", "
    found: list[_Name] = []

    def add(kind: str, number: int, one: tuple[str, str], above: list[str]) -> None:
        code, name = one
        told = normalised(" ".join([code, *above, joint.join([*above, name])]))
        found.append(_Name(kind, number, code, name, joint.join(above), told))

    for number, tract in enumerate(base.districts):
        add("district", number, (tract.code, tract.name), [])
    for number, street in enumerate(base.streets):
        add("street", number, (street.code, street.name), [base.districts[street.district].name])
    for number, one in enumerate(base.communities):
        street = base.streets[int(base.street_of[number])]
        above = [base.districts[one.district].name, street.name]
        add("community", number, (one.code, one.name), above)
    return tuple(found)


@lru_cache(4096)
def _spot(known: Locator, one: _Name) -> Spot:
    base = known.ground
    if one.kind == "district":
        outline = base.districts[one.number].outline
    else:
        table = base.streets if one.kind == "street" else base.communities
        (outline,) = pieces(base, [table[one.number]])
    point = outline.representative_point()
    return Spot(one.kind, one.code, one.name, one.inside, round(point.x, 6), round(point.y, 6))


def _grids(known: Locator, word: str, limit: int) -> list[Spot]:
    base = known.ground
    code = word.upper()
    if limit < 1 or len(code) < SHORTEST_CODE or not code[:SHORTEST_CODE].isdecimal():
        return []
    found: list[Spot] = []
    for kind in ("duty_grid", "unit_grid"):
        for number, held in _beginning(known, kind, code, limit - len(found)):
            unit = number if kind == "unit_grid" else int((base.units.duty == number).argmax())
            lon, lat = _inside(known, unit)
            inside = _full(known, int(base.units.community[unit]))
            found.append(Spot(kind, held, held, inside, lon, lat))
    return found


def _beginning(known: Locator, kind: str, code: str, limit: int) -> list[tuple[int, str]]:
    ordered = _codes(known, kind)
    at = bisect_left(ordered, (code, -1))
    return [(n, held) for held, n in ordered[at : at + max(limit, 0)] if held.startswith(code)]


@lru_cache(8)
def _codes(known: Locator, kind: str) -> list[tuple[str, int]]:
    base = known.ground
    codes = base.units.duty_codes if kind == "duty_grid" else base.units.codes
    return sorted((code, number) for number, code in enumerate(codes))


def _full(known: Locator, community: int) -> str:
    base = known.ground
    names = _names(known)
    one = names[len(base.districts) + len(base.streets) + community]
    joint = "" if base.city.language.startswith("zh") else ", "
    return joint.join([one.inside, one.name])


def _inside(known: Locator, unit: int) -> tuple[float, float]:
    """A point of the unit grid: its cell may reach over the outline of its district."""
    base = known.ground
    sheet, row, col = base.units.cells[unit]
    box = cell_boxes(base.lattice, row, col)
    point = shapely.intersection(box, base.districts[sheet].outline).representative_point()
    return round(point.x, 6), round(point.y, 6)
