"""接口地址: the REST API; it asks for a token itself and never redirects to a sign-in page."""

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, include, path

from changxiao.surfaces.protocols.rest import api

_patterns, _app, _namespace = api.urls
for _pattern in _patterns:
    assert isinstance(_pattern, URLPattern)
    _pattern.callback = login_not_required(_pattern.callback)

urlpatterns = [path("v1/", include((_patterns, _app), namespace=_namespace))]
