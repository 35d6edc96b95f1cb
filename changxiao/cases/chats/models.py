"""会话的表: the open and past chats of a sender, and the messages in and out."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Chat(models.Model):
    """会话: the pieces of one report. `sender` is a keyed digest, `contact` the commitment to the
    sealed name under which the sender is answered."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("chat", "收集中")
        FILED = "filed", pgettext_lazy("chat", "已上报")
        LAPSED = "lapsed", pgettext_lazy("chat", "已放下")

    channel = models.CharField(_("来源"), max_length=12)
    account = models.CharField(max_length=20)
    sender = models.CharField(max_length=64)
    contact = models.CharField(max_length=64)
    key = models.CharField(max_length=36, unique=True)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.OPEN)
    text = models.TextField(blank=True)
    address = models.CharField(_("地址"), max_length=200, blank=True)
    lon = models.FloatField(_("经度"), null=True)  # degrees, WGS-84
    lat = models.FloatField(_("纬度"), null=True)
    photos = models.JSONField(default=list)  # hashes
    asked = models.CharField(max_length=40, blank=True)  # what was asked for last
    finishing = models.BooleanField(default=False)
    began_at = models.DateTimeField()
    ends_at = models.DateTimeField()  # while open: when it is filed or let go; then when it was
    case = models.ForeignKey("cases.Case", models.PROTECT, null=True, related_name="+")

    class Meta:
        app_label = "cases"
        verbose_name = _("会话")
        indexes = [
            models.Index(fields=["ends_at"], condition=Q(state="open"), name="chat_open"),
            models.Index(fields=["channel", "account", "sender", "id"], name="chat_of_sender"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "account", "sender"],
                condition=Q(state="open"),
                name="chat_one_open",
            ),
            models.CheckConstraint(
                condition=Q(case__isnull=True) | Q(state="filed"), name="chat_filed_with_its_case"
            ),
        ]


class ChatMessage(models.Model):
    """来信与回信: `key` is the channel's own name of a message, so that it is stored once."""

    class Way(models.TextChoices):
        IN = "in", pgettext_lazy("chat", "来信")
        OUT = "out", pgettext_lazy("chat", "回信")

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("chat message", "待办")
        DONE = "done", pgettext_lazy("chat message", "已办")
        PARKED = "parked", pgettext_lazy("chat message", "搁置")

    key = models.CharField(max_length=36, unique=True)
    way = models.CharField(max_length=3, choices=Way)
    channel = models.CharField(_("来源"), max_length=12)
    account = models.CharField(max_length=20)
    sender = models.CharField(max_length=64)
    raw = models.TextField(blank=True)  # as it came; gone once it is worked
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.WAITING)
    came_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    why = models.CharField(max_length=200, blank=True)

    class Meta:
        app_label = "cases"
        verbose_name = _("会话消息")
        indexes = [
            models.Index(
                fields=["channel", "next_at"], condition=Q(state="waiting"), name="chat_message_due"
            ),
            models.Index(
                fields=["sender"], condition=Q(state="waiting", way="in"), name="chat_pending"
            ),
        ]
