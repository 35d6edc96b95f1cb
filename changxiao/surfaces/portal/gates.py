"""防滥用 gates: who may report or look up now, counted per address and per device.

A solved challenge opens the ordinary limits; without one (no script, or a browser too old) a
report is taken all the same, at the slow limit. Whatever comes this way waits for a person at the
intake desk before anybody acts on it, and for another before the public reads it.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from changxiao.kernel.refused import Refused
from changxiao.orgs import throttle
from changxiao.orgs.clientip import client_ip
from changxiao.surfaces.portal import work

DEVICE = "cx_device"
YEAR = 31_536_000
_signer = Signer(salt="portal.device")


class TooMany(Refused):
    """请求过多: `seconds` says when to try again."""

    def __init__(self, sentence: str, seconds: int) -> None:
        super().__init__("too_many", sentence)
        self.seconds = seconds


def device_of(request: HttpRequest) -> str:
    """设备: the word in its cookie; "" for one that has none, or one that it made up."""
    try:
        return _signer.unsign(request.COOKIES.get(DEVICE, ""))
    except BadSignature:
        return ""


def mark(request: HttpRequest, response: HttpResponseBase) -> None:
    """记设备: a random word and nothing about the device."""
    if device_of(request):
        return
    response.set_cookie(
        DEVICE,
        _signer.sign(secrets.token_urlsafe(12)),
        max_age=YEAR,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )


@contextmanager
def reporting(request: HttpRequest, now: datetime) -> Iterator[None]:
    """上报限速: counted when the report is taken; a refused one costs nothing. Raises TooMany."""
    if request.POST.get("website"):  # a field that no person sees
        raise Refused("not_a_person", _("这份上报没有通过自动检查，请刷新页面重新填写"))
    told = request.POST.get("work", "")
    fast = bool(told) and work.solved(told, now)
    taken = []
    try:
        for scope, key in _budgets(request, fast):
            taken.append((scope, key))
            if not throttle.allow(scope, key, now):
                raise TooMany(_said(scope), throttle.retry_after(scope, now))
        yield
    except TooMany:
        raise
    except Refused:
        for scope, key in taken:
            throttle.give_back(scope, key)
        if fast:
            work.give_back(told)
        raise


def _budgets(request: HttpRequest, fast: bool) -> list[tuple[str, str]]:
    address, device = client_ip(request), device_of(request)
    budgets = [("report_ip" if fast else "report_slow_ip", address)]
    return [*budgets, ("report_device", device)] if device else budgets


def _said(scope: str) -> str:
    if scope == "report_slow_ip":
        return _("这个网络地址不带脚本的上报已到上限，请稍后再试，或换支持脚本的浏览器")
    if scope == "report_device":
        return _("这部设备今天的上报已到上限，请明天再报；紧急情况请拨打 12345")
    return _("这个网络地址的上报过于频繁，请稍后再试；紧急情况请拨打 12345")


def looking(request: HttpRequest, now: datetime) -> None:
    """查询限速: before a code is read. Raises TooMany for one that asks or guesses too often."""
    address = client_ip(request)
    for scope, cost in (("portal_look", 1), ("portal_guess", 0)):
        if not throttle.allow(scope, address, now, cost=cost):
            raise TooMany(_("查询过于频繁，请稍后再试"), throttle.retry_after(scope, now))


def guessed(request: HttpRequest, now: datetime) -> None:
    """记一次猜错."""
    throttle.allow("portal_guess", client_ip(request), now)
