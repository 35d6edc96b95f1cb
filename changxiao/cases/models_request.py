"""申请的表: what a unit asks and another person decides."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class CaseRequest(models.Model):
    """申请: a unit asks, another person decides (回退, 延期, 挂账, 申诉)."""

    class Kind(models.TextChoices):
        SEND_BACK = "send_back", _("回退")
        EXTEND = "extend", _("延期")
        SUSPEND = "suspend", _("挂账")
        APPEAL = "appeal", _("申诉")

    class State(models.TextChoices):
        PENDING = "pending", _("待审批")
        ENDORSED = "endorsed", _("初审同意")
        GRANTED = "granted", _("同意")
        REFUSED = "refused", _("不同意")
        LAPSED = "lapsed", _("已失效")
        WITHDRAWN = "withdrawn", _("已撤回")

    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="requests")
    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    unit = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+")
    asked_by = models.CharField(max_length=64)
    asked_at = models.DateTimeField()
    reason = models.TextField()
    until = models.DateTimeField(null=True)
    endorsed_by = models.CharField(max_length=64, blank=True)
    decided_by = models.CharField(max_length=64, blank=True)
    decided_at = models.DateTimeField(null=True)
    opinion = models.TextField(blank=True)

    class Meta:
        verbose_name = _("申请")
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(state="pending"), name="request_one_pending"
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(kind="appeal"), name="request_one_appeal"
            ),
            models.CheckConstraint(
                condition=~Q(decided_by=F("asked_by")), name="request_decided_by_another"
            ),
            models.CheckConstraint(
                condition=Q(endorsed_by="") | ~Q(endorsed_by=F("decided_by")),
                name="request_two_reviewers",
            ),
        ]
