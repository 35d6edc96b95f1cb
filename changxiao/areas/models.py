"""地域的表: one row a district, street, community, duty grid and unit grid, and the home's city.

Reference data: public, without scope. Codes of different schemes may be alike and mean different
places (440507003 is 珠池 in the statistics, 鸥汀 on maps), so each row says its scheme.
"""

from __future__ import annotations

import json
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Scheme(models.TextChoices):
    """编码来源: whose codes they are."""

    STATS = "stats", _("统计用区划代码")
    MAP = "map", _("地图区划代码")
    GENERATED = "generated", _("自编代码")


class Area(models.Model):
    """地域: what each level has. `outline` is JSON: polygons of rings of lon, lat in WGS-84."""

    code = models.CharField(_("代码"), max_length=20, unique=True)
    name = models.CharField(_("名称"), max_length=100)
    scheme = models.CharField(_("编码来源"), max_length=10, choices=Scheme.choices)
    generated = models.BooleanField(_("边界为生成"), default=False)
    outline = models.TextField(_("边界"))
    west = models.FloatField(_("西"))
    south = models.FloatField(_("南"))
    east = models.FloatField(_("东"))
    north = models.FloatField(_("北"))

    class Meta:
        abstract = True
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    @property
    def geometry(self) -> dict[str, Any]:
        """GeoJSON 几何: for maps."""
        return {"type": "MultiPolygon", "coordinates": json.loads(self.outline)}


class District(Area):
    """区: district or county of the city, 6 digits."""

    name_en = models.CharField(_("英文名"), max_length=100, blank=True)

    class Meta(Area.Meta):
        verbose_name = _("区")


class Subdistrict(Area):
    """街道: street or town, 9 digits where the city's data do not say otherwise."""

    district = models.ForeignKey(
        District, models.PROTECT, related_name="subdistricts", verbose_name=_("区")
    )

    class Meta(Area.Meta):
        verbose_name = _("街道")


class Community(Area):
    """社区: residents' or villagers' committee, 12 digits; short names repeat in a city."""

    subdistrict = models.ForeignKey(
        Subdistrict, models.PROTECT, related_name="communities", verbose_name=_("街道")
    )

    class Meta(Area.Meta):
        verbose_name = _("社区")
        verbose_name_plural = _("社区")


class DutyGrid(Area):
    """责任网格: the unit grids that one collector patrols."""

    community = models.ForeignKey(
        Community, models.PROTECT, related_name="duty_grids", verbose_name=_("社区")
    )

    class Meta(Area.Meta):
        verbose_name = _("责任网格")


class UnitGrid(Area):
    """单元网格: about 10 000 m² (GB/T 30428.1), numbered inside its community."""

    community = models.ForeignKey(
        Community, models.PROTECT, related_name="unit_grids", verbose_name=_("社区")
    )
    duty_grid = models.ForeignKey(
        DutyGrid, models.PROTECT, related_name="unit_grids", verbose_name=_("责任网格")
    )

    class Meta(Area.Meta):
        verbose_name = _("单元网格")


class HomeCity(models.Model):
    """本市: the one city of this home. `digest` tells which data its areas were loaded from."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    code = models.CharField(_("城市代码"), max_length=20)
    name = models.CharField(_("城市名称"), max_length=100)
    digest = models.CharField(_("数据校验值"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("本市")
        constraints = [models.CheckConstraint(condition=Q(id=1), name="areas_one_home_city")]

    def __str__(self) -> str:
        return self.name
