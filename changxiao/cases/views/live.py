"""即时更新入场票: a page asks for one before it listens, with its session, for its own person."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from changxiao.cases import live
from changxiao.orgs.models import Staff


@never_cache
@require_safe
def ticket(request: HttpRequest) -> JsonResponse:
    """入场票 and the address it is good for; 404 where this city has no live updates."""
    staff = request.user
    if not settings.LIVE_URL or not isinstance(staff, Staff):
        raise Http404
    return JsonResponse({"url": settings.LIVE_URL, "ticket": live.ticket(staff)})
