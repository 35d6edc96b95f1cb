"""在岗监督员: who is at work now and where, from appointments and the roster.

A city that keeps no roster for its collectors has all of them on shift always: nothing is known
to the contrary, and a clock that waited for a list nobody writes would never run again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count

from changxiao.areas.locate import locator
from changxiao.areas.neighbours import neighbours
from changxiao.cases import access, assigning
from changxiao.cases.actions.assigning import waits
from changxiao.cases.assigning import Choice, OnShift
from changxiao.cases.flow import TASKS
from changxiao.cases.models import Case
from changxiao.kernel.day import local_date, watch_end, watches_at
from changxiao.kernel.refused import Refused
from changxiao.kernel.scope import Viewer
from changxiao.ledger.models import Entry
from changxiao.orgs.models import Appointment, DutyRoster, Staff
from changxiao.orgs.posts import Post

BY_HAND = frozenset({"ask_to_confirm", "ask_to_verify"})
NAMING = BY_HAND | {"assign", "hand_on"}
NAMED = ("stream", "verb", "at")
KEPT = timedelta(days=14)  # a roster that ended longer ago is no longer kept


def on_shift(at: datetime) -> list[OnShift]:
    """在岗监督员 at a moment, one row an appointment; three statements."""
    day = local_date(at)
    rows = Appointment.objects.on(day).filter(post=Post.COLLECTOR, staff__is_active=True)
    held = list(rows.select_related("staff"))
    roster = DutyRoster.objects.filter(
        staff__in=[row.staff_id for row in held], date__gte=day - KEPT
    )
    listed = list(roster.values_list("date", "shift", "staff_id"))
    if listed:
        running = watches_at(at).items()
        here = {staff for date, shift, staff in listed if (shift, date) in running}
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


def appointed(at: datetime) -> list[OnShift]:
    """在任监督员 at a moment, on shift or not; one statement."""
    rows = Appointment.objects.on(local_date(at)).filter(post=Post.COLLECTOR, staff__is_active=True)
    return [OnShift(name, area) for name, area in rows.values_list("staff__username", "area_code")]


def eligible(case: Case, held: Iterable[OnShift], *, barred: Collection[str]) -> list[str]:
    """可抽查的: who may act on a case at its place, each once, by name."""
    here = (one for one in held if assigning.covers(one, case.duty_grid_code, case.community_code))
    return sorted({one.username for one in here} - set(barred))


def _in_hand(usernames: list[str]) -> dict[str, int]:
    rows = Case.everything.filter(stage__in=TASKS, checker__in=usernames).order_by()
    return dict(rows.values_list("checker").annotate(count=Count("pk")))


def choice_for(case: Case, present: list[OnShift]) -> Choice | None:
    """派给谁, for one case; None where nobody is on shift for its place."""
    try:
        beside = neighbours(locator(), case.duty_grid_code)
    except Refused:  # no city: no neighbours either
        beside = frozenset()
    barred = {case.handled_by, case.verified_by} - {""}
    return assigning.choose(
        case.duty_grid_code, case.community_code, present, neighbours=beside, barred=barred
    )


def off_shift(cases: Sequence[Case], present: Sequence[OnShift], at: datetime) -> list[Case]:
    """该转交的: of these cases, those whose collector's shift is over; four statements at most.

    Whom intake named by hand may come on shift yet: his task stays until a shift of his has ended
    on it, unless he is no collector any more.
    """
    here = {one.username for one in present}
    away = [case for case in cases if case.checker not in here]
    if not away:
        return []
    by_hand = _named_by_hand(away)
    names = {case.checker for case in away if case.stream in by_hand}
    held = Appointment.objects.on(local_date(at)).filter(
        post=Post.COLLECTOR, staff__is_active=True, staff__username__in=names
    )
    working = set(held.values_list("staff__username", flat=True))
    ended = _shift_ends(names, at)

    def is_over(case: Case) -> bool:
        if case.stream not in by_hand or case.checker not in working:
            return True
        return any(by_hand[case.stream] < end <= at for end in ended.get(case.checker, ()))

    return [case for case in away if is_over(case)]


def _named_by_hand(cases: Sequence[Case]) -> dict[str, datetime]:
    """When each was given to its collector, for those that a person gave."""
    rows = Entry.objects.filter(stream__in=[case.stream for case in cases], verb__in=NAMING)
    last = {stream: (verb, at) for stream, verb, at in rows.order_by("n").values_list(*NAMED)}
    return {stream: at for stream, (verb, at) in last.items() if verb in BY_HAND}


def _shift_ends(names: Collection[str], at: datetime) -> dict[str, list[datetime]]:
    since = local_date(at) - KEPT
    rows = DutyRoster.objects.filter(
        staff__username__in=names, date__gte=since, date__lte=local_date(at)
    )
    found: dict[str, list[datetime]] = {}
    for name, shift, day in rows.values_list("staff__username", "shift", "date"):
        found.setdefault(name, []).append(watch_end(shift, day))
    return found


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
