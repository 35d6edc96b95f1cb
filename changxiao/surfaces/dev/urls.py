"""开发页地址, mounted below /dev/ only with CHANGXIAO_DEBUG=1."""

from django.urls import path

from changxiao.surfaces.dev import views

urlpatterns = [
    path("", views.index, name="dev"),
    path("become", views.become, name="dev_become"),
    path("clock", views.move_clock, name="dev_clock"),
    path("flow/", views.flow, name="dev_flow"),
    path("partials/", views.every_partial, name="dev_partials"),
]
