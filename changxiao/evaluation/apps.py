"""评价 evaluation as a Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EvaluationConfig(AppConfig):
    """评价."""

    name = "changxiao.evaluation"
    verbose_name = _("评价")
