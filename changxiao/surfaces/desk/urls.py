"""台面地址: home, search and the plain lists."""

from django.urls import path

from changxiao.surfaces.desk import leaving, lists, open_lists, search, views

urlpatterns = [
    path("", views.home, name="home"),
    path("areas/", lists.areas, name="areas"),
    path("catalog/", lists.catalog, name="catalog"),
    path("catalog/<slug:key>/", lists.category, name="catalog_category"),
    path("emergencies/", open_lists.emergencies, name="emergencies"),
    path("exceptional/", open_lists.exceptional, name="exceptional"),
    path("people/<str:username>/leaving/", leaving.leaving, name="leaving"),
    path("ledger/", lists.ledger, name="ledger"),
    path("search/", search.results, name="search"),
    path("settings/", views.settings, name="settings"),
]
