"""星期 weekdays: each with its number (Monday 0) and its shortest name."""

from django.utils.translation import pgettext_lazy

DAYS = (
    ("0", pgettext_lazy("weekday", "一")),
    ("1", pgettext_lazy("weekday", "二")),
    ("2", pgettext_lazy("weekday", "三")),
    ("3", pgettext_lazy("weekday", "四")),
    ("4", pgettext_lazy("weekday", "五")),
    ("5", pgettext_lazy("weekday", "六")),
    ("6", pgettext_lazy("weekday", "日")),
)
