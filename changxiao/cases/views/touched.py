"""涉及案卷: how many cases an edit of the catalogue leaves alone and how many it will be for.

Fragments that a preview loads: the catalogue stands below the cases and knows none.
"""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from changxiao.cases import collectors
from changxiao.cases.flow import ENDS, TASKS
from changxiao.cases.models import Case
from changxiao.catalog.actions.base import EDITORS
from changxiao.ledger.edits import for_posts

LOOKED_BACK = timedelta(days=30)


@require_safe
@for_posts(EDITORS)
def touched(request: HttpRequest) -> HttpResponse:
    """涉及案卷: counts only; an administrator reads no case."""
    rows = Case.everything.filter(criterion__code=request.GET.get("criterion", "")[:24])
    told = {
        "running": rows.exclude(stage__in=ENDS).count(),
        "lately": rows.filter(filed_at__gte=timezone.now() - LOOKED_BACK).count(),
        "days": LOOKED_BACK.days,
    }
    return render(request, "cases/_touched.html", told)


@require_safe
@for_posts(EDITORS)
def watch_touched(request: HttpRequest) -> HttpResponse:
    """白班时间涉及的任务: who is on shift now, and the tasks that change hands with the shift."""
    told = {
        "present": len({one.username for one in collectors.on_shift(timezone.now())}),
        "tasks": Case.everything.filter(stage__in=TASKS).exclude(checker="").count(),
    }
    return render(request, "cases/_watch_touched.html", told)
