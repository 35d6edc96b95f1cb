"""CloudEvents 地址, below /cloudevents/."""

from django.urls import path

from changxiao.surfaces.protocols.cloudevents import views

urlpatterns = [
    path("", views.receive, name="cloudevents"),
    path("schema.json", views.schema),
    path("media/<slug:sha256>", views.media),
]
