"""案卷地图页: the list's filters over the city, and the cases in view as rows beside it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from changxiao.cases import listing, live, points
from changxiao.cases.flow import OPEN
from changxiao.cases.forms import filters
from changxiao.cases.points import Mark
from changxiao.cases.views.queue import rows_of
from changxiao.kernel.refused import Refused

SHOWN = 20
# Which rows of the list a mark's number opens, as far as the list's own filters can say it.
BEHIND = {Mark.OVERDUE: "overdue=1", Mark.TODAY: "due=today", Mark.ON_TRACK: "overdue=0"}


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """案卷地图页; without script the first rows as filtered, as in the list."""
    now = timezone.now()
    told: dict[str, Any] = {"form": filters.FilterForm(request.GET), "now": now}
    told["after"] = live.top()  # asked before the rows: what comes between is told and not lost
    told["q"] = request.GET.get("q", "").strip()
    try:
        rows = listing.filtered(_wanted(request), at=now).filter(filters.search(told["q"]))
        told["rows"] = rows_of(list(rows.order_by(*listing.BY_QUEUE)[:SHOWN]), now)
    except Refused as no:
        told["refusal"] = no.sentence
    told["marks"] = [_legend(mark) for mark in reversed(Mark)]
    return render(request, "cases/map.html", told, status=400 if "refusal" in told else 200)


@never_cache
@require_safe
def packed(request: HttpRequest) -> HttpResponse:
    """点集 of the filtered cases; columns as `cases.points` lays them."""
    try:
        asked = _wanted(request)
        found = points.points(asked, request.GET.get("q", "").strip(), timezone.now())
    except Refused as no:
        return HttpResponse(no.sentence, status=400)
    answer = HttpResponse(found.packed, content_type="application/octet-stream")
    answer["Content-Encoding"] = "gzip"
    answer["X-Count"] = str(found.total)
    answer["X-Cut"] = str(int(found.cut))
    return answer


@never_cache
@require_safe
def rows(request: HttpRequest) -> HttpResponse:
    """在图中的案卷: those of `number=a,b,…` within reach, by time left."""
    numbers = request.GET.get("number", "").split(",")[:SHOWN]
    now = timezone.now()
    found = listing.filtered({}, at=now).filter(number__in=numbers).order_by(*listing.BY_QUEUE)
    return render(request, "cases/_map_rows.html", {"rows": rows_of(list(found), now), "now": now})


def _wanted(request: HttpRequest) -> dict[str, str]:
    """Without a stage the open ones: what is done stands on the map only when asked for."""
    asked = filters.wanted(request.GET)
    return asked if asked.get("stage") else asked | {"stage": ",".join(sorted(OPEN))}


def _legend(mark: Mark) -> dict[str, Any]:
    name = mark.name.lower().replace("_", "-")
    return {"value": mark.value, "name": name, "label": mark.label, "behind": BEHIND.get(mark, "")}
