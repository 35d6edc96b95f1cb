"""地域地址, all below /places/."""

from django.urls import path

from changxiao.areas import views

urlpatterns = [
    path("at", views.at, name="place_at"),
    path("tiles/<slug:edition>/first.json", views.first, name="ground_first"),
    path("tiles/<slug:edition>/<int:z>/<int:x>/<int:y>.pbf", views.tile, name="ground_tile"),
]
