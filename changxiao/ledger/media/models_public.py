"""公开件的表: what was found in a photo, and the public pictures that were made of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from changxiao.ledger.media import files


class Detection(models.Model):
    """检测: where faces and what may be plates are in one photo, found once; four numbers each.

    `boxes` are [x, y, width, height, thousandths, kind] in pixels of the public picture. No feature
    of a face is kept. `detector` is "" where none was installed, `fault` the refusal's code where
    the photo could not be looked at; then only a person can say.
    """

    photo = models.OneToOneField(
        "ledger.Photo", models.CASCADE, primary_key=True, related_name="detection"
    )
    boxes: models.JSONField[list[list[Any]], list[list[Any]]] = models.JSONField(default=list)
    detector = models.CharField(_("检测器"), max_length=64, blank=True)
    sure = models.BooleanField(_("有把握"), default=False)
    fault = models.CharField(max_length=40, blank=True)
    head = models.ForeignKey("ledger.Entry", models.PROTECT, related_name="+", db_index=False)

    class Meta:
        verbose_name = _("检测")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(sure=False) | ~models.Q(detector=""), name="detection_sure_by"
            )
        ]

    def __str__(self) -> str:
        return f"{self.photo_id}: {len(self.boxes)}"

    @property
    def unlooked(self) -> bool:
        """没有检测器看过: none was installed then; what cannot be looked at has a fault."""
        return not self.detector and not self.fault


class Redaction(models.Model):
    """遮挡件: a public picture, named by its content, of a photo with some boxes made unreadable.

    The row stands only when both files do. The original stays what it was.
    """

    photo = models.ForeignKey("ledger.Photo", models.PROTECT, related_name="redactions")
    sha256 = models.CharField(_("校验值"), max_length=64, unique=True)
    bytes = models.PositiveIntegerField(_("字节数"))
    thumbnail_sha256 = models.CharField(_("缩略图校验值"), max_length=64)
    boxes: models.JSONField[list[list[int]], list[list[int]]] = models.JSONField(default=list)
    pipeline = models.CharField(_("处理版本"), max_length=16)
    head = models.ForeignKey("ledger.Entry", models.PROTECT, related_name="+", db_index=False)

    class Meta:
        verbose_name = _("遮挡件")

    def __str__(self) -> str:
        return self.sha256[:12]

    def file(self, *, thumbnail: bool = False) -> Path:
        """文件: the public picture or its thumbnail on disk."""
        return files.public_path(self.sha256, thumbnail=thumbnail)
