"""投递情况: what was sent by which channel, what was not and why; what was given up is sent again.

Who, when, by what, how it ended. The words are the recipient's and are not shown here.
"""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from changxiao.kernel import paging, scope
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.ledger.edits import acting, for_posts
from changxiao.ledger.refusals import Replayed
from changxiao.notices.access import SETTERS, WATCHERS
from changxiao.notices.actions import resend_notice
from changxiao.notices.channels import CHANNELS
from changxiao.notices.models import Delivery

SIZE = 40
LOOKERS = frozenset(SETTERS | WATCHERS)


@never_cache
@require_safe
@for_posts(LOOKERS)
def deliveries(request: HttpRequest) -> HttpResponse:
    """投递情况: by state, channel, person or case; a page at a time."""
    told = {name: request.GET.get(name, "")[:60] for name in ("state", "channel", "q")}
    try:
        cursor = request.GET.get("cursor", "")
        page = paging.page(_asked(told), order=["-id"], cursor=cursor, size=SIZE)
    except Refused as no:
        raise Http404(no.sentence) from None
    counts = dict(
        Delivery.objects.exclude(state=Delivery.State.SENT)
        .order_by()
        .values_list("state")
        .annotate(n=Count("pk"))
    )
    held: list[str] = request.posts  # type: ignore[attr-defined]
    context = {
        "rows": [{"row": row, "channel": _title(row.channel)} for row in page.items],
        "next_cursor": page.next,
        "told": told,
        "asked": any(told.values()),
        "states": [(v, label, counts.get(v)) for v, label in Delivery.State.choices],
        "channels": [(key, one.title) for key, one in CHANNELS.items()],
        "off": [(one.title, why) for one in CHANNELS.values() if (why := one.off())],
        "may_resend": bool(SETTERS & set(held)),
        "key": str(uuid.uuid4()),
    }
    return render(request, "notices/deliveries.html", context)


def _title(channel: str) -> str:
    return str(CHANNELS[channel].title) if channel in CHANNELS else channel


def _asked(told: dict[str, str]) -> QuerySet[Delivery]:
    rows = Delivery.objects.select_related(
        "notice__staff", "notice__robot", "notice__consent", "notice__case"
    )
    if told["state"]:
        rows = rows.filter(state=told["state"])
    if told["channel"]:
        rows = rows.filter(channel=told["channel"])
    words = told["q"].replace("\x00", "").strip()
    if words.isdecimal():
        return rows.filter(notice__case__number=words)
    return rows.filter(notice__staff__name__contains=words) if words else rows


@require_POST
@for_posts(LOOKERS)
def resend(request: HttpRequest, pk: int) -> HttpResponse:
    """重发 one that was given up."""
    post = acting(request, SETTERS)
    row = get_object_or_404(Delivery, pk=pk)
    key = request.POST.get("key", "")[:36]
    act = Act(actor=scope.current().name, post=post, key=f"{key}{pk}"[:80])
    try:
        resend_notice(row, act=act)
        messages.success(request, _("已排队重发"))
    except Replayed:
        pass
    except Refused as no:
        messages.error(request, no.sentence)
    return redirect("notice_deliveries")
