"""工单 as a Django application."""

from django.apps import AppConfig


class WorkOrdersConfig(AppConfig):
    """工单."""

    name = "changxiao.workorders"
    label = "workorders"
