"""照片页面 views: the cleaned picture, the paper to keep or the clip to play, to whoever may see
its case."""

import re

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_http_methods, require_safe

from changxiao.kernel import scope
from changxiao.kernel.refused import Refused
from changxiao.ledger.media import files, gates, receiving, recording, vault
from changxiao.ledger.media.models import Photo
from changxiao.ledger.media.pdf import PDF

_RANGE = re.compile(r"bytes=(\d{0,12})-(\d{0,12})")
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


@login_not_required
@require_safe
def document(request: HttpRequest, sha256: str, kind: str = PDF) -> HttpResponse:
    """取材料: a PDF or an xlsx to keep, never to show in a page of ours; 404 like a photo."""
    row = Photo.objects.filter(sha256=sha256, type=kind).first()
    signed_in = request.user.is_authenticated
    if row is None or not signed_in or not gates.may_see(scope.current(), row):
        raise Http404
    try:
        data = vault.unseal(files.original_path(row.sha256).read_bytes(), row.sha256)
    except Refused as no:
        return HttpResponse(no.sentence, status=410, content_type="text/plain; charset=utf-8")
    # Without a name, so that the page's own one is taken; and no copy of what names people.
    kept = {"Content-Disposition": "attachment", "Cache-Control": "private, no-store"}
    return HttpResponse(data, content_type=kind, headers=HEADERS | kept)


@login_not_required
@require_safe
def clip(request: HttpRequest, sha256: str) -> HttpResponse:
    """放录音录像: the whole or the one stretch that a player asks for (RFC 9110 §14); 404 like a
    photo. Kept by no cache: somebody speaks on it."""
    row = Photo.objects.filter(sha256=sha256, type__in=recording.EXTENSIONS).first()
    signed_in = request.user.is_authenticated
    if row is None or not signed_in or not gates.may_see(scope.current(), row):
        raise Http404
    try:
        data = vault.unseal(files.original_path(row.sha256).read_bytes(), row.sha256)
    except Refused as no:
        return HttpResponse(no.sentence, status=410, content_type="text/plain; charset=utf-8")
    answer = _stretch(request.headers.get("Range", ""), data, row.type)
    told = {"Accept-Ranges": "bytes", "Cache-Control": "private, no-store"}
    for header, value in (HEADERS | told).items():
        answer[header] = value
    name = f"{sha256[:12]}.{recording.EXTENSIONS[row.type]}"
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    return answer


def _stretch(asked: str, data: bytes, kind: str) -> HttpResponse:
    found = _RANGE.fullmatch(asked)
    if found is None or found[0] == "bytes=-":
        return HttpResponse(data, content_type=kind)
    first, last = found[1], found[2]
    start = int(first) if first else max(0, len(data) - int(last))
    end = min(int(last), len(data) - 1) if first and last else len(data) - 1
    if start > end:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{len(data)}"})
    told = {"Content-Range": f"bytes {start}-{end}/{len(data)}"}
    return HttpResponse(data[start : end + 1], status=206, content_type=kind, headers=told)


@require_http_methods(["PUT"])
def upload(request: HttpRequest, sha256: str) -> HttpResponse:
    """上传照片 from a page, with its session and its CSRF token: the body is the file itself."""
    try:
        photo = receiving.receive(request, sha256, actor=scope.current().name)
    except Refused as no:
        return JsonResponse({"code": no.code, "sentence": no.sentence}, status=409)
    return JsonResponse({"sha256": photo.sha256})
