"""等着办的差距任务: what the home page of whoever answers, and of the office, counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from changxiao.evaluation.access import own_gaps
from changxiao.evaluation.flow import OFFICE, RANKED
from changxiao.evaluation.gaps.flow import GapState
from changxiao.evaluation.models_gaps import GapTask
from changxiao.kernel.scope import Viewer

CONCERNED = RANKED | OFFICE


@dataclass(frozen=True, slots=True)
class Waiting:
    """等着的: how many to answer, how many of them late, how many to accept."""

    answer: int = 0
    late: int = 0
    judge: int = 0

    def __bool__(self) -> bool:
        return bool(self.answer or self.judge)


def waiting(viewer: Viewer, now: datetime) -> Waiting:
    """等着本人的; nothing is asked for posts that have no part in it."""
    answer = late = judge = 0
    if viewer.holds(*RANKED):
        rows = GapTask.objects.filter(own_gaps(viewer), state=GapState.OPEN).order_by()
        late_ones = Count("pk", filter=Q(due_at__lt=now))
        found = rows.aggregate(every=Count("pk"), late=late_ones)
        answer, late = found["every"], found["late"]
    if viewer.holds(*OFFICE):
        judge = GapTask.objects.filter(state=GapState.ANSWERED).count()
    return Waiting(answer, late, judge)
