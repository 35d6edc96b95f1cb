"""有效期: rows that hold from a day until a day.

`since_date` is the first day that counts and `until_date` the first that no longer does, so that
what ends today has ended now, and a successor starts the same day without gap or overlap.
"""

from __future__ import annotations

from datetime import date
from typing import Self, TypeVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

Row_co = TypeVar("Row_co", bound=models.Model, covariant=True)


def holds_on(day: date, prefix: str = "") -> Q:
    """当日有效: the condition on a dated row, `prefix` being the road to it ("unit__")."""
    since = Q(**{f"{prefix}since_date__lte": day})
    return since & (
        Q(**{f"{prefix}until_date__isnull": True}) | Q(**{f"{prefix}until_date__gt": day})
    )


class DatedQuerySet(models.QuerySet[Row_co]):
    """有效期查询."""

    def on(self, day: date) -> Self:
        """当日有效: rows in force that day."""
        return self.filter(holds_on(day))

    def open(self, day: date) -> Self:
        """尚未结束: rows in force that day or later."""
        return self.filter(Q(until_date__isnull=True) | Q(until_date__gt=day))


class Dated(models.Model):
    """有效期: the two days and their order."""

    since_date = models.DateField(_("起始日期"))
    until_date = models.DateField(_("失效日期"), null=True, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(until_date__isnull=True) | Q(until_date__gte=F("since_date")),
                name="%(app_label)s_%(class)s_days_in_order",
            )
        ]

    def holds_on(self, day: date) -> bool:
        """当日是否有效."""
        return self.since_date <= day and (self.until_date is None or day < self.until_date)
