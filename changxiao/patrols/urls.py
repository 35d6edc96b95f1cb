"""巡查地址, all below /patrols/."""

from django.urls import path

from changxiao.patrols import views

urlpatterns = [
    path("", views.patrols, name="patrols"),
    path("coverage/", views.coverage, name="patrols_coverage"),
    path("waiting/", views.waiting, name="patrols_waiting"),
    path("mine/", views.mine, name="patrols_mine"),
    path("export.xlsx", views.export, {"what": "patrols"}, name="patrols_export"),
    path("missed/", views.missed, name="patrols_missed"),
    path("missed/export.xlsx", views.export, {"what": "missed"}, name="patrols_missed_export"),
    path("missed/<slug:number>/", views.one_missed, name="patrols_missed_one"),
]
