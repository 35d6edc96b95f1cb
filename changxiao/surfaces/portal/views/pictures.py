"""公开照片: the one address of a released picture, for the portal, Open311 and whoever links it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from changxiao.cases.showing import public as showing
from changxiao.surfaces.portal.views.base import public

HEADERS = {
    # Kept, but asked about each time: what was taken back is gone at the next look.
    "Cache-Control": "public, no-cache",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Robots-Tag": "noindex",
}


@require_safe
@public
def picture(request: HttpRequest, sha256: str) -> HttpResponse:
    """公开照片: while it is released and its case public; else the 404 of what never was."""
    size = request.GET.get("size", "")
    path = showing.file_of(sha256, thumbnail=size == "thumb") if size in {"", "thumb"} else None
    if path is None:
        raise Http404
    etag = f'"{sha256[:32]}{size}"'
    headers = HEADERS | {"ETag": etag}
    known = get_conditional_response(request, etag=etag, response=HttpResponse(headers=headers))
    if known is not None and known.status_code == 304:
        return HttpResponse(status=304, headers=headers)
    return HttpResponse(path.read_bytes(), content_type="image/jpeg", headers=headers)
