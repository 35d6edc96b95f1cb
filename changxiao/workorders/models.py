"""工单的表: whose orders come how, the batches that came, the orders, the answers sent back."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from changxiao.kernel.scope import ScopedManager


class OrderSource(models.Model):
    """工单来源: what its columns and categories mean here, and how its answers go back.

    `columns`: our field → their names for it. `categories`: theirs → key of our sub-category.
    `answers`: [their heading, which of our words stands below it].
    """

    code = models.SlugField(_("代码"), max_length=20, unique=True)
    title = models.CharField(_("名称"), max_length=40)
    channel = models.CharField(_("来源"), max_length=12)
    columns = models.JSONField(_("列名对照"), default=dict)
    categories = models.JSONField(_("类别对照"), default=dict)
    subject = models.CharField(_("其余类别"), max_length=8, blank=True)
    area = models.CharField(_("其余地点"), max_length=24, blank=True)
    crs = models.CharField(_("坐标系"), max_length=8, default="wgs84")
    answers = models.JSONField(_("答复列"), default=list)

    class Meta:
        verbose_name = _("工单来源")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.title


class OrderBatch(models.Model):
    """收单批次: one file, from its upload to the last of its rows."""

    class State(models.TextChoices):
        READING = "reading", _("正在读表")
        DRAFT = "draft", _("待确认")
        WAITING = "waiting", _("等待收单")
        RUNNING = "running", _("正在收单")
        DONE = "done", _("已收完")
        FAILED = "failed", _("没有收成")
        DROPPED = "dropped", _("已放弃")

    source = models.CharField(_("来源"), max_length=20)
    name = models.CharField(_("文件名"), max_length=120)
    sha256 = models.CharField(max_length=64)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.READING)
    language = models.CharField(max_length=10, default="zh-hans")
    uploaded_by = models.CharField(_("上传人"), max_length=64)
    post = models.CharField(max_length=20)
    uploaded_at = models.DateTimeField(_("上传时间"))
    headings = models.JSONField(default=list)
    total = models.PositiveIntegerField(_("行数"), default=0)
    good = models.PositiveIntegerField(_("可收"), default=0)
    known = models.PositiveIntegerField(_("此前已收"), default=0)
    bad = models.PositiveIntegerField(_("不能收"), default=0)
    done = models.PositiveIntegerField(default=0)
    taken = models.PositiveIntegerField(_("已收"), default=0)
    # What the preview shows: the first rows as read, the first faults, categories without ours.
    shown = models.JSONField(default=dict)
    why = models.CharField(max_length=300, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    began_at = models.DateTimeField(null=True)
    beat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("收单批次")
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["state", "id"],
                condition=Q(state__in=["reading", "waiting", "running"]),
                name="order_batch_work",
            ),
            models.Index(fields=["source", "sha256"], name="order_batch_file"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.name}"


class OrderReturn(models.Model):
    """回传批次: the answers that went back together, by whom and when."""

    code = models.CharField(_("批次号"), max_length=40, unique=True)
    source = models.CharField(_("来源"), max_length=20)
    sent_by = models.CharField(_("回传人"), max_length=64)
    sent_at = models.DateTimeField(_("回传时间"))
    count = models.PositiveIntegerField(_("件数"))

    class Meta:
        verbose_name = _("回传批次")
        ordering = ["-sent_at", "-id"]

    def __str__(self) -> str:
        return self.code


class WorkOrder(models.Model):
    """工单: what a source sent under its own number; its case is worked on like any other.

    `cells` commits to the row as it came, kept apart like a person's name, for the answer goes back
    in the source's own columns.
    """

    class Asked(models.TextChoices):
        """申请延期 to the source."""

        WAITING = "waiting", _("已申请，待来源单位答复")
        GRANTED = "granted", _("来源单位同意")
        REFUSED = "refused", _("来源单位不同意")

    class Place(models.TextChoices):
        """位置依据: how exactly the order told where."""

        POINT = "point", _("坐标")
        COMMUNITY = "community", _("社区中心")
        STREET = "street", _("街道中心")
        DISTRICT = "district", _("区中心")
        DEFAULT = "default", _("来源的默认区域")

    source = models.CharField(_("来源"), max_length=20)
    number = models.CharField(_("工单编号"), max_length=60)
    case = models.OneToOneField("cases.Case", models.PROTECT, related_name="work_order")
    batch = models.ForeignKey(OrderBatch, models.PROTECT, null=True, related_name="orders")
    row = models.PositiveIntegerField(_("行号"), default=0)
    category = models.CharField(_("诉求类别"), max_length=200, blank=True)
    placed_by = models.CharField(_("位置依据"), max_length=10, choices=Place)
    limit_at = models.DateTimeField(_("办理时限"), null=True)
    taken_at = models.DateTimeField(_("收单时间"))
    cells = models.CharField(max_length=64, blank=True)
    asked = models.CharField(_("申请延期"), max_length=8, blank=True, choices=Asked)
    asked_until = models.DateTimeField(_("申请延至"), null=True)
    asked_reason = models.TextField(_("延期理由"), blank=True)
    returned_at = models.DateTimeField(_("退单时间"), null=True)
    returned_by = models.CharField(_("退单人"), max_length=64, blank=True)
    reason = models.TextField(_("退单理由"), blank=True)
    sent = models.ForeignKey(OrderReturn, models.PROTECT, null=True, related_name="orders")
    sent_at = models.DateTimeField(_("回传时间"), null=True)
    sent_answer = models.TextField(blank=True)

    objects: ClassVar[models.Manager[WorkOrder]] = ScopedManager(
        "changxiao.workorders.access.reach"
    )
    everything: ClassVar[models.Manager[WorkOrder]] = models.Manager()

    class Meta:
        verbose_name = _("工单")
        base_manager_name = "everything"
        indexes = [
            models.Index(fields=["source", "limit_at", "id"], name="order_source_limit"),
            models.Index(fields=["limit_at", "id"], name="order_limit"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["source", "number"], name="order_once_a_source"),
            models.CheckConstraint(
                condition=Q(returned_at__isnull=True) | ~Q(reason=""), name="order_return_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source}/{self.number}"

    @property
    def stream(self) -> str:
        """记录流."""
        return stream_of(self.source, self.number)


def stream_of(source: str, number: str) -> str:
    """工单的记录流."""
    return f"order:{source}/{number}"
