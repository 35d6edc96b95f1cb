"""稍后导入: a view whose module is imported when it is first asked for.

Counting, charts of the city and documents need engines that take two seconds and 180 MB of a web
process; whoever never opens such a page does not pay for them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.module_loading import import_string

ROOM = "changxiao.evaluation"


def later(name: str) -> Callable[..., HttpResponseBase]:
    """稍后的页面: `module.function` within the room."""

    def asked(request: HttpRequest, *args: Any, **named: Any) -> HttpResponseBase:
        answer: HttpResponseBase = import_string(f"{ROOM}.{name}")(request, *args, **named)
        return answer

    return asked
