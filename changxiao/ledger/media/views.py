"""照片页面 views: the cleaned picture, and only it, to whoever may see its case."""

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_http_methods, require_safe

from changxiao.kernel import scope
from changxiao.kernel.refused import Refused
from changxiao.ledger.media import gates, receiving
from changxiao.ledger.media.models import Photo

# The address is the hash of the content, so what it names never changes.
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cache-Control": "private, max-age=31536000, immutable",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@login_not_required  # because a stranger gets the same 404, not a way to the sign-in page
@require_safe
def photo(request: HttpRequest, sha256: str) -> FileResponse:
    """看照片: 404 for what is not there, and the same for what this viewer may not see."""
    size = request.GET.get("size", "")
    if not request.user.is_authenticated or size not in {"", "thumb"}:
        raise Http404
    viewer = scope.current()
    # Two originals that differ only in metadata have one rendition; either's case is good enough.
    for row in Photo.objects.filter(rendition_sha256=sha256)[:20]:
        if gates.may_see(viewer, row):
            file = row.file(thumbnail=size == "thumb").open("rb")
            # A name of its own: the file's would tell the hash of the original.
            return FileResponse(
                file, content_type="image/jpeg", filename=f"{sha256[:12]}.jpg", headers=HEADERS
            )
    raise Http404


@require_http_methods(["PUT"])
def upload(request: HttpRequest, sha256: str) -> HttpResponse:
    """上传照片 from a page, with its session and its CSRF token: the body is the file itself."""
    try:
        photo = receiving.receive(request, sha256, actor=scope.current().name)
    except Refused as no:
        return JsonResponse({"code": no.code, "sentence": no.sentence}, status=409)
    return JsonResponse({"sha256": photo.sha256})
