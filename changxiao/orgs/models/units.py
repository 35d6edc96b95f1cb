"""机构 Unit: the bodies of city management as one tree, names and contracts through time.

Kinds follow GB/T 30428.1 and domain.md §5.2: two centres apart from each other, departments that
handle, and the units below them down to the squad. A unit is never deleted: it ends, and says who
took its place.
"""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from changxiao.orgs.models.dated import Dated, DatedQuerySet


class UnitQuerySet(DatedQuerySet["Unit"]):
    """机构查询."""

    def under(self, path: str) -> UnitQuerySet:
        """所属: the unit at `path` and all below it; "" is every unit."""
        return self.filter(path__startswith=path)


class Unit(Dated):
    """机构: one node of the tree; `path` "0001.0004." is a prefix of all that stand below it."""

    class Kind(models.TextChoices):
        """机构类别 (GB/T 30428.1)."""

        OFFICE = "office", _("机关")
        SUPERVISION_CENTER = "supervision_center", _("监督中心")
        COMMAND_CENTER = "command_center", _("指挥中心")
        DEPARTMENT = "department", _("处置部门")
        OVERSIGHT_DEPARTMENT = "oversight_department", _("主管部门")
        SUBCENTER = "subcenter", _("区中心")
        SUBDISTRICT = "subdistrict", _("街道")
        SQUAD = "squad", _("班组")
        MAINTENANCE_CONTRACTOR = "maintenance_contractor", _("管养单位")
        OWNER_UNIT = "owner_unit", _("权属单位")

    class WindowKind(models.TextChoices):
        """作息类别: which working windows count for the unit (catalog.WorkWindow)."""

        OFFICE = "office", _("机关作息")
        SANITATION = "sanitation", _("环卫作息")
        NIGHT = "night", _("夜班作息")

    code = models.CharField(_("代码"), max_length=32, unique=True)
    name = models.CharField(_("名称"), max_length=120)
    kind = models.CharField(_("类别"), max_length=24, choices=Kind.choices, db_index=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    path = models.CharField(_("层级"), max_length=120, unique=True)
    oversight = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="overseen"
    )
    area_code = models.CharField(_("区划代码"), max_length=24, blank=True, default="")
    window_kind = models.CharField(
        _("作息"), max_length=12, choices=WindowKind.choices, default=WindowKind.OFFICE
    )
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="predecessors"
    )
    generated = models.BooleanField(_("示例数据"), default=False)

    objects = UnitQuerySet.as_manager()

    class Meta(Dated.Meta):
        ordering = ["path"]
        indexes = [models.Index(fields=["area_code"], name="orgs_unit_area")]
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(
                condition=Q(successor__isnull=True) | Q(until_date__isnull=False),
                name="orgs_unit_with_successor_has_ended",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def stream(self) -> str:
        """记录流: the name of the unit's stream in the ledger."""
        return f"unit:{self.code}"

    def name_on(self, day: date) -> str:
        """当时名称: what the unit was called that day; its first name before it was founded."""
        names = list(self.names.order_by("since_date"))
        known = [row.name for row in names if row.since_date <= day]
        return known[-1] if known else names[0].name if names else self.name

    def lasting(self) -> Unit:
        """现承接机构: the unit that stands for this one today, over any number of mergers."""
        unit = self
        while unit.successor is not None:
            unit = unit.successor
        return unit


class UnitName(Dated):
    """机构名称: a name and the days it was borne."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="names")
    name = models.CharField(_("名称"), max_length=120)

    objects = DatedQuerySet["UnitName"].as_manager()

    class Meta(Dated.Meta):
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=["unit"],
                condition=Q(until_date__isnull=True),
                name="orgs_unitname_one_now",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ContractSection(Dated):
    """标段: what a maintenance contractor 管养单位 does under which contract, where, for whom."""

    contract_number = models.CharField(_("合同编号"), max_length=64)
    section = models.CharField(_("标段"), max_length=64)
    contractor = models.ForeignKey(Unit, models.PROTECT, related_name="sections")
    oversight = models.ForeignKey(Unit, models.PROTECT, related_name="overseen_sections")
    # A JSON list of area codes, each a prefix: a section is seldom more than a handful of streets.
    area_codes = models.JSONField(_("区划代码"), default=list)
    work = models.CharField(_("管养内容"), max_length=120, blank=True, default="")

    objects = DatedQuerySet["ContractSection"].as_manager()

    class Meta(Dated.Meta):
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=["contract_number", "section"], name="orgs_contractsection_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract_number} {self.section}"

    @property
    def stream(self) -> str:
        """记录流."""
        return f"section:{self.contract_number}/{self.section}"

    def covers(self, area_code: str) -> bool:
        """是否管到: whether the place lies in one of the section's areas."""
        return any(area_code.startswith(code) for code in self.area_codes)
