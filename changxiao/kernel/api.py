"""接口底座: what every room's REST endpoints share: the act of a request, and replayed answers."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import uuid
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from changxiao.kernel.refused import Refused

# Any key a client already has is good, so long as it cannot be confused with ours.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_KEY = re.compile(r"[A-Za-z0-9_.:-]{8,64}")


def key_of(request: HttpRequest) -> str:
    """幂等键: the `Idempotency-Key` header, or a new key where the client sends none.

    Raises Refused("key_unreadable").
    """
    key = request.headers.get("Idempotency-Key", "").strip().strip('"')
    if not key:
        return str(uuid.uuid4())
    if not _KEY.fullmatch(key):
        message = _("幂等键“%(key)s”不可用：请用8至64个字母、数字或 - _ . :")
        raise Refused("key_unreadable", message % {"key": key[:40]}, field="Idempotency-Key")
    return key


def check_text(content: Any) -> None:
    """文字检查: every string of a request can be stored by both databases and written as UTF-8.

    PostgreSQL refuses NUL, and JSON may smuggle in half a character (a lone surrogate). Raises
    Refused("text_unreadable") without repeating the text.
    """
    waiting = [content]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting += [*value, *value.values()]
        elif isinstance(value, list):
            waiting += value
        elif isinstance(value, str) and not storable(value):
            raise Refused(
                "text_unreadable", _("文字中有不可用的字符（NUL 或半个字符），请删去后重发")
            )


def storable(text: str) -> bool:
    """可存文字: no NUL, no lone surrogate."""
    return _UNSTORABLE.search(text) is None


def rendered(content: Any) -> HttpResponse:
    """列表回应 as JSON without a second check of every field: a page of rows that the database has
    typed already. That it keeps to its declared schema is tested."""
    text = json.dumps(content, cls=DjangoJSONEncoder, ensure_ascii=False)
    return HttpResponse(text, content_type="application/json; charset=utf-8")


def digest_of(request: HttpRequest, content: Any) -> str:
    """内容摘要: keyed, so that a phone number cannot be guessed from it; path and content."""
    return keyed_digest(request.path, content)


def keyed_digest(what: str, content: Any) -> str:
    """内容摘要 of something that is not told by its address alone."""
    told = json.dumps([what, content], sort_keys=True, ensure_ascii=False, default=str)
    return hmac.new(settings.SECRET_KEY.encode(), told.encode(), hashlib.sha256).hexdigest()
