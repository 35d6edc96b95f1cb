"""页面底座: what every page of the portal does alike: whose eyes it uses, how long it is kept."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from changxiao.areas.home import home_city
from changxiao.catalog import policy
from changxiao.kernel import scope
from changxiao.kernel.refused import Refused
from changxiao.surfaces.portal import gates
from changxiao.surfaces.portal.gates import TooMany

PRIVATE = {
    "Cache-Control": "no-store, private",
    # With no-referrer a browser posts from "null", which the CSRF check stops.
    "Referrer-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
}
STATUS = {"code_unreadable": 404, "code_unknown": 404, "too_many": 429}


def public(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """对外: in the city's time; the verbs are the system's, for a resident holds no post.

    What a page may tell of a case is chosen by `cases.public` and `cases.followed`, never by a
    viewer's reach.
    """

    @login_not_required
    @wraps(view)
    def asked(request: HttpRequest, **more: Any) -> HttpResponse:
        with timezone.override(policy.text("timezone")), scope.viewing(scope.system("portal")):
            try:
                return view(request, **more)
            except Refused as no:
                return over(request, no)

    return asked


def private(view: Callable[..., Any]) -> Callable[..., HttpResponse]:
    """只给本人: behind a code; kept by no cache and told to no other site."""

    @public
    @wraps(view)
    def asked(request: HttpRequest, **more: Any) -> HttpResponse:
        try:
            answer: HttpResponse = view(request, **more)
        except Refused as no:
            answer = over(request, no)
        for name, value in PRIVATE.items():
            answer[name] = value
        return answer

    return asked


def over(request: HttpRequest, no: Refused) -> HttpResponse:
    """不行: the sentence, and the ways on."""
    told = {"sentence": no.sentence, "code_form": no.code.startswith("code_")}
    answer = draw(request, "portal/over.html", told, status=STATUS.get(no.code, 409))
    if isinstance(no, TooMany):
        answer["Retry-After"] = str(no.seconds)
    return answer


def draw(
    request: HttpRequest, template: str, told: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """画页: with the city's name, and a cookie that counts this device."""
    told = {"city": _city(), "now": timezone.now()} | told
    answer = render(request, template, told, status=status)
    gates.mark(request, answer)
    return answer


def _city() -> str:
    try:
        return home_city().name
    except Refused:
        return ""


def actor_of(request: HttpRequest) -> str:
    """上传人: the device, so that each has a quota of pictures of its own."""
    return f"resident:{gates.device_of(request) or 'unmarked'}"


def said(no: Refused) -> str:
    """拒绝的话."""
    return no.sentence or _("请检查填写的内容")
