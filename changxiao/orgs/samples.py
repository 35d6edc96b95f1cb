"""演示值班: this week's and the next week's watches of the larger units. Twice is as once."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

from changxiao.kernel.act import NAMESPACE, Act
from changxiao.kernel.day import local_date
from changxiao.orgs.actions import set_week
from changxiao.orgs.actions.rosters import Watch
from changxiao.orgs.models import DutyRoster, Staff, Unit
from changxiao.orgs.posts import Post

ORIGIN = "demo"
UNITS = 12
WEEKS = 2
SHIFTS = (DutyRoster.Shift.DAY, DutyRoster.Shift.NIGHT)


def build(until: datetime) -> int:
    """演示值班: how many watches were set. A home that has one already is left as it is."""
    if DutyRoster.objects.exists():
        return 0
    today, done = local_date(until), 0
    monday = today - timedelta(days=today.weekday())
    for unit in Unit.objects.on(today).filter(staff__is_active=True).distinct()[:UNITS]:
        people = list(Staff.objects.filter(unit=unit, is_active=True).order_by("id")[:6])
        for week in range(WEEKS):
            first = monday + timedelta(weeks=week)
            done += set_week(
                unit, monday=first, watches=_watches(people, first), act=_act(unit, first)
            )
    return done


def _watches(people: list[Staff], monday: date) -> list[Watch]:
    """轮班: one a watch, in turn; who had the night has not the day after it."""
    turns = [(day, shift) for day in range(7) for shift in SHIFTS]
    return [
        Watch(monday + timedelta(days=day), shift, people[turn % len(people)])
        for turn, (day, shift) in enumerate(turns)
    ]


def _act(unit: Unit, monday: date) -> Act:
    key = str(uuid.uuid5(NAMESPACE, f"demo/roster/{unit.code}/{monday.isoformat()}"))
    return Act(actor="city-admin", post=Post.CITY_ADMIN, key=key, origin=ORIGIN)
