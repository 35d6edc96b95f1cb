"""机器发现的地址, below /cases/finds/."""

from django.urls import path

from changxiao.cases.finds import views

urlpatterns = [
    path("", views.finds, name="finds"),
    path("<int:pk>/<slug:verb>", views.decide, name="find_decide"),
]
