"""时限提醒: near and past, exactly once a case and a running limit.

When a limit is near is worked out once for each due time (working hours, the city's share) and kept
as a column; the sweep is then one question. A limit that moves is worked out anew, one that stands
or has ended reminds nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import F, Q

from changxiao.cases import deadlines
from changxiao.cases.flow import Stage
from changxiao.cases.models import Case
from changxiao.catalog import policy, timetable
from changxiao.kernel.transactions import writing
from changxiao.notices import outbox
from changxiao.notices.audience import Asked, Directory
from changxiao.notices.jobs import about
from changxiao.notices.models import DeadlineWatch
from changxiao.notices.outbox import Draft
from changxiao.notices.whats import OVERDUE, WARNING, WHATS

WATCHED = (Stage.CONFIRMING, Stage.DISPATCHED, Stage.HANDLED)
LATE = timedelta(hours=1)  # what was overdue longer when we first saw it is no news
MOST = 500


def sweep(now: datetime) -> int:
    """清扫: work out what moved, then tell what has come; how many messages there were."""
    _work_out(now)
    rows = list(
        DeadlineWatch.objects.filter(next_at__lte=now)
        .select_related("case__unit")
        .order_by("next_at")[:MOST]
    )
    people = Directory(now)
    drafts = [draft for row in rows for draft in _told(row, people, now)]
    if not rows:
        return 0
    with writing():
        made = outbox.put(drafts, now)
        for row in rows:
            row.next_at = row.due_at if _is_warning(row, now) else None
        DeadlineWatch.objects.bulk_update(rows, ["next_at"], batch_size=200)
    return made


def _work_out(now: datetime) -> None:
    # Rows and not entries: whatever moved a limit, an emergency's pause too, is found the same way.
    moved = (
        Case.everything.filter(stage__in=WATCHED, due_at__isnull=False)
        .filter(Q(deadline_watch=None) | ~Q(deadline_watch__due_at=F("due_at")))
        .order_by("due_at")[:MOST]
    )
    rows = [_watch(case, now) for case in moved]
    if not rows:
        return
    with writing():
        DeadlineWatch.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["case"],
            update_fields=["due_at", "warn_at", "next_at"],
            batch_size=200,
        )


def _watch(case: Case, now: datetime) -> DeadlineWatch:
    assert case.due_at is not None
    warn_at = warning_of(case)
    next_at: datetime | None = case.due_at
    if case.due_at <= now - LATE:
        next_at = None
    elif warn_at is not None and now < case.due_at:
        next_at = warn_at
    return DeadlineWatch(case=case, due_at=case.due_at, warn_at=warn_at, next_at=next_at)


def warning_of(case: Case) -> datetime | None:
    """预警时间: when the city's share of the running limit is used, on the limit's own time."""
    kept = deadlines.current(case)
    share = policy.value("warning_share")
    if kept is None or kept.run.since is None or not isinstance(share, Decimal):
        return None
    calendar = timetable.calendar_for(kept.kind)
    limit = max(calendar.seconds(kept.limit) * (1 + kept.run.granted), kept.run.left)
    more = max(0, kept.run.left - int(limit * (1 - share)))
    return calendar.due_after(kept.run.since, more, kept.run.unit)


def _is_warning(row: DeadlineWatch, now: datetime) -> bool:
    return now < row.due_at


def _told(row: DeadlineWatch, people: Directory, now: datetime) -> Iterator[Draft]:
    case = row.case
    if case.stage not in WATCHED or case.due_at != row.due_at:
        return
    what = WHATS[WARNING if _is_warning(row, now) else OVERDUE]
    told = f"{case.number}/{row.due_at.isoformat()}/{what.key}"
    yield from about(what, Asked(case, people), now, told)
