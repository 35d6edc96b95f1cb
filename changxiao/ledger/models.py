"""记录的表: entries, their order, the tree above them, its checkpoints, and who has read how far.

Entry, Leaf, Node and Checkpoint are append-only: triggers refuse UPDATE and DELETE on both
databases (`ledger.triggers`). PrivateValue alone may be deleted:
that is how a person's data is erased.
"""

from __future__ import annotations

import json
from typing import Any, ClassVar

from django.db import models
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from changxiao.ledger.media.models import Photo  # noqa: F401 - its table is ours
from changxiao.ledger.media.models_public import (  # noqa: F401 - its tables are ours
    Detection,
    Redaction,
)


class EntryQuerySet(models.QuerySet["Entry"]):
    """记录的问题."""

    def beside_cases(self) -> EntryQuerySet:
        """案卷以外: what configuration, people and units went through, a hundredth of the log.

        In the very words of the index `entry_beside_cases`: a planner takes it for nothing less.
        """
        return self.filter(BESIDE_CASES)


# Written out: SQLite does not see that a bound parameter means what its index says.
BESIDE_CASES = models.Q(RawSQL("substr(stream, 1, 5) <> 'case:'", (), models.BooleanField()))


class Entry(models.Model):
    """记录: one thing done. `body` is canonical JSON (RFC 8785) without floats or personal data.

    `occurred_at` is claimed, `at` the legal time, `recorded_at` the server's, never decreasing in a
    stream. `prev` and `hash` are SHA-256 in hex (`ledger.chain`).
    """

    stream = models.CharField(_("记录流"), max_length=120)
    n = models.PositiveIntegerField(_("序号"))
    verb = models.CharField(_("动作"), max_length=64)
    actor = models.CharField(_("办理人"), max_length=64)
    on_behalf = models.CharField(_("代办对象"), max_length=64, blank=True)
    act_key = models.CharField(_("动作键"), max_length=80)
    occurred_at = models.DateTimeField(_("发生时间"), null=True)
    at = models.DateTimeField(_("法定时间"))
    recorded_at = models.DateTimeField(_("记录时间"))
    body = models.TextField(_("内容"))
    prev = models.CharField(_("前一校验值"), max_length=64)
    hash = models.CharField(_("校验值"), max_length=64)

    objects: ClassVar[models.Manager[Entry]] = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("记录")
        ordering = ("stream", "n")
        # Partial, so that an entry of a case, which most are, pays no write for it.
        indexes = [models.Index(fields=["id"], name="entry_beside_cases", condition=BESIDE_CASES)]
        constraints = [
            # Constraints and not unique=True: that adds a second, useless index on PostgreSQL.
            models.UniqueConstraint(fields=["act_key"], name="entry_key_once"),
            models.UniqueConstraint(fields=["stream", "n"], name="entry_place_once"),
        ]

    def __str__(self) -> str:
        return f"{self.stream}#{self.n} {self.verb}"

    @property
    def data(self) -> dict[str, Any]:
        """内容: the body as a mapping; the act's own words stand under "_act"."""
        data: dict[str, Any] = json.loads(self.body)
        return data

    @property
    def act(self) -> dict[str, Any]:
        """动作说明: post, note, origin and digest of the act, where it had them."""
        act: dict[str, Any] = self.data.get("_act", {})
        return act


class Leaf(models.Model):
    """叶: the place of an entry in the order of all entries; `hash` is RFC 6962's leaf hash."""

    index = models.PositiveBigIntegerField(_("位置"), primary_key=True)
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="leaf")
    hash = models.CharField(_("叶校验值"), max_length=64)

    class Meta:
        verbose_name = _("叶")


class Node(models.Model):
    """节点: root of the `index`-th complete subtree of 256**level leaves (C2SP tlog-tiles)."""

    level = models.PositiveSmallIntegerField(_("层"))
    index = models.PositiveBigIntegerField(_("位置"))
    hash = models.CharField(_("校验值"), max_length=64)

    class Meta:
        verbose_name = _("节点")
        constraints = [models.UniqueConstraint(fields=["level", "index"], name="node_place_once")]


class Checkpoint(models.Model):
    """检查点: size and root of the tree, signed (C2SP tlog-checkpoint); numbers have no gap."""

    number = models.PositiveIntegerField(_("编号"), primary_key=True)
    size = models.PositiveBigIntegerField(_("记录数"))
    root = models.CharField(_("根校验值"), max_length=64)
    note = models.TextField(_("签名文本"))
    signed_at = models.DateTimeField(_("签署时间"))

    class Meta:
        verbose_name = _("检查点")


class PrivateValue(models.Model):
    """个人信息: a value that the log only commits to, commit = H(salt ‖ value)."""

    commit = models.CharField(_("承诺值"), max_length=64, primary_key=True)
    salt = models.CharField(_("盐"), max_length=32)
    value = models.TextField(_("值"))

    class Meta:
        verbose_name = _("个人信息")


class Cursor(models.Model):
    """读取位置: the next leaf a consumer will read; `tries` counts failures at that leaf."""

    consumer = models.CharField(_("消费者"), max_length=64, primary_key=True)
    position = models.PositiveBigIntegerField(_("位置"), default=0)
    tries = models.PositiveSmallIntegerField(_("失败次数"), default=0)
    retry_at = models.DateTimeField(_("再试时间"), null=True)

    class Meta:
        verbose_name = _("读取位置")


class Parked(models.Model):
    """搁置: an entry that a consumer failed on five times, set aside for a person."""

    consumer = models.CharField(_("消费者"), max_length=64)
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+")
    error = models.TextField(_("错误"))
    parked_at = models.DateTimeField(_("搁置时间"))

    class Meta:
        verbose_name = _("搁置")
        constraints = [
            models.UniqueConstraint(fields=["consumer", "entry"], name="parked_once"),
        ]


class Heartbeat(models.Model):
    """心跳: when a job last ran through; `period` in seconds, red after two of them (A-08)."""

    name = models.CharField(_("作业"), max_length=64, primary_key=True)
    beat_at = models.DateTimeField(_("最近完成"))
    period = models.PositiveIntegerField(_("周期"))
    error = models.TextField(_("错误"), blank=True)

    class Meta:
        verbose_name = _("心跳")
