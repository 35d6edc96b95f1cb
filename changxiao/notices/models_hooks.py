"""出站推送的表: what other systems are told of, and each telling."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from changxiao.notices.models_base import Attempted, ended_or_waiting


class WebhookQuerySet(models.QuerySet["Webhook"]):
    """出站推送查询."""

    def paused(self) -> WebhookQuerySet:
        """已暂停的."""
        return self.filter(state=Webhook.State.PAUSED)


class Webhook(models.Model):
    """出站推送: an address that is told of entries; its secret is the key file `hook-<code>`."""

    class State(models.TextChoices):
        ON = "on", pgettext_lazy("hook", "推送中")
        PAUSED = "paused", pgettext_lazy("hook", "已暂停")

    code = models.SlugField(_("代号"), max_length=40, unique=True)
    url = models.CharField(_("地址"), max_length=500)
    verbs = models.JSONField(_("推送的步骤"), default=list)  # none: all of them
    state = models.CharField(_("状态"), max_length=6, choices=State, default=State.ON)
    why = models.CharField(_("暂停原因"), max_length=300, blank=True)
    failures = models.PositiveIntegerField(_("连续失败"), default=0)

    objects: ClassVar[WebhookQuerySet] = WebhookQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("出站推送")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code

    @property
    def stream(self) -> str:
        """记录流."""
        return f"webhook:{self.code}"


class HookDelivery(Attempted):
    """推送一次: an entry for one address; told in the order of the log, one after another."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("delivery", "待发送")
        SENT = "sent", pgettext_lazy("delivery", "已送出")
        FAILED = "failed", pgettext_lazy("delivery", "未送达")

    hook = models.ForeignKey(Webhook, models.CASCADE, related_name="deliveries")
    entry = models.ForeignKey("ledger.Entry", models.PROTECT, related_name="+")
    position = models.PositiveBigIntegerField(_("位置"))
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.WAITING)

    class Meta:
        verbose_name = _("推送记录")
        constraints = [
            models.UniqueConstraint(fields=["hook", "entry"], name="hook_delivery_once"),
            ended_or_waiting("hook_delivery_ended_or_waiting"),
        ]
        indexes = [
            models.Index(
                fields=["hook", "position"], name="hook_next", condition=Q(state="waiting")
            ),
            models.Index(fields=["hook", "state", "-id"], name="hook_list"),
        ]

    def __str__(self) -> str:
        return f"{self.hook_id} {self.position} {self.state}"
