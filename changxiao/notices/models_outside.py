"""外面的收件人: a unit's group, a browser of one of the staff, a resident who agreed.

What opens a door (a robot's address) is a file of the home; what reaches a resident is sealed apart
(`ledger.seal`) and goes when he takes his word back.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Robot(models.Model):
    """群机器人: of a unit's group in WeCom, DingTalk or Feishu; its address is the file
    `keys/notices/robot-<name>` of the home."""

    class Kind(models.TextChoices):
        WECOM = "wecom", _("企业微信群")
        DINGTALK = "dingtalk", _("钉钉群")
        FEISHU = "feishu", _("飞书群")

    name = models.SlugField(_("名称"), max_length=40, unique=True)
    kind = models.CharField(_("种类"), max_length=10, choices=Kind)
    unit = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+", verbose_name=_("单位"))
    enabled = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("群机器人")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def stream(self) -> str:
        """记录流."""
        return f"robot:{self.name}"


class NoticeConsent(models.Model):
    """通知同意: a resident wants to be told of his own case by one channel; `contact` is the
    commitment to the sealed number and the code of his tracking link."""

    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="notice_consents")
    channel = models.CharField(_("渠道"), max_length=10)
    contact = models.CharField(_("联系方式承诺值"), max_length=64)
    agreed_at = models.DateTimeField(_("同意时间"))
    ended_at = models.DateTimeField(_("撤回时间"), null=True)

    class Meta:
        verbose_name = _("通知同意")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "channel"],
                condition=Q(ended_at__isnull=True),
                name="notice_consent_one",
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.channel}"


class PushSubscription(models.Model):
    """浏览器推送: one browser of one person, as the browser itself made it (RFC 8030, 8291)."""

    staff = models.ForeignKey("orgs.Staff", models.CASCADE, related_name="push_subscriptions")
    digest = models.CharField(_("地址摘要"), max_length=64, unique=True)
    endpoint = models.URLField(_("推送地址"), max_length=1000)
    p256dh = models.CharField(max_length=120)
    auth = models.CharField(max_length=40)
    made_at = models.DateTimeField(_("登记时间"))

    class Meta:
        verbose_name = _("浏览器推送")

    def __str__(self) -> str:
        return self.digest[:12]
