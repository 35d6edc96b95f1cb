"""工单页底座: who comes in, in which post, and the act of a form."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from changxiao.kernel import scope
from changxiao.kernel.act import Act
from changxiao.kernel.api import digest_of
from changxiao.workorders.access import READERS

View = Callable[..., HttpResponse]


def for_readers(view: View) -> View:
    """限岗位: 403 for who does not answer for orders."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        if not scope.current().posts() & READERS:
            raise PermissionDenied
        return view(request, *args, **named)

    return asked


def acting(request: HttpRequest, posts: Collection[str]) -> str:
    """办理岗位: the post chosen at the top where it may, else one held that may; else 403."""
    held = scope.current().posts()
    wish = str(getattr(request, "acting_post", ""))
    fitting = [post for post in [wish, *sorted(held)] if post in posts and post in held]
    if not fitting:
        raise PermissionDenied
    return fitting[0]


def act_of(request: HttpRequest, post: str, key: object, content: object) -> Act:
    """办理动作 of a form under its own key."""
    digest = digest_of(request, content)
    return Act(actor=scope.current().name, post=post, key=str(key), digest=digest)
