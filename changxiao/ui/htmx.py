"""局部请求: whether a module of the page asked and wants a partial, or a person the whole page."""

from __future__ import annotations

from django.http import HttpRequest


def is_htmx(request: HttpRequest) -> bool:
    """是否局部请求; the middleware of django-htmx knows."""
    return bool(request.htmx)  # type: ignore[attr-defined]
