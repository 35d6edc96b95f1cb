"""目录设置地址, below /settings/catalog/."""

from django.urls import path

from changxiao.catalog.views import history, policies

urlpatterns = [
    path("policies/", policies.policies, name="catalog_policies"),
    path("policies/<slug:key>/", policies.policy_edit, name="catalog_policy"),
    path("history/<slug:kind>/<path:key>/", history.history, name="catalog_history"),
    path("undo/<slug:kind>/<path:key>/", history.undo, name="catalog_undo"),
]
