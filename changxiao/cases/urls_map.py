"""案卷地图地址, all below /map/."""

from django.urls import path

from changxiao.cases.views import map as views

urlpatterns = [
    path("", views.page, name="map"),
    path("points", views.packed, name="map_points"),
    path("rows", views.rows, name="map_rows"),
]
