"""调阅原图: the untouched original of one photo, to who may, after the reason was written down.

The case page shows renditions: smaller, without place, time and device. Whoever needs more says
why, and each look is an entry of the photo (`open_original`; reliability.md P12).
"""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from changxiao.cases import access
from changxiao.cases.views.case import found
from changxiao.kernel import scope
from changxiao.kernel.act import Act, new_key
from changxiao.kernel.api import digest_of
from changxiao.kernel.refused import Refused
from changxiao.ledger.media import actions as media
from changxiao.ledger.media.models import Photo
from changxiao.ledger.refusals import Replayed

SUFFIX = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def original(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """调阅原图: GET asks for the reason, POST hands the file out once."""
    case = found(number)
    photo = Photo.objects.filter(pk=pk, pk__in=case.photos.values("photo")).first()
    posts = [p for p in access.acting_posts(scope.current(), case) if p in media.MAY_OPEN]
    if photo is None or not photo.is_picture or not access.may_see_photo(scope.current(), photo):
        raise Http404
    if not posts:
        raise PermissionDenied
    told = {"case": case, "photo": photo, "key": new_key(), "reason": ""}
    if request.method == "POST":
        reason = request.POST.get("reason", "")
        told |= {"key": request.POST.get("key") or new_key(), "reason": reason}
        wish = str(getattr(request, "acting_post", ""))
        post = wish if wish in posts else posts[0]
        digest = digest_of(request, [reason])
        act = Act(actor=scope.current().name, post=post, key=str(told["key"]), digest=digest)
        try:
            data = media.open_original(photo, act, reason)
        except Replayed:
            told |= {"key": new_key(), "refusal": _("这次调阅已经取出过；再取一次请重新提交")}
        except Refused as no:
            told["refusal"] = no.sentence
        else:
            return _file(data, photo, f"{case.number}-{photo.sha256[:8]}")
    status = 422 if "refusal" in told else 200
    return render(request, "showing/original.html", told, status=status)


def _file(data: bytes, photo: Photo, name: str) -> HttpResponse:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.{SUFFIX[photo.type]}"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(data, content_type=photo.type, headers=headers)
