"""抽查页: what was drawn and found, what waits for the shift leader, how often who was right."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from changxiao.cases import rechecks as told_of
from changxiao.cases.access import SEES_FLAGS
from changxiao.kernel import paging, scope
from changxiao.kernel.refused import Refused

SIZE = 30


@require_safe
def rechecks(request: HttpRequest) -> HttpResponse:
    """抽查: for who weighs evidence; a collector finds his own among his tasks."""
    if not scope.current().holds(*SEES_FLAGS):
        raise PermissionDenied
    state = request.GET.get("state", "")
    now = timezone.now()
    told: dict[str, Any] = {"state": state}
    try:
        page = paging.page(
            told_of.filtered(state, now),
            order=("-drawn_at", "-id"),
            cursor=request.GET.get("cursor", ""),
            size=SIZE,
        )
        told |= {
            "rows": told_of.rows_of(page.items, now),
            "next_cursor": page.next,
            "states": told_of.counts(now),
            "rates": told_of.rates(now),
            "days": told_of.LOOKED_BACK.days,
        }
    except Refused as no:
        told["refusal"] = no.sentence
    return render(request, "cases/rechecks.html", told, status=400 if "refusal" in told else 200)
