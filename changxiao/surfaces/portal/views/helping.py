"""边填边答: while a resident writes: is it known already, what is it called, where is that?"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from changxiao.areas import search as areas
from changxiao.areas.locate import locator
from changxiao.cases import naming
from changxiao.cases import public as cases
from changxiao.cases.flow import OPEN
from changxiao.kernel.refused import Refused
from changxiao.surfaces.portal import words, work
from changxiao.surfaces.portal.views.base import draw, public

METRES, MOST = 200, 3


@never_cache
@require_safe
@public
def like(request: HttpRequest) -> HttpResponse:
    """附近相似: released and open ones around the place, the same kind first."""
    here = words.place_of(request)
    found = []
    if here is not None:
        rows = cases.public_cases().filter(case__stage__in=OPEN)
        around = cases.near(rows, *here, METRES).order_by("-case__number")[:50]
        shown = [(cases.told(one), words.row(cases.told(one), here)) for one in around]
        kind = request.GET.get("kind", "")
        shown.sort(key=lambda one: (one[0].subcategory.key != kind, one[1].metres or 0))
        found = [row for _case, row in shown[:MOST]]
    return draw(request, "portal/_like.html", {"rows": found})


@require_safe
@public
def kinds_named(request: HttpRequest) -> HttpResponse:
    """文字所指的小类."""
    found = naming.named(request.GET.get("words", "")[:400])
    return JsonResponse({"kinds": [{"key": row.key, "words": row.label} for row in found]})


@require_safe
@public
def place(request: HttpRequest) -> HttpResponse:
    """这是哪里, by coordinates or by two written characters; a sentence beyond the city."""
    here = words.place_of(request)
    try:
        if here is not None:
            at = locator().at(*here)
            words_ = f"{at.district}{at.street}{at.community}"
            return JsonResponse({"words": words_, "lon": here[0], "lat": here[1]})
        found = areas.spots(locator(), request.GET.get("words", "")[:80], 6)
    except Refused as no:
        return JsonResponse({"words": no.sentence}, status=422)
    rows = [
        {"code": s.code, "words": f"{s.inside}{s.name}", "lon": s.lon, "lat": s.lat} for s in found
    ]
    return JsonResponse({"spots": rows})


@never_cache
@require_safe
@public
def work_asked(request: HttpRequest) -> HttpResponse:
    """新题: for a page that stood open longer than its challenge holds."""
    return JsonResponse({"work": work.challenge(timezone.now())})
