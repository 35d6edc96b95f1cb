"""交接班表: one sheet, frozen as it was when the outgoing person signed it."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from changxiao.kernel.scope import ScopedManager
from changxiao.orgs.posts import Post


class ShiftHandover(models.Model):
    """交接班: a post over an area, from a moment until another, and the two who signed.

    `sheet` holds numbers and plain words of cases, no person (`gather.gather`).
    """

    post = models.CharField(_("岗位"), max_length=24, choices=Post.choices)
    area_code = models.CharField(_("辖区"), max_length=24, blank=True)
    since_at = models.DateTimeField(_("本班起"))
    signed_at = models.DateTimeField(_("交班时间"))
    outgoing = models.CharField(_("交班人"), max_length=64)
    notes = models.TextField(_("交代事项"), blank=True)
    sheet = models.JSONField(_("交接内容"), default=dict)
    incoming = models.CharField(_("接班人"), max_length=64, blank=True)
    taken_at = models.DateTimeField(_("接班时间"), null=True)
    remark = models.TextField(_("接班意见"), blank=True)
    previous = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    head = models.ForeignKey("ledger.Entry", models.PROTECT, related_name="+")

    objects = ScopedManager("changxiao.cases.handover.access.reach")
    everything = models.Manager["ShiftHandover"]()

    class Meta:
        app_label = "cases"
        verbose_name = _("交接班")
        base_manager_name = "everything"
        ordering = ["-signed_at", "-id"]
        indexes = [models.Index(fields=["post", "area_code", "signed_at"], name="shift_last")]
        constraints = [
            models.UniqueConstraint(
                fields=["post", "area_code"],
                condition=Q(taken_at__isnull=True),
                name="shift_one_waiting",
            ),
            models.CheckConstraint(
                condition=~Q(incoming=F("outgoing")), name="shift_signed_by_two"
            ),
            models.CheckConstraint(
                condition=Q(incoming="", taken_at__isnull=True)
                | (~Q(incoming="") & Q(taken_at__isnull=False)),
                name="shift_taken_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post} {self.area_code} {self.signed_at:%Y-%m-%d %H:%M}"

    @property
    def stream(self) -> str:
        """记录流: the post's desk over its area."""
        return stream_of(self.post, self.area_code)

    @property
    def taken(self) -> bool:
        return self.taken_at is not None

    @property
    def counts(self) -> dict[str, Any]:
        """各部分件数."""
        return {name: part["count"] for name, part in self.sheet.get("parts", {}).items()}


def stream_of(post: str, area: str) -> str:
    """记录流: handovers of one desk follow each other in one stream."""
    return f"shift:{post}:{area or 'city'}"
