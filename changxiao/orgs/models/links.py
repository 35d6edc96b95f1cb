"""日报链接 ReportLink: who may open which day's sheet without signing in, until when."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from changxiao.kernel.scope import ScopedManager
from changxiao.orgs.models.people import Staff


class ReportLink(models.Model):
    """日报链接: one leader, one day. The secret is the signature over `id`, kept nowhere."""

    staff = models.ForeignKey(Staff, models.PROTECT, related_name="report_links")
    date = models.DateField(_("日期"))
    issued_at = models.DateTimeField(_("签发时间"))
    expires_at = models.DateTimeField(_("到期时间"))
    revoked_at = models.DateTimeField(_("吊销时间"), null=True, blank=True)

    objects = models.Manager["ReportLink"]()
    visible = ScopedManager("changxiao.orgs.access.reach_links")

    class Meta:
        verbose_name = _("日报链接")
        ordering = ["-date", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["staff", "date"],
                condition=Q(revoked_at__isnull=True),
                name="orgs_reportlink_one_a_day",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("issued_at")), name="orgs_reportlink_times_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} {self.date}"

    def holds_at(self, at: datetime) -> bool:
        """有效: neither revoked nor expired."""
        return self.revoked_at is None and at < self.expires_at
