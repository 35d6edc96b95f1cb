"""巡查权限: the supervision side reads the walks of its area, a collector his own."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from changxiao.areas.models import DutyGrid
from changxiao.cases.access import KNOWS_PEOPLE, in_area
from changxiao.kernel.scope import Viewer
from changxiao.orgs.posts import Post

# Who knows the collectors and walks no street himself; the auditor reads and decides nothing.
READS = KNOWS_PEOPLE - {Post.COLLECTOR}
DECIDES = frozenset({Post.INTAKE, Post.SHIFT_LEADER, Post.CENTER_DIRECTOR})
MOST_GRIDS = 80
OPENS = READS | {Post.COLLECTOR}


def reach(viewer: Viewer) -> Q:
    """可见巡查."""
    found = Q(pk__in=[])
    for grant in viewer.grants:
        if grant.post in READS:
            if not grant.area:
                return Q()
            found |= in_area(grant.area)
        elif grant.post == Post.COLLECTOR:
            found |= Q(collector=viewer.name)
    return found


def reach_missed(viewer: Viewer) -> Q:
    """可见漏报: those of the walks within reach."""
    if any(grant.post in READS and not grant.area for grant in viewer.grants):
        return Q()
    from changxiao.patrols.models import Patrol

    return Q(patrol__in=Patrol.everything.filter(reach(viewer)))


def areas(viewer: Viewer) -> list[str]:
    """所管区域: code prefixes whose grids this viewer looks after; "" is the whole city."""
    found = {grant.area for grant in viewer.grants if grant.post in READS}
    return [""] if viewer.sees_all or "" in found else sorted(found)


def covers(areas: Iterable[str], grid: str, community: str) -> bool:
    """责任网格是否在其中: an appointment names a grid, or a wider place by its prefix."""
    return any(not a or grid == a or community.startswith(a) for a in areas)


def grids_of(viewer: Viewer) -> list[tuple[str, str]]:
    """可巡查的责任网格 of a collector: code and place; the first eighty of a wide appointment."""
    found = DutyGrid.objects.none()
    for area in [grant.area for grant in viewer.grants if grant.post == Post.COLLECTOR]:
        rows = DutyGrid.objects.filter(code=area) | DutyGrid.objects.filter(
            community__code__startswith=area
        )
        found = found | rows
    rows = found.select_related("community").defer("outline", "community__outline")
    return [
        (row.code, f"{row.community.name} {row.code}")
        for row in rows.order_by("code").distinct()[:MOST_GRIDS]
        if walks(viewer, row.code, row.community.code)
    ]


def walks(viewer: Viewer, grid: str, community: str) -> bool:
    """是否其责任网格: may this collector walk there?"""
    own = [grant.area for grant in viewer.grants if grant.post == Post.COLLECTOR]
    return covers(own, grid, community)
