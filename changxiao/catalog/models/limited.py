"""时限两列: amount and unit, wherever a row carries a limit; the pair is read as `Limit`."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from changxiao.kernel.limits import Limit, TimeUnit

UNITS = [
    (TimeUnit.URGENT_HOUR.value, _("紧急工作时")),
    (TimeUnit.URGENT_DAY.value, _("紧急工作日")),
    (TimeUnit.WORK_HOUR.value, _("工作时")),
    (TimeUnit.WORK_DAY.value, _("工作日")),
    (TimeUnit.CALENDAR_DAY.value, _("自然日")),
]


class Limited(models.Model):
    """带时限的行: `amount` of `unit` (domain.md §4: five units, nothing else)."""

    amount = models.DecimalField(_("时限"), max_digits=9, decimal_places=4)
    unit = models.CharField(_("时限单位"), max_length=12, choices=UNITS)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount__gt=0) & models.Q(unit__in=[u.value for u in TimeUnit]),
                name="%(app_label)s_%(class)s_limit_readable",
            )
        ]

    @property
    def limit(self) -> Limit:
        """时限: the two columns as one value."""
        return Limit(Decimal(self.amount), TimeUnit(self.unit))

    @limit.setter
    def limit(self, limit: Limit) -> None:
        self.amount, self.unit = limit.amount, limit.unit.value
