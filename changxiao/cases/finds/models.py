"""机器发现的表: cameras, what they found, and how each class of each camera is trusted."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from changxiao.kernel.scope import ScopedManager


class Camera(models.Model):
    """摄像机: a fixed one has a place; one on a car has none and sends it with each find.

    `box` is the user name whose token speaks for it: who it is comes from the credential, and its
    own code only tells which of the box's cameras.
    """

    code = models.CharField(_("编号"), max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=60)
    box = models.CharField(_("设备账号"), max_length=64)
    lon = models.FloatField(_("经度"), null=True)  # degrees, WGS-84
    lat = models.FloatField(_("纬度"), null=True)
    address = models.CharField(_("地址"), max_length=200, blank=True)
    # What its software calls a thing → our sub-category's key.
    classes = models.JSONField(_("识别类别"), default=dict)
    enabled = models.BooleanField(_("启用"), default=True)

    class Meta:
        app_label = "cases"
        verbose_name = _("摄像机")
        ordering = ["code"]
        indexes = [models.Index(fields=["box"], name="camera_box")]
        constraints = [
            models.CheckConstraint(
                condition=Q(lon__isnull=True, lat__isnull=True)
                | Q(lon__isnull=False, lat__isnull=False),
                name="camera_has_a_whole_place",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def stream(self) -> str:
        """记录流."""
        return f"camera:{self.code}"


class FindSource(models.Model):
    """发现来源: one class of one camera; from when its rate counts, and until when it is muted."""

    camera = models.ForeignKey(Camera, models.CASCADE, related_name="sources")
    kind = models.CharField(_("识别类别"), max_length=40)
    counted_from = models.DateTimeField(null=True)
    muted_at = models.DateTimeField(null=True)
    muted_until = models.DateTimeField(null=True)

    class Meta:
        app_label = "cases"
        verbose_name = _("发现来源")
        constraints = [
            models.UniqueConstraint(fields=["camera", "kind"], name="find_source_once"),
        ]

    @property
    def stream(self) -> str:
        """记录流."""
        return f"find_source:{self.camera.code}/{self.kind}"

    def since(self, at: datetime) -> datetime | None:
        """从何时算: since a mute ran out, or a person ended one; None: all that was judged."""
        if self.muted_until is not None and at >= self.muted_until:
            return self.muted_until
        return self.counted_from

    def muted(self, at: datetime) -> bool:
        """静默中."""
        return self.muted_until is not None and at < self.muted_until


class Find(models.Model):
    """发现: what one camera saw at one place, however often it said so."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("find", "待看")
        AFFIRMED = "affirmed", pgettext_lazy("find", "属实")
        REJECTED = "rejected", pgettext_lazy("find", "误报")
        JOINED = "joined", pgettext_lazy("find", "案卷已在办")
        MUTED = "muted", pgettext_lazy("find", "静默")

    class Reason(models.TextChoices):
        """误报理由; what could not be made out says nothing of the camera's rate."""

        NOTHING = "nothing", _("画面里没有这个问题")
        OTHER = "other", _("是别的东西，认错了")
        ALLOWED = "allowed", _("有这回事，但不违规")
        UNCLEAR = "unclear", _("看不清，无法判断")

    code = models.CharField(max_length=32, unique=True)
    camera = models.ForeignKey(Camera, models.PROTECT, related_name="+")
    kind = models.CharField(_("识别类别"), max_length=40)
    subcategory = models.ForeignKey("catalog.Subcategory", models.PROTECT, related_name="+")
    state = models.CharField(_("状态"), max_length=8, choices=State)
    confidence = models.FloatField(_("置信度"), null=True)
    frame = models.JSONField(_("框"), default=list)  # x, y, width, height as shares of the picture
    photo = models.ForeignKey("ledger.Photo", models.PROTECT, null=True, related_name="+")
    lon = models.FloatField(_("经度"))
    lat = models.FloatField(_("纬度"))
    community_code = models.CharField(max_length=20, blank=True)
    duty_grid_code = models.CharField(max_length=24, blank=True)
    seen_at = models.DateTimeField(_("发现时间"), null=True)  # as the camera claims it
    first_at = models.DateTimeField(_("收到时间"))
    last_at = models.DateTimeField(_("最近一次"))
    count = models.PositiveIntegerField(_("次数"), default=1)
    case = models.ForeignKey("cases.Case", models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("理由"), max_length=8, choices=Reason, blank=True)
    decided_by = models.CharField(max_length=64, blank=True)
    decided_at = models.DateTimeField(null=True)
    head = models.ForeignKey("ledger.Entry", models.PROTECT, related_name="+", db_index=False)

    objects: ClassVar[models.Manager[Find]] = ScopedManager("changxiao.cases.finds.access.reach")
    everything: ClassVar[models.Manager[Find]] = models.Manager()

    class Meta:
        app_label = "cases"
        verbose_name = _("机器发现")
        base_manager_name = "everything"
        indexes = [
            models.Index(fields=["state", "first_at", "id"], name="find_queue"),
            models.Index(fields=["camera", "kind", "last_at"], name="find_again"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=("waiting", "muted", "joined"), decided_by="")
                | (Q(state__in=("affirmed", "rejected")) & ~Q(decided_by="")),
                name="find_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(case__isnull=False, state__in=("affirmed", "joined"))
                | (Q(case__isnull=True) & ~Q(state__in=("affirmed", "joined"))),
                name="find_has_its_case",
            ),
            models.CheckConstraint(
                condition=~Q(state="rejected") | ~Q(reason=""), name="find_rejected_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.camera_id} {self.kind} {self.first_at:%Y-%m-%d %H:%M}"

    @property
    def stream(self) -> str:
        """记录流."""
        return f"find:{self.code}"

    @property
    def frame_percent(self) -> dict[str, Any]:
        """框 in hundredths, for the drawing over the picture."""
        return dict(
            zip(("x", "y", "w", "h"), (round(100 * n, 2) for n in self.frame), strict=False)
        )
