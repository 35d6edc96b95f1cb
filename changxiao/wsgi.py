"""WSGI entry for granian (synchronous views: stack.md section 4, rule 1).

One process serves two kinds of guest: pages with their whole frame, and programs (`PROGRAMS`),
whose shorter chain of middlewares is `settings.PROGRAM_MIDDLEWARE`.
"""

import os
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application
from django.http.response import HttpResponseBase

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "changxiao.settings")
PROGRAMS = ("/api/", "/open311/", "/cloudevents/", "/wechat/")


class Programs(WSGIHandler):
    """程序入口: the same views behind the middlewares that a request with a token needs."""

    def load_middleware(self, is_async: bool = False) -> None:
        """Django reads its list from the settings, so they say for a moment what we mean."""
        whole = settings.MIDDLEWARE
        settings.MIDDLEWARE = settings.PROGRAM_MIDDLEWARE
        try:
            super().load_middleware(is_async)
        finally:
            settings.MIDDLEWARE = whole


pages = get_wsgi_application()
programs = Programs()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> HttpResponseBase:
    """入口: by the address alone."""
    handler = programs if environ["PATH_INFO"].startswith(PROGRAMS) else pages
    return handler(environ, start_response)
