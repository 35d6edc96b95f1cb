"""上传的表格: a table that an administrator is working on, kept as it came until it was applied."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class SheetDraft(models.Model):
    """表格草稿: an uploaded table before, and for a month after, it was applied; what it changed
    stands in the entries."""

    class Kind(models.TextChoices):
        """哪张表."""

        CRITERIA = "criteria", _("立案标准")
        DUTIES = "duties", _("责任表")
        PLACES = "places", _("场所类型")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("类型"), max_length=8, choices=Kind.choices)
    actor = models.CharField(_("上传人"), max_length=64)
    name = models.CharField(_("文件名"), max_length=120)
    data = models.BinaryField(_("内容"))
    uploaded_at = models.DateTimeField(_("上传时间"))
    applied_at = models.DateTimeField(_("执行时间"), null=True)
    edit_count = models.PositiveIntegerField(_("修改条数"), default=0)

    class Meta:
        verbose_name = _("表格草稿")
        indexes = [models.Index(fields=["actor", "-uploaded_at"], name="sheet_draft_of")]

    def __str__(self) -> str:
        return self.name
