"""工单地址, below /cases/work-orders/."""

from django.urls import path

from changxiao.workorders.views import batches, orders

urlpatterns = [
    path("", orders.orders, name="orders"),
    path("send", orders.send, name="orders_send"),
    path("take/", batches.take, name="order_take"),
    path("take/<int:pk>/", batches.batch, name="order_batch"),
    path("take/<int:pk>/fit", batches.fit, name="order_fit"),
    path("take/<int:pk>/confirm", batches.confirm, name="order_confirm"),
    path("take/<int:pk>/drop", batches.drop, name="order_drop"),
    path("of-case/<slug:number>", orders.of_case, name="order_of_case"),
    path("<slug:source>/<path:number>/", orders.order, name="order"),
]
