"""来电与回访的表: who rang about which case, and what was said when we rang back."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class CallbackState(models.TextChoices):
    """回访进度: of the last closing; nothing where nobody asked to be rung."""

    WAITING = "waiting", _("待回访")
    REACHED = "reached", _("已回访")
    UNREACHED = "unreached", _("未接通")


class Call(models.Model):
    """来电: one call about a case, the first or another. The caller is a keyed digest of his number
    here, so that a number is known again and none can be read; what he left is sealed apart."""

    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="calls")
    entry = models.OneToOneField("ledger.Entry", models.PROTECT, related_name="+")
    at = models.DateTimeField(_("来电时间"))
    caller = models.CharField(_("号码摘要"), max_length=64, blank=True)
    reporter = models.CharField(_("来电人承诺值"), max_length=64, blank=True)
    anonymous = models.BooleanField(_("要求匿名"), default=False)
    wants_callback = models.BooleanField(_("要求回访"), default=False)

    class Meta:
        verbose_name = _("来电")
        indexes = [
            models.Index(
                fields=["caller", "at"], condition=~models.Q(caller=""), name="call_caller"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.at:%Y-%m-%d %H:%M}"


class Callback(models.Model):
    """回访: one try to ring back; the two questions of 12345, solved and satisfied."""

    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="callbacks")
    entry = models.OneToOneField("ledger.Entry", models.PROTECT, related_name="+")
    at = models.DateTimeField(_("回访时间"))
    by = models.CharField(_("回访人"), max_length=64)
    reached = models.BooleanField(_("已接通"))
    solved = models.BooleanField(_("是否解决"), null=True)
    satisfaction = models.CharField(_("满意度"), max_length=12, blank=True)

    class Meta:
        verbose_name = _("回访")
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.case_id} {self.at:%Y-%m-%d %H:%M}"
