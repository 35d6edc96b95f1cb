"""更正的申请: what a desk wants to correct after dispatch, until a second person has decided."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Amendment(models.Model):
    """更正: `change` holds codes and coordinates as `actions.amending.Change` writes them."""

    class State(models.TextChoices):
        PENDING = "pending", _("待同意")
        GRANTED = "granted", _("同意")
        REFUSED = "refused", _("不同意")
        LAPSED = "lapsed", _("案卷已办结，失效")

    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="amendments")
    change = models.JSONField(_("更正内容"), default=dict)
    reason = models.TextField(_("更正理由"))
    state = models.CharField(max_length=8, choices=State, default=State.PENDING)
    asked_by = models.CharField(max_length=64)
    asked_at = models.DateTimeField()
    decided_by = models.CharField(max_length=64, blank=True)
    decided_at = models.DateTimeField(null=True)
    opinion = models.TextField(blank=True)

    class Meta:
        verbose_name = _("更正")
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(state="pending"), name="amendment_one_pending"
            ),
            models.CheckConstraint(
                condition=~Q(decided_by=F("asked_by")), name="amendment_decided_by_another"
            ),
        ]
