"""巡查作业: a find is held against the walks before it; what was forgotten ends with the shift."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from changxiao.cases.models import Case, Channel
from changxiao.catalog import policy
from changxiao.kernel.act import NAMESPACE, Act
from changxiao.kernel.refused import Refused
from changxiao.ledger.models import Entry
from changxiao.ledger.refusals import Replayed
from changxiao.patrols import actions, rules
from changxiao.patrols.models import MissedReport, Patrol

# Found by others than the collectors; machines and sensors see what nobody on foot can.
OTHERS = frozenset(
    {Channel.PUBLIC, Channel.HOTLINE, Channel.OPEN311, Channel.INSPECTION}
    | {Channel.MEDIA, Channel.LEADER}
)
BATCH = 200


def propose(entry: Entry) -> None:
    """拟列漏报: hears 立案, for then a criterion says that the find is in scope."""
    case = Case.everything.select_related("subcategory").get(number=entry.stream[5:])
    walk = _missed(case)
    if walk is None or MissedReport.everything.filter(case=case).exists():
        return
    _propose(case, Patrol.everything.get(pk=walk.key), entry.at)


def told_late(entry: Entry) -> bool:
    """补传的结束: only one that came late can change what a find met when it was filed."""
    return "finished_recorded_at" in entry.data["set"]


def propose_late(entry: Entry) -> None:
    """补列漏报: hears 结束巡查 that came late, and holds the finds since against it."""
    walk = Patrol.everything.get(number=entry.stream.partition(":")[2])
    hours = policy.number("missed_hours")
    if not hours or walk.finished_at is None:
        return
    rows = Case.everything.filter(
        duty_grid_code=walk.duty_grid_code,
        channel__in=OTHERS,
        filed_at__isnull=False,
        reported_at__gte=walk.finished_at,
        reported_at__lte=walk.finished_at + timedelta(hours=hours),
    )
    known = MissedReport.everything.filter(case__in=rows).values_list("case", flat=True)
    for case in rows.exclude(pk__in=list(known)).select_related("subcategory")[:BATCH]:
        found = _missed(case)
        if found is not None and found.key == walk.pk:
            _propose(case, walk, entry.at)


def _propose(case: Case, patrol: Patrol, at: datetime) -> None:
    key = str(uuid.uuid5(NAMESPACE, f"missed/{case.number}"))
    actions.propose_missed(case, patrol=patrol, act=Act.system("missed", key, at=at))


def _missed(case: Case) -> rules.Walk | None:
    hours = policy.number("missed_hours")
    kinds = rules.kinds_of(policy.text("missed_kinds"))
    if not hours or not rules.must_find(case.subcategory.key, kinds):
        return None
    if case.channel not in OTHERS or not case.duty_grid_code:
        return None
    within = timedelta(hours=hours)
    rows = Patrol.everything.filter(
        duty_grid_code=case.duty_grid_code,
        finished_at__lte=case.reported_at,
        finished_at__gte=case.reported_at - within,
    )
    return rules.missed_by([_walk(row) for row in rows], case.reported_at, within)


def _walk(row: Patrol) -> rules.Walk:
    own = row.ended == Patrol.Ended.SELF
    return rules.Walk(row.pk, row.collector, row.started_at, row.finished_at, row.shift_end_at, own)


def end_forgotten(now: datetime) -> int:
    """到点自动结束: each walk whose shift is over; tells how many."""
    rows = Patrol.everything.filter(finished_at=None, shift_end_at__lte=now)
    return sum(_ended(row, now) for row in rows.order_by("shift_end_at", "id")[:BATCH])


def _ended(row: Patrol, now: datetime) -> int:
    key = str(uuid.uuid5(NAMESPACE, f"shift/{row.number}"))
    try:
        actions.finish_patrol(row, act=Act.system("shift", key, at=now), by_shift=True)
    except (Refused, Replayed):  # the collector was faster
        return 0
    return 1
