"""操作 operation: what every address of the protocol does alike: format, methods, errors.

Errors are the standard's: a list of {code, description}, 404 for what is not there, 403 for a key
that is none, 400 for everything else; besides these 405, 413, 429 and 503 as HTTP means them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from changxiao.catalog import policy
from changxiao.kernel.refused import Refused
from changxiao.kernel.unavailable import translate
from changxiao.surfaces.protocols.open311.writing import TYPES, answer
from changxiao.surfaces.protocols.throttled import TooMany

NOT_FOUND = frozenset(
    {"jurisdiction_unknown", "service_unknown", "token_unknown", "not_found", "address_unknown_url"}
)
FORBIDDEN = frozenset({"key_missing", "key_wrong", "not_yours"})
View = Callable[..., HttpResponse]
Answer = TypeVar("Answer", bound=HttpResponseBase)


def operation(*methods: str) -> Callable[[View], View]:
    """一个操作: `view(request, fmt, …)` answers in `fmt`; whatever it refuses is answered alike."""

    def made(view: View) -> View:
        @csrf_exempt
        @login_not_required
        @wraps(view)
        def asked(request: HttpRequest, fmt: str, **named: Any) -> HttpResponse:
            if fmt not in TYPES:
                return error("json", 404, _("格式只有 xml 和 json，请核对地址"))
            return answered(request, methods, fmt, lambda: view(request, fmt, **named))

        return asked

    return made


def answered(
    request: HttpRequest, methods: tuple[str, ...], fmt: str, made: Callable[[], Answer]
) -> Answer | HttpResponse:
    """所答: what `made` answers where the door is open to this method, or why not, in `fmt`."""
    try:
        _check(request, methods)
        return made()
    except _Method:
        told = error(fmt, 405, _("这个地址不支持该方法"))
        told["Allow"] = ", ".join(methods)
        return told
    except Exception as wrong:
        return _told(fmt, wrong)


class _Method(Exception):  # noqa: N818 - an answer
    pass


def _check(request: HttpRequest, methods: tuple[str, ...]) -> None:
    if request.method not in {*methods, "HEAD"}:
        raise _Method
    if not policy.value("open311_open"):
        raise Refused("not_found", _("本市没有开放 Open311 接口"))


def _told(fmt: str, wrong: Exception) -> HttpResponse:
    if isinstance(wrong, TooMany):
        told = error(fmt, 429, wrong.sentence)
        told["Retry-After"] = str(wrong.seconds)
        return told
    if isinstance(wrong, Refused):
        return error(fmt, status_of(wrong), wrong.sentence)
    if isinstance(wrong, RequestDataTooBig):
        return error(fmt, 413, _("请求正文超过1 MiB；照片请作为文件（media）上传"))
    if isinstance(wrong, SuspiciousOperation | MultiPartParserError | UnicodeDecodeError):
        return error(fmt, 400, _("请求正文无法识别，请按表单格式重发"))
    away = translate(wrong)
    if away is None:
        raise wrong
    told = error(fmt, 503, away.sentence)
    told["Retry-After"] = str(away.retry_after)
    return told


def status_of(no: Refused) -> int:
    """状态码 of a refusal, as the standard sorts them."""
    if no.code in NOT_FOUND:
        return 404
    return 403 if no.code in FORBIDDEN else 400


def error(fmt: str, status: int, sentence: str) -> HttpResponse:
    """错误回应."""
    told = answer(fmt, "errors", [{"code": status, "description": sentence}], status=status)
    told["Cache-Control"] = "no-store"
    return told


@csrf_exempt
@login_not_required
def nowhere(request: HttpRequest, rest: str = "") -> HttpResponse:
    """没有这个地址, in the format its ending asks for."""
    fmt = rest.rpartition(".")[2]
    return error(fmt if fmt in TYPES else "json", 404, _("没有这个地址，请核对路径"))
