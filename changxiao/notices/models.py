"""消息的表: the city's rules, each person's wishes, the messages, and the outbox.

A Notice is one message to one recipient; a Delivery is that message on one channel. Both are made
in the transaction of the consumer's cursor. No address of a person stands in either.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from changxiao.kernel.scope import ScopedManager
from changxiao.notices.models_base import Attempted, ended_or_waiting
from changxiao.notices.models_hooks import HookDelivery, Webhook  # noqa: F401 - ours
from changxiao.notices.models_outside import (  # noqa: F401 - their tables are ours
    NoticeConsent,
    PushSubscription,
    Robot,
)
from changxiao.notices.timing import Digest
from changxiao.notices.whats import WHATS


class NoticeRule(models.Model):
    """通知规则: a city's own line in place of, or beside, the defaults."""

    key = models.CharField(_("规则"), max_length=60, unique=True)
    what = models.CharField(_("事由"), max_length=20)
    audience = models.CharField(_("收件人"), max_length=30)
    channels = models.JSONField(_("渠道"), default=list)
    text = models.CharField(_("文字"), max_length=300)
    urgent = models.BooleanField(_("紧急"), default=False)
    enabled = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("通知规则")
        ordering = ["key"]

    def __str__(self) -> str:
        return self.key

    @property
    def stream(self) -> str:
        """记录流."""
        return f"notice_rule:{self.key}"


class NoticePreference(models.Model):
    """通知偏好: what a person wants by which channel, when not, and gathered how.

    `muted` holds "kind:channel" pairs that are off. `quiet` is "22:00-07:00", "" for the city's,
    "-" for none.
    """

    staff = models.OneToOneField(
        "orgs.Staff", models.CASCADE, related_name="notice_preference", primary_key=True
    )
    muted = models.JSONField(_("关闭"), default=list)
    quiet = models.CharField(_("免打扰"), max_length=11, blank=True)
    digest = models.CharField(_("汇总"), max_length=6, choices=Digest, default=Digest.NOW)

    class Meta:
        verbose_name = _("通知偏好")

    def __str__(self) -> str:
        return str(self.staff_id)

    @property
    def stream(self) -> str:
        """记录流."""
        return f"notice_preference:{self.staff.username}"


class Notice(models.Model):
    """消息: to one of the staff, a unit's group or a resident who agreed; `key` makes it one,
    however often its entry is heard."""

    key = models.CharField(_("键"), max_length=64)
    staff = models.ForeignKey("orgs.Staff", models.CASCADE, null=True, related_name="notices")
    robot = models.ForeignKey(Robot, models.CASCADE, null=True, related_name="+")
    consent = models.ForeignKey(NoticeConsent, models.CASCADE, null=True, related_name="+")
    what = models.CharField(_("事由"), max_length=20)
    text = models.CharField(_("内容"), max_length=1000)
    case = models.ForeignKey("cases.Case", models.CASCADE, null=True, related_name="notices")
    subject = models.CharField(_("编号"), max_length=80, blank=True)
    urgent = models.BooleanField(_("紧急"), default=False)
    made_at = models.DateTimeField(_("时间"))
    shown = models.BooleanField(_("站内"), default=False)
    read_at = models.DateTimeField(_("已读时间"), null=True)

    objects: ClassVar[models.Manager[Notice]] = ScopedManager("changxiao.notices.access.reach")
    everything: ClassVar[models.Manager[Notice]] = models.Manager()

    class Meta:
        verbose_name = _("消息")
        base_manager_name = "everything"
        constraints = [
            models.UniqueConstraint(fields=["key"], name="notice_key_once"),
            models.CheckConstraint(
                condition=Q(staff__isnull=False, robot__isnull=True, consent__isnull=True)
                | Q(staff__isnull=True, robot__isnull=False, consent__isnull=True)
                | Q(staff__isnull=True, robot__isnull=True, consent__isnull=False),
                name="notice_one_recipient",
            ),
            models.CheckConstraint(
                condition=Q(shown=False) | Q(staff__isnull=False), name="notice_shown_to_staff"
            ),
        ]
        indexes = [
            models.Index(fields=["staff", "-id"], name="notice_inbox", condition=Q(shown=True)),
            models.Index(
                fields=["staff"], name="notice_unread", condition=Q(shown=True, read_at=None)
            ),
            models.Index(fields=["made_at"], name="notice_age"),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def title(self) -> str:
        """事由, in words."""
        found = WHATS.get(self.what)
        return str(found.title) if found else self.what

    @property
    def kind(self) -> str:
        """种类."""
        found = WHATS.get(self.what)
        return found.kind.value if found else ""

    @property
    def url(self) -> str:
        """去处: the case it is about, or the page of what is owed, of several their list; else the
        list of messages."""
        if self.case is not None:
            return reverse("case", args=[self.case.number])
        found = WHATS.get(self.what)
        if found and found.page and self.subject:
            if "=" in self.subject:  # what the list is asked for, no number
                return f"{reverse(found.list_page)}?{self.subject}"
            return reverse(found.page, args=[self.subject])
        return reverse("notices")


class Delivery(Attempted):
    """投递: a message on its way by one channel, sent by the worker until it is taken; `gathered`
    means that it waits to be told together with others."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("delivery", "待发送")
        SENT = "sent", pgettext_lazy("delivery", "已送出")
        FAILED = "failed", pgettext_lazy("delivery", "未送达")
        DROPPED = "dropped", pgettext_lazy("delivery", "不再发送")

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="deliveries")
    channel = models.CharField(_("渠道"), max_length=10)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.WAITING)
    gathered = models.BooleanField(_("汇总"), default=False)

    class Meta:
        verbose_name = _("投递")
        constraints = [
            models.UniqueConstraint(fields=["notice", "channel"], name="delivery_once"),
            ended_or_waiting("delivery_ended_or_waiting"),
        ]
        indexes = [
            models.Index(
                fields=["send_at", "id"], name="delivery_due", condition=Q(state="waiting")
            ),
            models.Index(fields=["state", "-id"], name="delivery_list"),
        ]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.channel} {self.state}"


class DeadlineWatch(models.Model):
    """时限提醒点: when the running limit of a case is worth a word next.

    Told of by the sweep alone; `due_at` repeats the limit that it was worked out for, so that one
    which has moved since is worked out anew.
    """

    case = models.OneToOneField(
        "cases.Case", models.CASCADE, related_name="deadline_watch", primary_key=True
    )
    due_at = models.DateTimeField(_("本环节时限"))
    warn_at = models.DateTimeField(_("预警时间"), null=True)
    next_at = models.DateTimeField(_("下次提醒"), null=True)

    class Meta:
        verbose_name = _("时限提醒点")
        indexes = [
            models.Index(
                fields=["next_at"], name="deadline_next", condition=Q(next_at__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.next_at}"
