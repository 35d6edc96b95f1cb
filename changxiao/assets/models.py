"""部件的表: components where they stand, and the censuses that brought them."""

from __future__ import annotations

from math import cos, radians
from typing import Any

from django.db import models
from django.db.models import F, FloatField, Q
from django.db.models.functions import Sqrt
from django.utils.translation import gettext_lazy as _

from changxiao.kernel.scope import ScopedManager

# Metres in a degree of latitude on the mean sphere; near a point that is true to half a percent.
DEGREE = 111_195.0


class State(models.TextChoices):
    """状态 of a component (domain.md §2, GB/T 30428.2)."""

    INTACT = "intact", _("完好")
    DAMAGED = "damaged", _("破损")
    LOST = "lost", _("丢失")
    ABOLISHED = "abolished", _("废除")
    REMOVED = "removed", _("移除")


class Census(models.Model):
    """普查: one survey file taken in; the same bytes again are the same census."""

    digest = models.CharField(_("文件校验值"), max_length=64, unique=True)
    name = models.CharField(_("文件名"), max_length=200)
    started_at = models.DateTimeField(_("开始时间"))
    finished_at = models.DateTimeField(_("完成时间"), null=True)
    row_count = models.PositiveIntegerField(_("已读行数"), default=0)
    created_count = models.PositiveIntegerField(_("新增"), default=0)
    changed_count = models.PositiveIntegerField(_("变更"), default=0)
    unchanged_count = models.PositiveIntegerField(_("无变化"), default=0)
    refused_count = models.PositiveIntegerField(_("未收"), default=0)
    # A running SHA-256 over the accepted rows, so that the one entry of a census commits to them.
    rows_digest = models.CharField(_("行校验值"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("普查")

    def __str__(self) -> str:
        return self.name

    @property
    def stream(self) -> str:
        return f"census:{self.digest}"


class ComponentQuerySet(models.QuerySet["Component"]):
    """部件查询."""

    def near(self, lon: float, lat: float, metres: float, limit: int = 20) -> ComponentQuerySet:
        """附近部件: at most `limit` within `metres`, nearest first, each with its `metres`.

        A range of latitudes in one index (lat, lon), which both databases read without the table;
        a whole city is a few kilometres high, so the range holds few rows.
        """
        high = metres / DEGREE
        wide = high / max(cos(radians(lat)), 0.01)
        north = (F("lat") - lat) * DEGREE
        east = (F("lon") - lon) * DEGREE * cos(radians(lat))
        away = Sqrt(north * north + east * east, output_field=FloatField())
        inside = self.filter(
            lat__range=(lat - high, lat + high), lon__range=(lon - wide, lon + wide)
        )
        return inside.annotate(metres=away).filter(metres__lte=metres).order_by("metres")[:limit]

    def standing(self) -> ComponentQuerySet:
        """在用: those that are still there, whole or damaged."""
        return self.filter(state__in=[State.INTACT, State.DAMAGED, State.LOST])

    def search(self, words: str) -> ComponentQuerySet:
        """查找: by the beginning of the code, or by a part of the name."""
        words = words.strip()
        if words.isdigit():
            return self.filter(code__startswith=words)
        return self.filter(name__contains=words) if words else self


Scoped = ScopedManager.from_queryset(ComponentQuerySet)
Everything = models.Manager.from_queryset(ComponentQuerySet)


class Component(models.Model):
    """部件: one thing at one place; `code` is district 6 + class 2 + sub-class 2 + number 6."""

    code = models.CharField(_("部件代码"), max_length=16, unique=True)
    subcategory = models.ForeignKey(
        "catalog.Subcategory", models.PROTECT, related_name="+", verbose_name=_("小类")
    )
    name = models.CharField(_("名称"), max_length=120)
    lon = models.FloatField(_("经度"))  # degrees, WGS-84
    lat = models.FloatField(_("纬度"))
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.INTACT)
    owner_unit = models.ForeignKey(
        "orgs.Unit", models.PROTECT, null=True, related_name="+", verbose_name=_("权属单位")
    )
    maintainer = models.ForeignKey(
        "orgs.Unit", models.PROTECT, null=True, related_name="+", verbose_name=_("管养单位")
    )
    oversight = models.ForeignKey(
        "orgs.Unit", models.PROTECT, null=True, related_name="+", verbose_name=_("主管部门")
    )
    unit_grid_code = models.CharField(_("所在单元网格"), max_length=24, blank=True, db_index=True)
    attributes: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(
        _("其他属性"), default=dict
    )
    census = models.ForeignKey(Census, models.PROTECT, null=True, related_name="+")
    updated_at = models.DateTimeField(_("更新时间"))
    head = models.ForeignKey("ledger.Entry", models.PROTECT, null=True, related_name="+")

    objects = Scoped("changxiao.assets.access.reach")
    everything = Everything()

    class Meta:
        verbose_name = _("部件")
        base_manager_name = "everything"
        indexes = [
            models.Index(fields=["lat", "lon"], name="component_place"),
            models.Index(fields=["subcategory", "code"], name="component_kind"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(code__regex=r"^[0-9]{16}$"), name="component_code_16_digits"
            ),
            models.CheckConstraint(
                condition=Q(lon__range=(-180, 180)) & Q(lat__range=(-90, 90)),
                name="component_on_earth",
            ),
            models.CheckConstraint(
                condition=Q(state__in=State.values), name="component_state_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.code}"

    @property
    def stream(self) -> str:
        return f"component:{self.code}"
