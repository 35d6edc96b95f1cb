"""外业页面 pages: the shell that a phone keeps, its service worker and manifest, what it asks for.

The shell holds nothing of anybody and opens without a session: a collector whose session has ended
in a basement still sees, and goes on filling, the queue. What is personal comes by `today`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from changxiao.cases import listing, on_spot, subjects
from changxiao.cases.flow import CHECKED, DEFAULT, TASKS, Stage
from changxiao.cases.models import Case, CasePhoto
from changxiao.cases.models_recheck import Recheck
from changxiao.cases.views.queue import Row, rows_of
from changxiao.catalog import questions
from changxiao.kernel import scope
from changxiao.kernel.day import local_time
from changxiao.orgs.middleware import KIND
from changxiao.orgs.names import area_name
from changxiao.orgs.posts import Post
from changxiao.surfaces.field import walking
from changxiao.surfaces.field.sync import door, zipped

MOST = 60
ON_SPOT = "handle_on_spot"
MODULES = (
    *("field", "store", "item", "queue", "mine", "report", "place", "today"),
    *("ground", "map", "view", "paint", "recorder", "subjects", "walk"),
)
FILES = (
    "vendor/tabler-core/tabler.min.css",
    *("ui/tokens.css", "ui/house.css", "field/field.css"),
    *("ui/theme.js", "vendor/icons.svg", "ui/mark.svg"),
    *(f"field/{name}.js" for name in MODULES),
    "catalog/asked.js",
)
ANSWERS = {
    Stage.CONFIRMING: (CasePhoto.Role.CONFIRM, ("confirm", "refute", "handle_on_spot")),
    Stage.HANDLED: (CasePhoto.Role.VERIFY, ("verify", "rework")),
}


@login_not_required
@require_safe
def shell(request: HttpRequest) -> HttpResponse:
    """外业: one page with its four places; the same for everybody."""
    return render(request, "field/field.html", {"language": get_language()})


@login_not_required
@never_cache
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """离线工作者: its version is that of all it keeps, so that a changed file is a new version."""
    files = [static(name) for name in FILES]
    about = {"shell": reverse("field"), "files": files, "version": _version(get_language() or "")}
    text = f'self.CX = {json.dumps(about)};\nimportScripts("{static("field/worker.js")}");\n'
    return HttpResponse(text, content_type="text/javascript; charset=utf-8")


@cache
def _version(language: str) -> str:
    told = [static(name) for name in (*FILES, "field/worker.js")]
    page = render_to_string("field/field.html", {"language": language})
    return hashlib.sha256(json.dumps([told, page]).encode()).hexdigest()[:16]


@login_not_required
@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """应用清单: what makes the page an app on the phone's first screen."""
    icons = [{"src": static("ui/mark.svg"), "sizes": "any", "type": "image/svg+xml"}]
    told = {
        "name": _("长效外业"),
        "short_name": _("外业"),
        "start_url": reverse("field"),
        "scope": reverse("field"),
        "display": "standalone",
        "background_color": "#f5f6f8",
        "theme_color": "#2563eb",
        "icons": icons,
    }
    return JsonResponse(told, content_type="application/manifest+json")


@door
@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """今天: one's grids, tasks by time left, and the criteria to report by; to be kept offline."""
    viewer = scope.current()
    if viewer.posts() == {Post.COLLECTOR}:
        # Whoever only walks the street has a phone's session: twelve hours idle, seven days.
        request.session[KIND] = "field"
    now = timezone.now()
    told = {
        "grids": _grids(viewer),
        "tasks": [*_tasks(viewer, now), *_rechecks(viewer, now)],
        "subjects": _subjects(),
        "questions": questions.definitions(),
        "walk": walking.today(viewer),
        "on_spot": {"kinds": on_spot.kinds(), "left": on_spot.left(viewer.name, now)},
    }
    return zipped(told)


def _grids(viewer: scope.Viewer) -> list[str]:
    codes = {grant.area for grant in viewer.grants if grant.post == Post.COLLECTOR}
    return [_("全市")] if "" in codes else [area_name(code) for code in sorted(codes)]


def _tasks(viewer: scope.Viewer, now: datetime) -> list[dict[str, Any]]:
    rows = Case.objects.select_related(*listing.SHOWN).filter(checker=viewer.name, stage__in=TASKS)
    found = rows_of(list(rows.order_by(*listing.BY_QUEUE)[:MOST]), now)
    return [_task(row, viewer) for row in found]


def _rechecks(viewer: scope.Viewer, now: datetime) -> list[dict[str, Any]]:
    """抽查: what the lot gave him, to be looked at again; a photo must show it."""
    drawn = Recheck.objects.filter(state=Recheck.State.OPEN, collector=viewer.name)
    open_now = list(drawn.filter(case__stage__in=CHECKED).order_by("due_at", "id")[:MOST])
    due = {one.case_id: one.due_at for one in open_now}
    cases = Case.objects.select_related(*listing.SHOWN).filter(pk__in=due)
    found = []
    for row in rows_of(list(cases), now):
        limit = due[row.case.pk]
        late = limit is not None and limit < now
        words = _("超期，应在 %(at)s 前") if late else _("%(at)s 前")
        told = _told(row, CasePhoto.Role.VERIFY, ("recheck", "dispute_check"))
        told["kind"] = _("抽查")
        told["due"] = words % {"at": f"{local_time(limit):%m-%d %H:%M}"} if limit else ""
        found.append(told | {"standing": "overdue" if late else "on-track", "must": True})
    return found


def _task(row: Row, viewer: scope.Viewer) -> dict[str, Any]:
    role, steps = ANSWERS[Stage(row.case.stage)]
    if ON_SPOT in steps and not on_spot.offered(row.case, viewer.name):
        steps = tuple(step for step in steps if step != ON_SPOT)
    return _told(row, role, steps)


def _told(row: Row, role: CasePhoto.Role, steps: Sequence[str]) -> dict[str, Any]:
    case = row.case
    return {
        "number": case.number,
        "n": case.n,
        "kind": case.get_stage_display(),
        "title": case.subcategory.label,
        "address": row.where,
        "lon": case.lon,
        "lat": case.lat,
        "due": row.standing.words if row.standing else "",
        "standing": row.standing.state.value if row.standing else "",
        "role": role.value,
        "answers": [[verb, str(DEFAULT.step(verb).title)] for verb in steps],
    }


def _subjects() -> list[dict[str, str]]:
    return [
        {
            "id": f"{one.subcategory.key}/{one.criterion.code if one.criterion else ''}",
            "subcategory": one.subcategory.key,
            "criterion": one.criterion.code if one.criterion else "",
            "name": one.subcategory.label,
            "condition": one.criterion.condition if one.criterion else "",
            "text": f"{one.subcategory.name} {one.subcategory.name_en} {one.subcategory.code}"
            f" {one.criterion.condition if one.criterion else ''}",
        }
        for one in subjects.everything()
    ]
