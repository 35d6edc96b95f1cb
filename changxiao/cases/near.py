"""附近相似案卷: place × time × text × category, so that a second caller makes no second case.

The one answer to "was this reported already?": the side of the report form, the choice of a lead
for 并案, and whoever asks next.

Near is the city's radius; a case counts while it is open, and a closed one for the city's hours
after it was reported (Yuncheng design: 50 m and 24 h). How alike is `suggesting.alike`, by the
city's weights; from the city's threshold on a case is marked as likely the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import cos, radians

from django.db.models import Q

from changxiao.areas.locate import locator
from changxiao.cases.flow import OPEN
from changxiao.cases.models import Case
from changxiao.cases.suggesting import alike
from changxiao.cases.suggesting.alike import Parts
from changxiao.catalog import known, policy
from changxiao.kernel.geo import Point, metres_between
from changxiao.kernel.refused import Refused

DEGREE = 111_195.0  # metres in a degree of latitude
MOST, READ = 6, 200
PARTS = ("place", "time", "text", "category")


@dataclass(frozen=True, slots=True)
class Near:
    """附近一件: the case, how far away, whether of the same sub-category, how alike (percent), and
    whether that is enough to be likely the same thing."""

    case: Case
    metres: int
    same: bool
    score: int
    likely: bool

    @property
    def may_lead(self) -> bool:
        """可作主案: an open case, which another report can be joined to."""
        return not self.case.ended


def leads(case: Case, now: datetime) -> list[Near]:
    """可作主案的相似案卷 of a case that is there already."""
    here = Point(case.lon, case.lat)
    found = like(here, case.subcategory_id, now, text=case.description)
    return [one for one in found if one.may_lead and one.case.pk != case.pk]


@dataclass(frozen=True, slots=True)
class _Told:
    """What the new report says, as the cases around it are compared with it."""

    at: Point
    subcategory_id: int | None
    now: datetime
    pieces: frozenset[str]


def like(at: Point, subcategory_id: int | None, now: datetime, *, text: str = "") -> list[Near]:
    """相似案卷 within the viewer's reach, the likeliest to be the same thing first."""
    radius = policy.number("similar_radius_m")
    recent = Q(stage__in=OPEN) | Q(
        reported_at__gte=now - timedelta(hours=policy.number("similar_hours"))
    )
    rows = Case.objects.filter(recent, around(at, radius))
    told = _Told(at, subcategory_id, now, alike.pieces(text))
    found = [_near(case, told) for case in rows.select_related("subcategory")[:READ]]
    there = {one.case.pk for one in found}
    # A second call that was joined tells nothing that its lead, beside it, does not.
    held = [one for one in found if one.metres <= radius and one.case.duplicate_of_id not in there]
    return sorted(held, key=lambda one: (-one.score, one.metres, -one.case.pk))[:MOST]


def around(at: Point, metres: float) -> Q:
    """附近: the square about a point, by the communities that it touches: that is what the index
    knows. A row still has to be measured."""
    high = metres / DEGREE
    wide = high / max(cos(radians(at.lat)), 0.01)
    return Q(
        community_code__in=_communities(at, wide, high),
        lat__range=(at.lat - high, at.lat + high),
        lon__range=(at.lon - wide, at.lon + wide),
    )


def _near(case: Case, told: _Told) -> Near:
    metres = metres_between(told.at, Point(case.lon, case.lat))
    hours = (told.now - case.reported_at) / timedelta(hours=1)
    parts = Parts(
        place=alike.place(metres, policy.number("similar_radius_m")),
        time=alike.time(hours, policy.number("similar_hours")),
        text=alike.told(told.pieces, alike.pieces(case.description)),
        category=_category(case, told.subcategory_id),
    )
    score = round(100 * parts.score(weights()))
    same = case.subcategory_id == told.subcategory_id
    return Near(case, round(metres), same, score, likely=score >= policy.number("similar_score"))


def _category(case: Case, subcategory_id: int | None) -> float | None:
    if subcategory_id is None:
        return None
    ours, theirs = known.by_id(subcategory_id), case.subcategory
    return alike.category(ours.pk == theirs.pk, ours.category_id == theirs.category_id)


def weights() -> dict[str, float]:
    """各项权重, the city's."""
    return {name: policy.number(f"similar_weight_{name}") for name in PARTS}


def _communities(at: Point, wide: float, high: float) -> set[str]:
    found, ground = set(), locator()
    for lon in (at.lon - wide, at.lon, at.lon + wide):
        for lat in (at.lat - high, at.lat, at.lat + high):
            try:
                found.add(ground.at(lon, lat).community_code)
            except Refused:  # beyond the edge of the city
                continue
    return found
