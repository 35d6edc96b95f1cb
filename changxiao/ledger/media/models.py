"""照片 Photo: one original by its content, its cleaned rendition, and what it says of itself.

A paper 材料 (PDF, xlsx) and a short clip 录音录像 are rows here too, and no models of their own:
cases, flags, orphans, backup, export and verification name one kind of thing by one hash, and a
second table would ask all of them twice. They have no likeness and no rendition; people get the
very file.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from changxiao.ledger.media import files, recording
from changxiao.ledger.media.pdf import PDF
from changxiao.ledger.media.workbook import XLSX

_Q = models.Q
_ADDRESSES = {PDF: "document", XLSX: "workbook"}
PAPERS = frozenset(_ADDRESSES)


class Photo(models.Model):
    """照片: `sha256` of the original names it. The row stands only when all its files do (A-01).

    `lon`, `lat` are WGS-84 degrees and `taken_at` the camera's time, both claimed by the picture;
    `evidence` holds the rest as decimal strings (docs/photos.md). `phash` is a 64-bit dHash. A clip
    has `duration_ms`, and `sound` where it has a track of it.
    """

    sha256 = models.CharField(_("校验值"), max_length=64, unique=True)
    bytes = models.PositiveIntegerField(_("字节数"))
    type = models.CharField(_("类型"), max_length=80)
    width = models.PositiveIntegerField(_("宽"), null=True)
    height = models.PositiveIntegerField(_("高"), null=True)
    pages = models.PositiveIntegerField(_("页数"), null=True)
    duration_ms = models.PositiveIntegerField(_("时长（毫秒）"), null=True)
    sound = models.BooleanField(_("有声音"), default=False)
    rendition_sha256 = models.CharField(_("展示件校验值"), max_length=64, blank=True, db_index=True)
    rendition_bytes = models.PositiveIntegerField(_("展示件字节数"), default=0)
    thumbnail_sha256 = models.CharField(_("缩略图校验值"), max_length=64, blank=True)
    pipeline = models.CharField(_("处理版本"), max_length=16)
    phash = models.CharField(_("感知指纹"), max_length=16, blank=True, db_index=True)
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
            models.CheckConstraint(
                condition=_Q(
                    type__in=sorted(PAPERS), width=None, height=None, rendition_sha256="", phash=""
                )
                & _Q(duration_ms=None, sound=False)
                | _Q(type__in=recording.EXTENSIONS, duration_ms__isnull=False, pages=None)
                & _Q(rendition_sha256="", phash="")
                | ~_Q(type__in=[*sorted(PAPERS), *recording.EXTENSIONS])
                & _Q(width__isnull=False, height__isnull=False, pages=None)
                & _Q(duration_ms=None, sound=False)
                & ~_Q(rendition_sha256=""),
                name="photo_picture_paper_or_clip",
            ),
        ]

    @property
    def stream(self) -> str:
        return f"photo:{self.sha256}"

    @property
    def is_document(self) -> bool:
        """材料: a PDF or an xlsx, which is kept and handed out as it came and shown nowhere."""
        return self.type in PAPERS

    @property
    def is_recording(self) -> bool:
        """录音录像: a clip, which is kept and played as it came."""
        return self.type in recording.EXTENSIONS

    @property
    def is_picture(self) -> bool:
        """照片 proper: what has a rendition, can be like another, and may become public."""
        return not (self.is_document or self.is_recording)

    @property
    def is_video(self) -> bool:
        """录像, and not only a voice."""
        return self.type.startswith("video/")

    @property
    def seconds(self) -> int:
        """时长 in whole seconds, at least one."""
        return max(1, round((self.duration_ms or 0) / 1000))

    @property
    def url(self) -> str:
        """展示地址: where a signed-in viewer of its case finds the cleaned picture, the paper
        or the clip."""
        if self.is_recording:
            return reverse("recording", args=[self.sha256])
        if self.is_document:
            return reverse(_ADDRESSES[self.type], args=[self.sha256])
        return reverse("photo", args=[self.rendition_sha256])

    @property
    def thumbnail_url(self) -> str:
        return f"{self.url}?size=thumb"

    def file(self, *, thumbnail: bool = False) -> Path:
        """文件: the cleaned picture or its thumbnail on disk."""
        return files.rendition_path(self.sha256, self.pipeline, thumbnail=thumbnail)

    @property
    def paths(self) -> list[Path]:
        """全部文件: what must lie on disk for this row."""
        original = files.original_path(self.sha256)
        if not self.is_picture:
            return [original]
        return [original, self.file(), self.file(thumbnail=True)]

    def distance(self, other: Photo) -> int:
        """差异: bits in which two perceptual hashes differ; up to 6 is nearly the same."""
        return (int(self.phash, 16) ^ int(other.phash, 16)).bit_count()

    @property
    def position(self) -> tuple[Decimal, Decimal] | None:
        return None if self.lon is None or self.lat is None else (self.lon, self.lat)


def uploads_since(actor: str, since: datetime) -> int:
    """上传数: how many new photos `actor` has brought in since then."""
    return Photo.objects.filter(uploaded_by=actor, created_at__gte=since).count()
