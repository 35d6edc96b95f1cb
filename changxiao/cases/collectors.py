"""在岗监督员: who is at work now and where, from appointments and the roster.

A city that keeps no roster for its collectors has all of them on shift always: nothing is known
to the contrary, and a clock that waited for a list nobody writes would never run again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count

from changxiao.areas.locate import locator
from changxiao.areas.neighbours import neighbours
from changxiao.cases import access, assigning
from changxiao.cases.actions.assigning import waits
from changxiao.cases.assigning import Choice, OnShift
from changxiao.cases.flow import Stage
from changxiao.cases.models import Case
from changxiao.catalog import policy
from changxiao.kernel.day import local_time
from changxiao.kernel.refused import Refused
from changxiao.kernel.scope import Viewer
from changxiao.orgs.models import Appointment, DutyRoster, Staff
from changxiao.orgs.posts import Post

TASKS = (Stage.CONFIRMING, Stage.HANDLED)
KEPT = timedelta(days=14)  # a roster that ended longer ago is no longer kept


def on_shift(at: datetime) -> list[OnShift]:
    """在岗监督员 at a moment, one row an appointment; three statements."""
    local = local_time(at)
    rows = Appointment.objects.on(local.date()).filter(post=Post.COLLECTOR, staff__is_active=True)
    held = list(rows.select_related("staff"))
    roster = DutyRoster.objects.filter(
        staff__in=[row.staff_id for row in held], date__gte=local.date() - KEPT
    )
    listed = list(roster.values_list("date", "shift", "staff_id"))
    if listed:
        hours = assigning.read_hours(policy.text("day_shift"))
        now = assigning.shifts_at(local, *hours)
        here = {staff for day, shift, staff in listed if (day, shift) in now}
        held = [row for row in held if row.staff_id in here]
    tasks = _in_hand([row.staff.username for row in held])
    return [
        OnShift(
            row.staff.username,
            row.area_code,
            stands_in=row.stands_in_for_id is not None,
            tasks=tasks.get(row.staff.username, 0),
        )
        for row in held
    ]


def _in_hand(usernames: list[str]) -> dict[str, int]:
    rows = Case.everything.filter(stage__in=TASKS, checker__in=usernames).order_by()
    return dict(rows.values_list("checker").annotate(count=Count("pk")))


def choice_for(case: Case, present: list[OnShift]) -> Choice | None:
    """派给谁, for one case; None where nobody is on shift for its place."""
    try:
        beside = neighbours(locator(), case.duty_grid_code)
    except Refused:  # no city: no neighbours either
        beside = frozenset()
    barred = {case.handled_by} if case.handled_by else set[str]()
    return assigning.choose(
        case.duty_grid_code, case.community_code, present, neighbours=beside, barred=barred
    )


@dataclass(frozen=True, slots=True)
class Task:
    """任务: whose the confirming or verifying is, in words for one reader."""

    waits: bool
    who: str


def task_of(case: Case, viewer: Viewer) -> Task | None:
    """任务现状: None where nothing is to be looked at; the name only for who knows collectors."""
    if case.stage not in TASKS:
        return None
    who = ""
    if case.checker and access.knows_people(viewer):
        named = Staff.objects.filter(username=case.checker).values_list("name", flat=True)
        who = named.first() or case.checker
    return Task(waits(case), who)
