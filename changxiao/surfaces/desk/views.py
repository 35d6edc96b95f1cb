"""首页: what waits for my posts, each number a link to the cases behind it."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from changxiao.cases import ringing
from changxiao.cases.flow import CLERKS, RELEASERS
from changxiao.cases.showing import listing
from changxiao.evaluation.gaps.waiting import waiting as gaps_waiting
from changxiao.kernel import scope
from changxiao.notices.models_hooks import Webhook
from changxiao.orgs.rules import LEADING
from changxiao.patrols.access import OPENS
from changxiao.surfaces.desk import todo
from changxiao.surfaces.desk.menu import MENU, SETTERS, SETTINGS
from changxiao.ui.htmx import is_htmx


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """首页: administrators, who decide no case, get links only."""
    posts: list[str] = request.posts  # type: ignore[attr-defined]
    now = timezone.now()
    rows = todo.waiting(posts, now)
    told = {
        "rows": rows,
        "stages": ",".join(row.stage for row in rows),
        "late": sum(row.late for row in rows),
        "today": sum(row.today for row in rows),
        "count": sum(row.count for row in rows),
        "places": [place for place in MENU[1:] if place.posts & set(posts)],
        "callbacks": ringing.waiting(now) if CLERKS & set(posts) else (0, 0),
        "walks": bool(OPENS & set(posts)),
        "leads": bool(LEADING & set(posts)),
        "hooks": Webhook.objects.paused() if SETTERS & set(posts) else [],
        "gaps": gaps_waiting(scope.current(), now),
        "now": now,
    }
    if RELEASERS & set(posts):
        told["photos"] = listing.waiting()
    counts = is_htmx(request) and bool(rows or told["gaps"])
    return render(request, "desk/_todo.html" if counts else "desk/home.html", told)


@require_safe
def settings(request: HttpRequest) -> HttpResponse:
    """设置: all that a city edits itself, in groups, for those who may."""
    held = frozenset(request.posts)  # type: ignore[attr-defined]
    if not held & SETTERS:
        raise PermissionDenied
    groups = [
        (group.title, rows)
        for group in SETTINGS
        if (rows := [(place, words) for place, words in group.places if place.posts & held])
    ]
    return render(request, "desk/settings.html", {"groups": groups})
