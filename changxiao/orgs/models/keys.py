"""凭据与限速: tokens of programs, past passwords, and the counters that all workers share."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from changxiao.orgs.models.people import Staff


class ApiToken(models.Model):
    """接口令牌: only its SHA-256 is kept; it has 256 random bits, so no slow hash is needed."""

    class Kind(models.TextChoices):
        """令牌用途."""

        API = "api", _("业务接口")
        OPEN311 = "open311", "Open311"
        CAMERA = "camera", _("摄像机")

    digest = models.CharField(_("摘要"), max_length=64, unique=True)
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="tokens")
    kind = models.CharField(_("用途"), max_length=8, choices=Kind.choices, default=Kind.API)
    name = models.CharField(_("名称"), max_length=80, blank=True, default="")
    created_at = models.DateTimeField(_("签发时间"))
    last_used_at = models.DateTimeField(_("最近使用"), null=True, blank=True)
    expires_at = models.DateTimeField(_("到期时间"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("吊销时间"), null=True, blank=True)

    class Meta:
        ordering = ["created_at", "id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.digest[:8]}"


class PastPassword(models.Model):
    """历史密码: encoded passwords that profile mlps3 keeps a person from taking again."""

    staff = models.ForeignKey(Staff, models.CASCADE, related_name="past_passwords")
    encoded = models.CharField(max_length=160)
    set_at = models.DateTimeField()

    class Meta:
        ordering = ["-set_at", "-id"]

    def __str__(self) -> str:
        return f"{self.staff_id} {self.set_at:%Y-%m-%d}"


class ThrottleRule(models.Model):
    """限速规则: at most `limit` calls in `window` seconds for each key of a scope."""

    scope = models.CharField(_("范围"), max_length=40, primary_key=True)
    limit = models.PositiveIntegerField(_("次数"))
    window = models.PositiveIntegerField(_("秒数"))

    class Meta:
        ordering = ["scope"]
        constraints = [
            models.CheckConstraint(condition=Q(window__gt=0), name="orgs_throttlerule_window")
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.limit}/{self.window}s"


class ThrottleCount(models.Model):
    """限速计数: calls of a key in its current window; one row a key, written by one upsert."""

    # scope and key, hashed: an address or a username is not kept longer than it must be.
    key = models.CharField(max_length=64, primary_key=True)
    slot = models.BigIntegerField()
    count = models.PositiveIntegerField()
    until = models.BigIntegerField(db_index=True)

    def __str__(self) -> str:
        return f"{self.key[:8]} {self.count}"
