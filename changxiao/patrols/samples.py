"""演示巡查: a fortnight of walks of some collectors, and one that goes on now. Twice is as once."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime, time, timedelta

from django.db.models import Q

from changxiao.areas.models import DutyGrid
from changxiao.kernel import scope
from changxiao.kernel.act import NAMESPACE, Act
from changxiao.kernel.day import city_zone, local_date
from changxiao.kernel.scope import Grant, Viewer
from changxiao.kernel.transactions import writing
from changxiao.orgs.models import Appointment
from changxiao.orgs.posts import Post
from changxiao.patrols import actions
from changxiao.patrols.models import Patrol

ORIGIN = "demo"
WALKERS = 8
DAYS = 14
GRIDS = 3  # that one person walks by turns
WALKS = ((time(8, 40), 95), (time(14, 50), 110))  # begun at, minutes
LATELY = timedelta(minutes=35)


def build(until: datetime) -> int:
    """演示巡查: how many were walked. A home that has one already is left as it is."""
    if Patrol.everything.exists():
        return 0
    done = 0
    with writing():
        for at, minutes, who, grid in sorted(_planned(until)):
            over = at + timedelta(minutes=minutes)
            with scope.viewing(Viewer("staff", who, (Grant(Post.COLLECTOR, grid),))):
                walk = actions.start_patrol(grid=grid, act=_act(who, "start", at))
                if over < until:
                    actions.finish_patrol(walk, act=_act(who, "finish", over))
            done += 1
    return done


def _planned(until: datetime) -> Iterator[tuple[datetime, int, str, str]]:
    """何时、多少分钟、何人、何网格. Steady, but not every day each: some have a day off in five."""
    today, zone = local_date(until), city_zone()
    for number, (who, grids) in enumerate(_walkers()):
        for back in range(DAYS, -1, -1):
            day = today - timedelta(days=back)
            if (back + number) % 5 == 4:
                continue
            for turn, (begun, minutes) in enumerate(WALKS):
                at = datetime.combine(day, begun, zone) + timedelta(minutes=3 * number)
                if at + LATELY < until:
                    grid = grids[(back + turn) % len(grids)]
                    yield at, minutes + 5 * (back % 4), who, grid


def _walkers() -> Iterator[tuple[str, list[str]]]:
    """巡查的监督员 with an area of their own, and the grids that they walk."""
    rows = Appointment.objects.filter(post=Post.COLLECTOR, until_date=None).exclude(area_code="")
    for row in rows.select_related("staff").order_by("id")[:WALKERS]:
        inside = Q(code=row.area_code) | Q(community__code__startswith=row.area_code)
        found = DutyGrid.objects.filter(inside).order_by("code")
        if codes := list(found.values_list("code", flat=True)[:GRIDS]):
            yield row.staff.username, codes


def _act(who: str, what: str, at: datetime) -> Act:
    key = str(uuid.uuid5(NAMESPACE, f"demo/patrol/{who}/{what}/{at.isoformat()}"))
    return Act(actor=who, post=Post.COLLECTOR, key=key, at=at, origin=ORIGIN)
