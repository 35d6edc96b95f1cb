"""照片 Photo: one original by its content, its cleaned rendition, and what it says of itself."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from changxiao.ledger.media import files


class Photo(models.Model):
    """照片: `sha256` of the original names it. The row stands only when all its files do (A-01).

    `lon`, `lat` are WGS-84 degrees and `taken_at` the camera's time, both claimed by the picture;
    `evidence` holds the rest as decimal strings (docs/photos.md). `phash` is a 64-bit dHash.
    """

    sha256 = models.CharField(_("校验值"), max_length=64, unique=True)
    bytes = models.PositiveIntegerField(_("字节数"))
    type = models.CharField(_("类型"), max_length=16)
    width = models.PositiveIntegerField(_("宽"))
    height = models.PositiveIntegerField(_("高"))
    rendition_sha256 = models.CharField(_("展示件校验值"), max_length=64, db_index=True)
    rendition_bytes = models.PositiveIntegerField(_("展示件字节数"))
    thumbnail_sha256 = models.CharField(_("缩略图校验值"), max_length=64)
    pipeline = models.CharField(_("处理版本"), max_length=16)
    phash = models.CharField(_("感知指纹"), max_length=16, db_index=True)
    taken_at = models.DateTimeField(_("拍摄时间"), null=True)
    lon = models.DecimalField(_("经度"), max_digits=10, decimal_places=7, null=True)
    lat = models.DecimalField(_("纬度"), max_digits=10, decimal_places=7, null=True)
    evidence: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(_("拍摄信息"))
    uploaded_by = models.CharField(_("上传人"), max_length=64)
    created_at = models.DateTimeField(_("接收时间"))
    head = models.ForeignKey(
        "ledger.Entry", models.PROTECT, null=True, related_name="+", verbose_name=_("最后一条记录")
    )

    class Meta:
        verbose_name = _("照片")
        indexes = [models.Index(fields=["uploaded_by", "created_at"], name="photo_uploader")]
        constraints = [
            models.CheckConstraint(condition=models.Q(bytes__gt=0), name="photo_not_empty"),
        ]

    @property
    def stream(self) -> str:
        return f"photo:{self.sha256}"

    @property
    def url(self) -> str:
        """展示地址: where a signed-in viewer of its case finds the cleaned picture."""
        return reverse("photo", args=[self.rendition_sha256])

    @property
    def thumbnail_url(self) -> str:
        return f"{self.url}?size=thumb"

    def file(self, *, thumbnail: bool = False) -> Path:
        """文件: the cleaned picture or its thumbnail on disk."""
        return files.rendition_path(self.sha256, self.pipeline, thumbnail=thumbnail)

    def distance(self, other: Photo) -> int:
        """差异: bits in which two perceptual hashes differ; up to 6 is nearly the same."""
        return (int(self.phash, 16) ^ int(other.phash, 16)).bit_count()

    @property
    def position(self) -> tuple[Decimal, Decimal] | None:
        return None if self.lon is None or self.lat is None else (self.lon, self.lat)


def uploads_since(actor: str, since: datetime) -> int:
    """上传数: how many new photos `actor` has brought in since then."""
    return Photo.objects.filter(uploaded_by=actor, created_at__gte=since).count()
