"""浏览器推送: a browser gives its address, and the worker that shows what comes."""

from __future__ import annotations

import json
import uuid

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.notices.actions import subscribe_push, unsubscribe_push
from changxiao.orgs.models import Staff

MOST = 4096


@require_POST
def subscribe(request: HttpRequest) -> JsonResponse:
    """开通或取消: the subscription as the browser has it, `on` says which."""
    staff = request.user
    assert isinstance(staff, Staff)
    try:
        told = json.loads(request.body[:MOST])
        endpoint, keys = str(told["endpoint"]), told.get("keys") or {}
        on, p256dh, auth = bool(told["on"]), str(keys.get("p256dh")), str(keys.get("auth"))
    except (ValueError, KeyError, TypeError, AttributeError):
        return JsonResponse({"error": "unreadable"}, status=400)
    act = Act(actor=staff.username, key=str(uuid.uuid4()))
    try:
        if on:
            subscribe_push(staff, endpoint=endpoint, p256dh=p256dh, auth=auth, act=act)
        else:
            unsubscribe_push(staff, endpoint=endpoint, act=act)
    except Refused as no:
        return JsonResponse({"error": no.code, "sentence": no.sentence}, status=409)
    return JsonResponse({"on": on})


@login_not_required
@never_cache
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """推送工作者: shows what comes while no page is open; keeps nothing."""
    text = f'importScripts("{static("notices/worker.js")}");\n'
    return HttpResponse(text, content_type="text/javascript; charset=utf-8")
