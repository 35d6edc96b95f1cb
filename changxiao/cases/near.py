"""附近相似案卷: place × time × sub-category, so that a second caller does not make a second case.

Near is the city's radius; a case counts while it is open, and a closed one for the city's hours
after it was reported (Yuncheng design: 50 m and 24 h).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import cos, radians

from django.db.models import Q

from changxiao.areas.locate import locator
from changxiao.cases.flow import OPEN
from changxiao.cases.models import Case
from changxiao.catalog import policy
from changxiao.kernel.geo import Point, metres_between
from changxiao.kernel.refused import Refused

DEGREE = 111_195.0  # metres in a degree of latitude
MOST, READ = 6, 200


@dataclass(frozen=True, slots=True)
class Near:
    """附近一件: the case, how far away, and whether it is of the same sub-category."""

    case: Case
    metres: int
    same: bool


def like(at: Point, subcategory_id: int | None, now: datetime) -> list[Near]:
    """相似案卷 within the viewer's reach: the same sub-category first, then the nearest."""
    radius = policy.number("similar_radius_m")
    high = radius / DEGREE
    wide = high / max(cos(radians(at.lat)), 0.01)
    recent = Q(stage__in=OPEN) | Q(
        reported_at__gte=now - timedelta(hours=policy.number("similar_hours"))
    )
    # By the communities that the circle touches: that is what the index knows.
    rows = Case.objects.filter(
        recent,
        community_code__in=_communities(at, wide, high),
        lat__range=(at.lat - high, at.lat + high),
        lon__range=(at.lon - wide, at.lon + wide),
    )
    found = [_near(case, at, subcategory_id) for case in rows.select_related("subcategory")[:READ]]
    held = [one for one in found if one.metres <= radius]
    return sorted(held, key=lambda one: (not one.same, one.metres, -one.case.pk))[:MOST]


def _near(case: Case, at: Point, subcategory_id: int | None) -> Near:
    metres = round(metres_between(at, Point(case.lon, case.lat)))
    return Near(case, metres, case.subcategory_id == subcategory_id)


def _communities(at: Point, wide: float, high: float) -> set[str]:
    found = set()
    for lon in (at.lon - wide, at.lon, at.lon + wide):
        for lat in (at.lat - high, at.lat, at.lat + high):
            try:
                found.add(locator().at(lon, lat).community_code)
            except Refused:  # beyond the edge of the city
                continue
    return found
