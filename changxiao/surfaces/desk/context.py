"""台面框架: what the frame of every page shows of the reader: city, menu, posts, search."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from changxiao.areas.home import home_city
from changxiao.kernel.refused import Refused
from changxiao.orgs.posts import Post
from changxiao.surfaces.desk import menu


def frame(request: HttpRequest) -> dict[str, Any]:
    """台面框架; nothing for a visitor, and nothing on a page drawn before anybody was named."""
    posts: list[str] = getattr(request, "posts", [])
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    acting = getattr(request, "acting_post", "")
    held = [
        {"value": post, "label": Post(post).label, "here": post == acting}
        for post in posts
        if post in Post.values
    ]
    told: dict[str, Any] = {
        "city_name": city_name(),
        "menu": menu.rows(posts, request.path),
        "posts": held,
        "act_as_url": reverse("orgs_choose_post"),
        "search_url": reverse("search"),
        "bell": _bell(),
    }
    return told


@cache
def _bell() -> dict[str, str]:
    return {
        "template": "notices/_bell.html",
        "url": reverse("notices"),
        "count_url": reverse("notice_count"),
        "ticket": reverse("live_ticket") if settings.LIVE_URL else "",
    }


@cache
def _settled() -> str:
    return home_city().name


def city_name() -> str:
    """城市名: written once in a home, so asked once a process; "" before set-up."""
    try:
        return _settled()
    except Refused:
        return ""
