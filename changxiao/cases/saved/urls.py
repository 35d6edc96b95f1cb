"""常用筛选的地址, below /cases/saved/."""

from django.urls import path

from changxiao.cases.saved import views

urlpatterns = [
    path("", views.page, name="saved_filters"),
    path("chips", views.chips, name="saved_chips"),
    path("keep", views.keep, name="saved_keep"),
    path("put-back", views.put_back, name="saved_put_back"),
    path("<int:pk>/<slug:what>", views.change, name="saved_change"),
]
