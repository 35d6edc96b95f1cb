"""压缩: pages travel compressed. Nothing else does: photos, xlsx and event streams gain nothing.

BREACH guesses a secret from the lengths of many pages that also repeat what an attacker sent. Three
things stand against it: another site's page cannot ask in the reader's name (cookies are
SameSite=Lax), the CSRF token is masked anew on every page, and each compressed page is longer by a
random number of bytes (Heal the BREACH; both are Django's own).
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
