"""回访清单: who wanted to be rung after closing, by the time it is due; what came of the others."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from changxiao.cases import ringing
from changxiao.cases.actions.base import flow_in_force
from changxiao.kernel import paging, scope
from changxiao.kernel.act import new_key
from changxiao.kernel.refused import Refused
from changxiao.orgs.posts import Post

SIZE = 50


@require_safe
def callbacks(request: HttpRequest) -> HttpResponse:
    """回访清单: for who rings back and who answers for it; 403 for everybody else."""
    clerks = flow_in_force().step("call_back").posts
    if not scope.current().holds(*clerks, Post.CENTER_DIRECTOR, Post.AUDITOR):
        raise PermissionDenied
    now, state = timezone.now(), request.GET.get("state", ringing.WAITING)
    told: dict[str, Any] = {"state": state, "clerk": scope.current().holds(*clerks)}
    try:
        rows = ringing.filtered(state, now)
        page = paging.page(
            rows,
            order=ringing.order_of(state),
            cursor=request.GET.get("cursor", ""),
            size=SIZE,
        )
        told |= {
            "rows": ringing.rows_of(page.items, now),
            "next_cursor": page.next,
            "states": ringing.counts(now),
            "key": new_key(),
        }
    except Refused as no:
        told["refusal"] = no.sentence
    return render(request, "cases/callbacks.html", told, status=400 if "refusal" in told else 200)
