"""边缘的回答: what no view should meet is refused before it, and a locked, full or lost database
answers 503, never a traceback."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.utils.html import format_html
from django.utils.translation import gettext as _

from changxiao.kernel.problem import problem
from changxiao.kernel.unavailable import Unavailable, translate

Next = Callable[[HttpRequest], HttpResponse]
API = "/api/"


class EdgeMiddleware:
    """边缘: an address that no database can hold is refused here, once for all pages; and what
    goes wrong below /api/ before our code is asked is a problem like any other."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return self._refused(request)
        answer = self.get_response(request)
        if request.path.startswith(API) and not _told(answer):
            return self._as_problem(answer)
        return answer

    def _refused(self, request: HttpRequest) -> HttpResponse:
        message = _("地址中有不可用的字符（NUL），请核对后重试")
        if request.path.startswith(API):
            return problem(400, "address_unreadable", message)
        return HttpResponseBadRequest(message, content_type="text/plain; charset=utf-8")

    def _as_problem(self, answer: HttpResponse) -> HttpResponse:
        known = {
            404: ("not_found", _("没有这个地址，请核对路径")),
            405: ("method_unknown", _("这个地址不支持该方法，请核对接口说明")),
        }
        code, message = known.get(
            answer.status_code, ("body_unreadable", _("请求无法识别，请核对格式后重发"))
        )
        told = problem(answer.status_code, code, message)
        if "Allow" in answer:
            told["Allow"] = answer["Allow"]
        return told


def _told(answer: HttpResponse) -> bool:
    if not 400 <= answer.status_code < 500:
        return True
    return answer.get("Content-Type", "").startswith(("application/problem", "application/json"))


class UnavailableMiddleware:
    """暂不可用: what a view could not write or read because the store is away (P13)."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Django's hook: None leaves the error to others."""
        known = translate(error)
        return None if known is None else unavailable(request, known)


def unavailable(request: HttpRequest, why: Unavailable) -> HttpResponse:
    """503 回应: problem details for programs, a sentence for people; needs no database itself."""
    if request.path.startswith("/api/"):
        answer: HttpResponse = problem(503, why.code, why.sentence)
    else:
        page = format_html("<!doctype html><meta charset=utf-8><p>{}</p>", why.sentence)
        answer = HttpResponse(page, status=503)
    answer["Retry-After"] = str(why.retry_after)
    answer["Cache-Control"] = "no-store"
    return answer
