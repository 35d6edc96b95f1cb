"""工单设置地址, below /settings/work-orders/."""

from django.urls import path

from changxiao.workorders.views import settings

urlpatterns = [
    path("", settings.all_sources, name="order_sources"),
    path("new/", settings.new, name="order_source_new"),
    path("history/<slug:kind>/<path:key>/", settings.history, name="order_settings_history"),
    path("undo/<slug:kind>/<path:key>/", settings.undo, name="order_settings_undo"),
    path("<slug:code>/", settings.source, name="order_source"),
]
