"""压缩: pages travel compressed; nothing else does, for photos, xlsx and event streams gain nothing.

BREACH guesses a secret from the length of a page that also repeats what an attacker sent. Three
things stand against it: the CSRF token is masked anew on every page (Django), a random length is
added to each compressed page (Heal the BREACH, in Django's own middleware), and a name or phone of a
resident is on no page that repeats what was asked for (`cases/person.html` answers a POST).
"""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class CompressPages(GZipMiddleware):
    """压缩页面: HTML that was made whole; static files are compressed when they are collected."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        whole = not response.streaming
        if whole and response.headers.get("Content-Type", "").startswith("text/html"):
            return super().process_response(request, response)
        return response
