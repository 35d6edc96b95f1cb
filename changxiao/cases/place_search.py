"""地点候选: what a caller may mean by a place: areas and grids, components, addresses of old cases.

`areas.search` knows the names of the city; roads and house numbers are known from what was reported
before, within the viewer's reach. Each candidate has coordinates and says what it lies in.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from changxiao.areas import search as areas
from changxiao.areas.locate import locator
from changxiao.assets.models import Component
from changxiao.cases import places, search
from changxiao.cases.indexing import NUMBER
from changxiao.kernel.bigrams import normalised
from changxiao.kernel.refused import Refused

AREAS, ADDRESSES, COMPONENTS = 6, 4, 4
KINDS: dict[str, str | Promise] = {
    "district": _("区"),
    "street": _("街道"),
    "community": _("社区"),
    "duty_grid": _("责任网格"),
    "unit_grid": _("单元网格"),
    "component": _("部件"),
    "address": _("报过的地址"),
}
CODED = 6  # digits of a component's code that begin a district: fewer would list everything


@dataclass(frozen=True, slots=True)
class Candidate:
    """候选: kind, words to show, what it lies in, WGS-84; the codes where it has one."""

    kind: str
    name: str
    inside: str
    lon: float
    lat: float
    grid: str = ""
    component: str = ""

    @property
    def label(self) -> str | Promise:
        return KINDS[self.kind]

    @property
    def wide(self) -> bool:
        """范围大: the point only stands for it, so a pin on the map is worth the while."""
        return self.kind in {"district", "street", "community"}


def candidates(words: str) -> list[Candidate]:
    """地点候选, the most exact kind of answer first; two characters suffice."""
    try:
        spots = areas.spots(locator(), words, AREAS)
    except Refused:  # no city yet
        return []
    found = [
        Candidate(
            one.kind,
            one.name,
            one.inside,
            one.lon,
            one.lat,
            grid=one.code if one.kind in {"duty_grid", "unit_grid"} else "",
        )
        for one in spots
    ]
    return [*_components(words), *_addresses(words), *found]


def _components(words: str) -> list[Candidate]:
    code = normalised(words).strip()
    if not code.isdecimal() or len(code) <= CODED:
        return []
    rows = Component.objects.standing().filter(code__startswith=code).order_by("code")
    return [
        Candidate("component", f"{one.name} {one.code}", "", one.lon, one.lat, component=one.code)
        for one in rows[:COMPONENTS]
    ]


def _addresses(words: str) -> list[Candidate]:
    """Addresses that hold the words, each once, as it was said last."""
    asked = normalised(words).split()
    if len("".join(asked)) < 2:
        return []
    found: dict[str, Candidate] = {}
    for case in search.found(words, 4 * ADDRESSES):
        told = normalised(case.address)
        if told and all(word in told for word in asked) and not NUMBER.search(told):
            place = places.of_case(case)
            found.setdefault(told, Candidate("address", case.address, place, case.lon, case.lat))
    return list(found.values())[:ADDRESSES]
