"""台面地址: home, search and the plain lists."""

from django.urls import path

from changxiao.surfaces.desk import changes, leaving, lists, open_lists, orders, search, views

urlpatterns = [
    path("", views.home, name="home"),
    path("areas/", lists.areas, name="areas"),
    path("catalog/", lists.catalog, name="catalog"),
    path("catalog/<slug:key>/", lists.category, name="catalog_category"),
    path("changes/", changes.changes, name="changes"),
    path("emergencies/", open_lists.emergencies, name="emergencies"),
    path("emergencies/new/", orders.declare, name="order_declare"),
    path("emergencies/<path:number>/extend/", orders.extend, name="order_extend"),
    path("emergencies/<path:number>/lift/", orders.lift, name="order_lift"),
    path("emergencies/<path:number>/history/", orders.history, name="order_history"),
    path("emergencies/<path:number>/progress/", orders.progress, name="order_progress"),
    path("settings/touched/calendar/", orders.calendar_touched, name="calendar_touched"),
    path("exceptional/", open_lists.exceptional, name="exceptional"),
    path("people/<str:username>/leaving/", leaving.leaving, name="leaving"),
    path("ledger/", lists.ledger, name="ledger"),
    path("search/", search.results, name="search"),
    path("settings/", views.settings, name="settings"),
]
