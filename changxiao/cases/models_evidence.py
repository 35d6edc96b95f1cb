"""证据的表: readings, witnesses, what is odd about photos and acts, and links for a squad.

Their rules stand in `evidence` and `plausible`; a case's own columns stand in `models`.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CaseReading(models.Model):
    """读数: a value read at the place; `round` is how often the case had been reworked by then."""

    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="readings")
    name = models.CharField(_("名称"), max_length=20)
    value = models.DecimalField(_("数值"), max_digits=12, decimal_places=3)
    unit = models.CharField(_("计量单位"), max_length=12)
    round = models.PositiveSmallIntegerField()
    entry = models.ForeignKey("ledger.Entry", models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("读数")


class CaseWitness(models.Model):
    """见证人: another person than who handled, by account, or by post and a sealed name."""

    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="witnesses")
    account = models.CharField(max_length=64, blank=True)
    post = models.CharField(_("单位职务"), max_length=60, blank=True)
    person = models.CharField(_("姓名承诺值"), max_length=64, blank=True)
    round = models.PositiveSmallIntegerField()
    entry = models.ForeignKey("ledger.Entry", models.PROTECT, related_name="+")

    class Meta:
        verbose_name = pgettext_lazy("evidence", "见证人")
        constraints = [
            models.CheckConstraint(
                condition=~Q(account="") | (~Q(post="") & ~Q(person="")), name="witness_is_somebody"
            )
        ]
