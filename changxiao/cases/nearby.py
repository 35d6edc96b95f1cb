"""相似案卷: open cases of one kind, close by and not long ago: they may tell of one problem."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from changxiao.cases.flow import OPEN
from changxiao.cases.models import Case
from changxiao.catalog import policy
from changxiao.kernel.geo import Scale

MOST = 8


@dataclass(frozen=True, slots=True)
class Near:
    """相似案卷: with its distance in whole metres."""

    case: Case
    metres: int


def like(case: Case) -> list[Near]:
    """相似案卷 within the current viewer's reach, the nearest first.

    Those of the same community and its sub-category: an index finds them, the distance is reckoned
    on the few that are left.
    """
    hours = timedelta(hours=policy.number("similar_hours"))
    radius, scale = policy.number("similar_radius_m"), Scale.at(case.lat)
    rows = Case.objects.filter(
        stage__in=OPEN,
        community_code=case.community_code,
        subcategory=case.subcategory_id,
        reported_at__gte=case.reported_at - hours,
        reported_at__lte=case.reported_at + hours,
    )
    found = []
    for other in rows.exclude(pk=case.pk).select_related("subcategory"):
        east, north = (other.lon - case.lon) * scale.east, (other.lat - case.lat) * scale.north
        metres = round((east**2 + north**2) ** 0.5)
        if metres <= radius:
            found.append(Near(other, metres))
    return sorted(found, key=lambda one: (one.metres, one.case.number))[:MOST]
