"""部件页面 views: the list with its search, what stands near a point, and one component."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from changxiao.assets import tiles
from changxiao.assets.models import Component, State
from changxiao.kernel import geo
from changxiao.kernel.mvt import Tile
from changxiao.kernel.paging import page
from changxiao.kernel.refused import Refused
from changxiao.ledger.models import Entry

NEAR_METRES, NEAR_COUNT = 200, 20
ENTRIES = 50
DEEPEST = 16


@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """部件列表: by code or name and by state, a page at a time in the order of codes."""
    words, state = request.GET.get("q", "")[:60], request.GET.get("state", "")
    rows = Component.objects.search(words).select_related("subcategory", "owner_unit", "maintainer")
    if state in State.values:
        rows = rows.filter(state=state)
    try:
        found = page(rows, order=["code"], cursor=request.GET.get("cursor", ""))
    except Refused as refused:
        raise Http404(refused.sentence) from None
    told = {"rows": found.items, "next_cursor": found.next, "q": words, "state": state}
    return render(request, "assets/components.html", told | {"states": State.choices})


@require_safe
def near(request: HttpRequest) -> HttpResponse:
    """附近部件: a partial for forms that have a point: ?lon=&lat=, WGS-84 or `crs`."""
    try:
        lon, lat = float(request.GET.get("lon", "")), float(request.GET.get("lat", ""))
        place = geo.to_wgs84(lon, lat, request.GET.get("crs", "wgs84"))
    except (ValueError, Refused):
        raise Http404 from None
    rows = Component.objects.near(place.lon, place.lat, NEAR_METRES, NEAR_COUNT)
    return render(request, "assets/_near.html", {"rows": rows.select_related("subcategory")})


@require_safe
@cache_control(private=True, max_age=60)
def tile(request: HttpRequest, z: int, x: int, y: int) -> HttpResponse:
    """部件瓦片: for a map's layer of components, close up only."""
    if not tiles.CLOSE <= z <= DEEPEST or max(x, y) >= 2**z:
        raise Http404
    drawn = tiles.tile(Tile(z, x, y))
    return HttpResponse(drawn, content_type="application/vnd.mapbox-vector-tile")


@require_safe
def component(request: HttpRequest, code: str) -> HttpResponse:
    """部件页: what it is, whose it is, and what was done to it; its cases come from above."""
    rows = Component.objects.select_related(
        "subcategory__category", "owner_unit", "maintainer", "oversight", "census"
    )
    found = rows.filter(code=code).first()
    if found is None:
        raise Http404
    entries = Entry.objects.filter(stream=found.stream).order_by("-n")[:ENTRIES]
    return render(request, "assets/component.html", {"component": found, "entries": entries})
