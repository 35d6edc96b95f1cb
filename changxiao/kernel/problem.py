"""问题说明 problem details (RFC 9457): what a program reads where a person reads a sentence."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import JsonResponse

from changxiao.kernel.refused import Refused

# A refusal is a conflict with what stands (409) unless its code says something more exact; one
# that names an input field tells that the input itself cannot be used (422).
STATUS = {
    "not_found": 404,
    "not_signed_in": 401,
    "too_many": 429,
    "too_early": 425,
    "cursor_unreadable": 400,
    "parameter_unknown": 400,
    "parameter_unreadable": 400,
    "body_unreadable": 400,
    "body_too_large": 413,
    "text_unreadable": 422,
    "photo_too_large": 413,
    "photo_type": 415,
    "document_too_large": 413,
    "document_type": 415,
    "recording_too_large": 413,
    "recording_type": 415,
    "not_yours": 409,
    "same_person": 409,
    "key_reused": 409,
}


def problem(
    status: int, code: str, detail: str, *, field: str | None = None, **more: Any
) -> JsonResponse:
    """问题回应: `application/problem+json` with type, title, status, detail, code and field."""
    body: dict[str, Any] = {
        "type": f"urn:changxiao:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        **more,
    }
    if field is not None:
        body["field"] = field
    answer = JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})
    answer["Content-Type"] = "application/problem+json; charset=utf-8"
    return answer


def refusal(no: Refused) -> JsonResponse:
    """拒绝的回应: the domain's no as a problem."""
    status = STATUS.get(no.code, 422 if no.field else 409)
    return problem(status, no.code, no.sentence, field=no.field, **no.more)
