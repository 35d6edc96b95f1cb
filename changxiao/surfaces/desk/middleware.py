"""城市时间: pages tell time by the city's clock, wherever the server stands."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from changxiao.catalog import policy


def city_time(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[..., object]:
    """城市时间 for whoever is signed in; a visitor's page shows no moment and asks no database."""

    def told(request: HttpRequest) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return get_response(request)
        with timezone.override(policy.text("timezone")):
            return get_response(request)

    return told
