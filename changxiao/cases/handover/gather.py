"""交接内容: what the next shift must know, read within the current viewer's reach.

Open: what is late at this desk. Promised: residents to be answered, requests to be decided,
suspensions that end within the next shift, orders without an answer. Odd: what was refused, sent
back, joined, voided or force-closed in this shift, flags of evidence that nobody has decided, and
entries set aside. Names and phones stay out.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat

from changxiao.cases import flow, listing, places, rules
from changxiao.cases.access import SEES_FLAGS
from changxiao.cases.actions.base import flow_in_force
from changxiao.cases.flow import OPEN, Stage
from changxiao.cases.models import Case, CaseRequest, SupervisionOrder
from changxiao.cases.models_evidence import EvidenceFlag
from changxiao.ledger.models import Entry, Parked

SHIFT = timedelta(hours=12)
MOST = 50  # rows of a part; its count is always whole
# Steps anybody may take at any time wait for nobody at a change of shift.
ASIDE = frozenset(
    {"nudge", "call_again", "add_photo", "supervise", "unmask", "void", "force_close"}
)
WEIGHS = "flag"  # a part only of the desks that weigh evidence


def gather(post: str, since: datetime, now: datetime) -> dict[str, Any]:
    """交接内容 of a desk at `now`: JSON that stays readable when the cases have moved on."""
    desk = stages_of(post)
    parts = {
        name: _part(rows.filter(condition).order_by(*order))
        for name, rows, condition, order in _asked(desk, since, now)
        if name != WEIGHS or post in SEES_FLAGS
    }
    return {
        "stages": _stages(now),
        "desk": sorted(desk),
        "parts": parts,
        "parked": Parked.objects.count(),
    }


def stages_of(post: str) -> frozenset[str]:
    """本席环节: where the post has a step of its own to take."""
    table = flow_in_force()
    return frozenset(
        stage.value
        for stage in OPEN
        if any(step.verb not in ASIDE for step in table.open_to(stage, [post]))
    )


def _asked(
    desk: frozenset[str], since: datetime, now: datetime
) -> Iterator[tuple[str, QuerySet[Case], Q, tuple[str, ...]]]:
    rows = Case.objects.select_related("subcategory", "unit")
    soon = now + SHIFT
    requests = CaseRequest.objects.filter(case=OuterRef("pk"))
    waiting = requests.filter(state__in=(CaseRequest.State.PENDING, CaseRequest.State.ENDORSED))
    refused = requests.filter(state=CaseRequest.State.REFUSED, decided_at__gte=since)
    orders = SupervisionOrder.objects.filter(case=OuterRef("pk"), answered_at=None)
    ends = Q(stage__in=(Stage.DECLINED, Stage.VOIDED)) | Q(stage=Stage.CLOSED, forced=True)
    yield "late", rows, Q(stage__in=desk) & listing.late(now), ("due_at", "id")
    yield "answer", rows, Q(stage=Stage.VERIFIED) & ~Q(reporter=""), ("due_at", "id")
    yield "request", rows, Q(Exists(waiting)), ("due_at", "id")
    ending = Q(stage=Stage.SUSPENDED, suspended_until__lte=soon)
    yield "ending", rows, ending, ("suspended_until", "id")
    yield "order", rows, Q(stage__in=OPEN) & Q(Exists(orders)), ("due_at", "id")
    yield "refused", rows, Q(Exists(refused)), ("id",)
    yield "rework", rows, Q(rework_count__gt=0) & Q(Exists(_entries("rework", since))), ("id",)
    joined = Q(stage=Stage.JOINED, ended_at__gte=since)
    yield "joined", rows, joined, ("ended_at", "id")
    flags = EvidenceFlag.objects.filter(case=OuterRef("pk"), state=EvidenceFlag.State.OPEN)
    yield WEIGHS, rows, Q(Exists(flags)), ("id",)
    yield "exceptional", rows, ends & Q(ended_at__gte=since), ("ended_at", "id")


def _entries(verb: str, since: datetime) -> QuerySet[Entry]:
    stream = Concat(Value("case:"), OuterRef("number"))
    return Entry.objects.filter(stream=stream, verb=verb, at__gte=since).order_by()


def _stages(now: datetime) -> list[dict[str, Any]]:
    late = Count("pk", filter=listing.late(now))
    rows = Case.objects.filter(stage__in=OPEN).order_by().values("stage")
    counted = {row["stage"]: row for row in rows.annotate(count=Count("pk"), late=late)}
    return [dict(counted[s.value]) for s in flow.Stage if s.value in counted]


def _part(rows: QuerySet[Case]) -> dict[str, Any]:
    return {"count": rows.count(), "rows": [_line(case) for case in rows[:MOST]]}


def _line(case: Case) -> dict[str, str]:
    due = case.suspended_until if case.stage == Stage.SUSPENDED else case.due_at
    return {
        "number": case.number,
        "stage": case.stage,
        "what": case.subcategory.name,
        "where": rules.masked(case.address) or places.of_case(case),
        "unit": case.unit.name if case.unit else "",
        "due": due.isoformat() if due else "",
    }
