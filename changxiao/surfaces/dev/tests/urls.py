"""The addresses as CHANGXIAO_DEBUG=1 has them."""

from django.urls import include, path

from changxiao.urls import urlpatterns as ours

urlpatterns = [*ours, path("dev/", include("changxiao.surfaces.dev.urls"))]
