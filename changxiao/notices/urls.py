"""消息地址, below /notices/."""

from django.urls import path

from changxiao.notices.views import deliveries, inbox, preferences, push

urlpatterns = [
    path("", inbox.inbox, name="notices"),
    path("count", inbox.count, name="notice_count"),
    path("deliveries/", deliveries.deliveries, name="notice_deliveries"),
    path("deliveries/<int:pk>/resend", deliveries.resend, name="notice_resend"),
    path("mine/", preferences.preferences, name="notice_preferences"),
    path("push", push.subscribe, name="notice_push"),
    path("read", inbox.read, name="notices_read"),
    path("worker.js", push.worker, name="notice_worker"),
    path("<int:pk>/", inbox.one, name="notice"),
]
