"""领导页地址: the signed-in page, the sheet behind a signed link, and its picture to scan."""

from django.urls import path

from changxiao.surfaces.leader import views

urlpatterns = [
    path("daily/<str:word>/", views.daily, name="daily"),
    path("leader/", views.leader, name="leader"),
    path("leader/link", views.link, name="leader_link"),
    path("leader/link.svg", views.link_picture, name="leader_link_picture"),
    path("leader/supervise/<slug:number>/", views.supervise, name="leader_supervise"),
]
