"""时间规则的表: stage limits, area grades, periods, emergencies, the calendar and the windows."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from changxiao.catalog.models.limited import Limited
from changxiao.kernel.worktime import Window
from changxiao.orgs.models.dated import Dated, DatedQuerySet

_FACTOR = Q(factor__gt=0) & Q(factor__lte=10)
_MONTH_DAY = r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"


class ClockStage(models.TextChoices):
    """计时环节: the stages of the road that have a clock of their own, by the words of the flow."""

    REPORTED = "reported", _("受理")
    CONFIRMING = "confirming", _("核实")
    ACCEPTED = "accepted", _("立案")
    FILED = "filed", _("派遣")
    HANDLED = "handled", _("核查")
    VERIFIED = "verified", _("结案")


class StageLimit(Limited):
    """环节时限: how long a desk may take over its step (domain.md §5.7); handling has criteria."""

    stage = models.CharField(_("环节"), max_length=12, choices=ClockStage.choices)
    urgent = models.BooleanField(_("紧急"), default=False)
    window_kind = models.CharField(_("作息"), max_length=12, default="office")

    class Meta:
        verbose_name = _("环节时限")
        constraints = [
            *Limited.Meta.constraints,
            models.UniqueConstraint(fields=["stage", "urgent"], name="stage_limit_once"),
        ]

    def __str__(self) -> str:
        return f"{ClockStage(self.stage).label} {self.limit}"

    @property
    def stream(self) -> str:
        """记录流."""
        return f"stage_limit:{self.stage}:{'urgent' if self.urgent else 'normal'}"


class AreaGrade(Dated):
    """区域等级: a factor on limits within an area (prefix); the longest prefix decides."""

    area_code = models.CharField(_("区划代码"), max_length=24)
    grade = models.CharField(_("等级"), max_length=40)
    factor = models.DecimalField(_("时限系数"), max_digits=6, decimal_places=4)

    objects = DatedQuerySet["AreaGrade"].as_manager()

    class Meta:
        verbose_name = _("区域等级")
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(condition=_FACTOR, name="area_grade_factor"),
            models.UniqueConstraint(
                fields=["area_code"], condition=Q(until_date__isnull=True), name="area_grade_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area_code} {self.grade}"

    @property
    def stream(self) -> str:
        """记录流: the grades of an area, one after the other; "*" is the whole city."""
        return f"area_grade:{self.area_code or '*'}"


class PeriodOverlay(models.Model):
    """时期叠加: 迎检 or a festival changes limits by a factor from a day to a day, both included.

    `keys` are subject keys or prefixes ("e01", "c0101"); an empty list means everything.
    """

    name = models.CharField(_("名称"), max_length=80, unique=True)
    from_date = models.DateField(_("开始日期"))
    to_date = models.DateField(_("结束日期"))
    factor = models.DecimalField(_("时限系数"), max_digits=6, decimal_places=4)
    area_code = models.CharField(_("区划代码"), max_length=24, blank=True, default="")
    keys = models.JSONField(_("适用小类"), default=list, blank=True)

    class Meta:
        verbose_name = _("时期叠加")
        constraints = [
            models.CheckConstraint(condition=_FACTOR, name="period_overlay_factor"),
            models.CheckConstraint(
                condition=Q(to_date__gte=F("from_date")), name="period_overlay_days_in_order"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def stream(self) -> str:
        """记录流."""
        return f"overlay:{self.name}"


class Emergency(models.Model):
    """应急令: a declared emergency pauses the named non-urgent limits in an area, from–to.

    `to_at` is open until the order is lifted. `keys` as in PeriodOverlay; empty means every
    non-urgent limit.
    """

    order_number = models.CharField(_("文号"), max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=80)
    area_code = models.CharField(_("区划代码"), max_length=24, blank=True, default="")
    from_at = models.DateTimeField(_("开始时间"))
    to_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    keys = models.JSONField(_("适用小类"), default=list, blank=True)
    lifted = models.BooleanField(_("已解除"), default=False)

    class Meta:
        verbose_name = _("应急令")
        indexes = [models.Index(fields=["from_at", "to_at"], name="emergency_span")]
        constraints = [
            models.CheckConstraint(
                condition=Q(to_at__isnull=True) | Q(to_at__gte=F("from_at")),
                name="emergency_times_in_order",
            )
        ]

    def __str__(self) -> str:
        return f"{self.order_number} {self.name}"

    @property
    def stream(self) -> str:
        """记录流."""
        return f"emergency:{self.order_number}"


class CalendarDay(models.Model):
    """日历: a day that is not what its weekday says (State Council notices, 调休)."""

    date = models.DateField(_("日期"), unique=True)
    is_workday = models.BooleanField(_("工作日"))
    name = models.CharField(_("名称"), max_length=40, blank=True, default="")
    source = models.CharField(_("出处"), max_length=200, blank=True, default="")

    class Meta:
        verbose_name = _("日历")
        ordering = ["date"]

    def __str__(self) -> str:
        return f"{self.date} {self.name}"

    @property
    def stream(self) -> str:
        """记录流."""
        return f"calendar:{self.date.isoformat()}"


class WorkWindow(models.Model):
    """工作时段: when a kind of unit works; an end not after its start lies on the next day."""

    window_kind = models.CharField(_("作息"), max_length=12)
    weekdays = models.PositiveSmallIntegerField(_("星期"), default=0b0011111)
    season_from = models.CharField(_("季节起"), max_length=5, default="01-01")
    season_to = models.CharField(_("季节止"), max_length=5, default="12-31")
    start = models.TimeField(_("开始"))
    end = models.TimeField(_("结束"))
    holidays = models.BooleanField(_("节假日照常"), default=False)

    class Meta:
        verbose_name = _("工作时段")
        ordering = ["window_kind", "season_from", "start"]
        constraints = [
            models.UniqueConstraint(
                fields=["window_kind", "weekdays", "season_from", "start"], name="work_window_once"
            ),
            models.CheckConstraint(
                condition=Q(weekdays__gte=1) & Q(weekdays__lte=0b1111111), name="work_window_week"
            ),
            models.CheckConstraint(
                condition=Q(season_from__regex=_MONTH_DAY) & Q(season_to__regex=_MONTH_DAY),
                name="work_window_season",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.window_kind} {self.start:%H:%M}–{self.end:%H:%M}"

    def window(self) -> Window:
        """时段: the row as the engine reads it."""
        return Window(
            self.start, self.end, self.weekdays, self.season_from, self.season_to, self.holidays
        )
