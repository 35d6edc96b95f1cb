"""附近: what was released, as a list first and on a map when somebody asks for it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from changxiao.cases import public as cases
from changxiao.cases.flow import ENDS
from changxiao.cases.showing import public as showing
from changxiao.surfaces.portal import words
from changxiao.surfaces.portal.views.base import draw, public

PAGE, MOST_POINTS = 20, 1000


@require_safe
@public
def near(request: HttpRequest) -> HttpResponse:
    """附近清单: the newest first, or around a place; paged by the last one's time and number."""
    rows = cases.public_cases()
    here = words.place_of(request)
    if here is not None:
        rows = cases.near(rows, *here, 2000)
    after = request.GET.get("before", "")
    if words.is_cursor(after):
        rows = rows.filter(case__number__lt=after)
    found = list(rows.order_by("-case__number")[: PAGE + 1])
    told = {
        "rows": [words.row(one) for one in showing.told(found[:PAGE])],
        "more": found[PAGE - 1].case.number if len(found) > PAGE else "",
        "here": here,
        "first": not after,
    }
    return draw(request, "portal/near.html", told)


@require_safe
@public
def points(request: HttpRequest) -> HttpResponse:
    """地图点: GeoJSON of what has a public place, the newest thousand."""
    rows = cases.public_cases().order_by("-case__number")[:MOST_POINTS]
    shown = [cases.told(one) for one in rows]
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [one.lon, one.lat]},
            "properties": {"title": one.subcategory.label, "over": one.stage in ENDS},
        }
        for one in shown
        if one.lon is not None
    ]
    return JsonResponse({"type": "FeatureCollection", "features": features})
