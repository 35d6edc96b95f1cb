"""部件地址."""

from django.urls import path, re_path

from changxiao.assets import views

urlpatterns = [
    path("", views.components, name="components"),
    path("tiles/<int:z>/<int:x>/<int:y>.pbf", views.tile, name="component_tile"),
    path("near", views.near, name="components_near"),
    re_path("^(?P<code>[0-9]{16})$", views.component, name="component"),
]
