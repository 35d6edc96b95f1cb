"""领导页: `/leader/` for whoever leads, `/daily/…` for whoever holds the day's signed link.

The link opens figures and names of units, never a person or a case's text; every figure leads into
the house, where one signs in.
"""

from __future__ import annotations

import io
import uuid
from functools import wraps
from typing import TYPE_CHECKING, Any

import segno
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from changxiao.areas.home import home_city
from changxiao.cases import access, actions, deadlines, listing, places, rules
from changxiao.cases.actions.base import flow_in_force
from changxiao.cases.flow import Stage
from changxiao.cases.models import Case, SupervisionOrder
from changxiao.kernel import scope
from changxiao.kernel.act import Act
from changxiao.kernel.day import local_date
from changxiao.kernel.refused import Refused
from changxiao.ledger.refusals import Replayed
from changxiao.orgs import links
from changxiao.orgs.access import viewer_for
from changxiao.orgs.models import ReportLink
from changxiao.orgs.rules import LEADING
from changxiao.surfaces.leader import figures

if TYPE_CHECKING:
    from collections.abc import Callable

SHOWN_LATE = 20
Kind = SupervisionOrder.Kind


def leading(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """限领导岗位: the others may not look."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **more: Any) -> HttpResponse:
        if not scope.current().holds(*LEADING):
            raise PermissionDenied
        return view(request, *args, **more)

    return asked


@login_not_required
@never_cache
@require_safe
def daily(request: HttpRequest, word: str) -> HttpResponse:
    """日报: without signing in, as far as the leader's own posts reach that moment."""
    now = timezone.now()
    row = links.link_for(word, now)
    if row is None:
        raise Http404
    viewer = viewer_for(row.staff, now)
    with scope.viewing(viewer):
        mine = figures.mine_of(row.staff, viewer, now)
        told = {"sheet": figures.sheet(row.staff, now, mine), "now": now, "link": row}
        told["city"] = home_city().name
        answer = render(request, "leader/daily.html", told)
    answer["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    answer["Referrer-Policy"] = "no-referrer"
    return answer


@never_cache
@leading
@require_safe
def leader(request: HttpRequest) -> HttpResponse:
    """我负责的: the sheet, late cases with 督办 beside them, orders without an answer."""
    now, viewer = timezone.now(), scope.current()
    mine = figures.mine_of(request.user, viewer, now)  # type: ignore[arg-type]
    sheet = figures.sheet(request.user, now, mine)  # type: ignore[arg-type]
    rows = Case.objects.filter(mine.cases(), listing.late(now), stage=Stage.DISPATCHED)
    rows = rows.select_related(*listing.SHOWN).order_by("due_at", "id")[:SHOWN_LATE]
    told = {
        "sheet": sheet,
        "late": [_row(case, now) for case in rows],
        "orders": [(order, places.of_case(order.case)) for order in sheet.orders],
        "now": now,
        "note": _("已超期，请即办理，并答复原因和办结时间。"),
    }
    return render(request, "leader/leader.html", told)


def _row(case: Case, now: Any) -> dict[str, Any]:
    return {
        "case": case,
        "standing": deadlines.of_case(case, now),
        "where": rules.masked(case.address) or places.of_case(case),
        "waiting": case.order_count > 0 and case.orders.filter(answered_at=None).exists(),
        "key": str(uuid.uuid4()),
    }


@never_cache
@require_safe
def link(request: HttpRequest) -> HttpResponse:
    """今日链接: the notice of the worker's morning round, for the pages that load it."""
    now = timezone.now()
    row = ReportLink.visible.filter(date=local_date(now), revoked_at=None).first()
    told: dict[str, Any] = {"link": row}
    if row is not None and row.holds_at(now):
        told["address"] = settings.SITE_URL + reverse("daily", args=[links.word_of(row)])
    return render(request, "leader/_link.html", told)


@never_cache
@require_safe
def link_picture(request: HttpRequest) -> HttpResponse:
    """二维码: today's link, to be scanned by the leader's own phone."""
    now = timezone.now()
    row = ReportLink.visible.filter(date=local_date(now), revoked_at=None).first()
    if row is None:
        raise Http404
    address = settings.SITE_URL + reverse("daily", args=[links.word_of(row)])
    picture = io.BytesIO()
    segno.make(address, error="m").save(picture, kind="svg", scale=4, border=2, light="#fff")
    return HttpResponse(picture.getvalue(), content_type="image/svg+xml")


@leading
@require_POST
def supervise(request: HttpRequest, number: str) -> HttpResponse:
    """督办: the second tap. The kind follows from the case: late, or by the leader's will."""
    try:
        case = access.case_for(number)
    except access.NotFound:
        raise Http404 from None
    step = flow_in_force().step("supervise")
    wish = str(getattr(request, "acting_post", ""))
    late = case.due_at is not None and case.due_at < timezone.now()
    act = Act(
        actor=scope.current().name,
        post=access.post_for(scope.current(), case, step, wish=wish),
        key=_key(request),
        note=request.POST.get("note", ""),
    )
    try:
        actions.supervise(case, kind=Kind.OVERDUE if late else Kind.LEADER, act=act)
    except Replayed:
        messages.info(request, _("这件案卷刚才已经督办，没有重复记录"))
    except Refused as no:
        messages.error(request, f"{case}：{no.sentence}")
    else:
        unit = case.unit.name if case.unit else case.get_stage_display()
        words = _("已督办 %(case)s，等待%(unit)s答复")
        messages.success(request, words % {"case": case, "unit": unit})
    return redirect("leader")


def _key(request: HttpRequest) -> str:
    try:
        return str(uuid.UUID(request.POST.get("key", "")))
    except ValueError:
        raise Http404 from None
