"""响应头 headers that Django and django-csp do not set (reliability.md, defaults sheet)."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

PERMISSIONS = (
    "geolocation=(self), camera=(self), microphone=(self), payment=(), usb=(), "
    "display-capture=(), browsing-topics=()"
)


def headers(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """权限声明: a page may ask for the place, the camera and the microphone, and for
    nothing else."""

    def add(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    return add
