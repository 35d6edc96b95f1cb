"""页面框架 what every page shows around its own content: colours, languages, where we are."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

THEMES = ("auto", "light", "dark")
THEME_COOKIE = "cx_theme"


def chrome(request: HttpRequest) -> dict[str, Any]:
    """页面框架. Menu, city and posts come from the desk's own context processor."""
    return {
        "theme": theme(request),
        "page_language": get_language() or settings.LANGUAGE_CODE,
        "demo_home": settings.DEMO,
    }


def theme(request: HttpRequest) -> str:
    """明暗: what the reader chose; `auto` follows the device."""
    chosen = request.COOKIES.get(THEME_COOKIE, "auto")
    return chosen if chosen in THEMES else "auto"
