"""消息页: one's own messages, the newest first; the bell's figure; marks of what was read."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from changxiao.kernel import paging
from changxiao.kernel.refused import Refused
from changxiao.notices.models import Notice
from changxiao.notices.whats import WHATS, Kind

SIZE = 30
MOST_COUNTED = 100  # "99+" is what a bell can say


@never_cache
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """消息: search, kind, unread only; a page at a time."""
    told = {name: request.GET.get(name, "")[:60] for name in ("q", "kind", "unread")}
    try:
        cursor = request.GET.get("cursor", "")
        page = paging.page(_asked(told), order=["-id"], cursor=cursor, size=SIZE)
    except Refused as no:
        raise Http404(no.sentence) from None
    context = {
        "rows": page.items,
        "next_cursor": page.next,
        "told": told,
        "kinds": Kind.choices,
        "asked": any(told.values()),
        "unread": _unread().exists(),
    }
    return render(request, "notices/inbox.html", context)


def _asked(told: dict[str, str]) -> QuerySet[Notice]:
    rows = Notice.objects.select_related("case").defer("key")
    if words := told["q"].replace("\x00", "").strip():
        rows = rows.filter(text__icontains=words)
    if told["kind"]:
        whats = [what.key for what in WHATS.values() if what.kind == told["kind"]]
        rows = rows.filter(what__in=whats)
    return rows.filter(read_at=None) if told["unread"] else rows


def _unread() -> QuerySet[Notice]:
    return Notice.objects.filter(read_at=None)


@never_cache
@require_safe
def count(request: HttpRequest) -> JsonResponse:
    """铃铛: how many are unread, and the newest of them; two statements of one index."""
    unread = len(_unread().values_list("pk")[:MOST_COUNTED])
    newest = _unread().order_by("-id").first() if unread else None
    return JsonResponse({"unread": unread, "newest": _told(newest) if newest else None})


def _told(row: Notice) -> dict[str, Any]:
    url = reverse("notice", args=[row.pk])
    return {"id": row.pk, "text": row.text, "urgent": row.urgent, "kind": row.kind, "url": url}


@never_cache
@require_safe
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """打开一条: it is read from now on, and goes on to what it is about."""
    row = get_object_or_404(Notice.objects.select_related("case"), pk=pk)
    Notice.objects.filter(pk=pk, read_at=None).update(read_at=timezone.now())
    return redirect(row.url)


@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """标为已读: those whose numbers were sent, or (`all`) everything up to the one shown first."""
    rows = _unread()
    sent = [int(pk) for pk in request.POST.getlist("id")[:200] if _is_number(pk)]
    upto = request.POST.get("upto", "")
    rows = rows.filter(pk__lte=int(upto)) if _is_number(upto) else rows.filter(pk__in=sent)
    rows.update(read_at=timezone.now())
    return redirect("notices")


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19
