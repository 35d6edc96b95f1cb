"""暂不可用的回答: a locked, full or lost database answers 503, never a traceback."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html

from changxiao.kernel.problem import problem
from changxiao.kernel.unavailable import Unavailable, translate

Next = Callable[[HttpRequest], HttpResponse]


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
