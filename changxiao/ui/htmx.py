"""局部请求: whether a module of the page asked and wants a partial, or a person the whole page."""

from __future__ import annotations

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails


def is_htmx(request: HttpRequest) -> bool:
    """是否局部请求."""
    return bool(HtmxDetails(request))
