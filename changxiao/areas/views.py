"""地域页面: tiles of the ground for maps, and the answer to "what place is this?"."""

from __future__ import annotations

import math
from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from changxiao.areas import tiles
from changxiao.areas.locate import Place, locator
from changxiao.kernel.geo import to_wgs84
from changxiao.kernel.mvt import Tile
from changxiao.kernel.refused import Refused

YEAR = 31_536_000


@login_not_required  # the ground is no secret, and residents pick a place on it
@require_safe
@cache_control(private=True, immutable=True, max_age=YEAR)
def tile(request: HttpRequest, edition: str, z: int, x: int, y: int) -> HttpResponse:
    """底图瓦片: `edition` is in the address so that browsers may keep a tile for good."""
    if z > tiles.DEEPEST or max(x, y) >= 2**z:
        raise Http404
    drawn = tiles.sheets(locator()).tile(Tile(z, x, y))
    if not drawn:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    answer = HttpResponse(drawn, content_type="application/vnd.mapbox-vector-tile")
    answer["Content-Encoding"] = "gzip"
    return answer


@login_not_required
@require_safe
@cache_control(private=True, immutable=True, max_age=YEAR)
def first(request: HttpRequest, edition: str) -> HttpResponse:
    """首图: districts and streets of the city, for the picture that is there before the map."""
    answer = HttpResponse(tiles.sheets(locator()).first, content_type="application/json")
    answer["Content-Encoding"] = "gzip"
    return answer


@require_safe
def at(request: HttpRequest) -> JsonResponse:
    """这是哪里: `?lon=&lat=&crs=` → the point in WGS-84 and its place in words; 422 with a
    sentence for a point outside the city, which says how far outside."""
    try:
        lon, lat = (float(request.GET.get(name, "")) for name in ("lon", "lat"))
        if not (math.isfinite(lon) and math.isfinite(lat)):
            raise ValueError
    except ValueError:
        return JsonResponse({"words": _("经纬度须是数字")}, status=422)
    try:
        point = to_wgs84(lon, lat, request.GET.get("crs", "wgs84"))
        told = {"lon": round(point.lon, 6), "lat": round(point.lat, 6)}
    except Refused as no:
        return JsonResponse({"words": no.sentence}, status=422)
    try:
        place = locator().at(*point)
    except Refused as no:
        return JsonResponse(told | {"words": no.sentence}, status=422)
    return JsonResponse(told | {"words": said(place), "unit_grid": place.unit_grid})


def said(place: Place) -> str:
    """地名与网格: as a person at the desk reads it."""
    names = f"{place.district}{place.street}{place.community}"
    if not place.unit_grid:
        return _("%(names)s（此处未划单元网格）") % {"names": names}
    told = {"names": names, "unit": place.unit_grid, "duty": place.duty_grid}
    return _("%(names)s · 单元网格 %(unit)s · 责任网格 %(duty)s") % told
