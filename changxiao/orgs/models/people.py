"""人员 Staff: who works here, in which posts 岗位, who answers for a unit, and who is on duty.

A person is not a post: rights come from appointments in force that day and from nothing else. The
three administrators of GB/T 22239-2019 8.1.5 are never the same person.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import reduce
from operator import or_

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from changxiao.kernel.scope import ScopedManager
from changxiao.orgs.models.dated import Dated, DatedQuerySet
from changxiao.orgs.models.units import Unit
from changxiao.orgs.posts import ADMINISTRATORS, Post


class StaffManager(BaseUserManager["Staff"]):
    """人员管理器: unscoped, because sign-in looks for a person before anybody is looking."""


class Staff(AbstractBaseUser):
    """人员: one person with one username; phone and e-mail are personal data (access.phone_of)."""

    username = models.CharField(_("用户名"), max_length=64, unique=True)
    name = models.CharField(_("姓名"), max_length=64)
    phone = models.CharField(_("电话"), max_length=32, blank=True, default="")
    email = models.EmailField(_("邮箱"), blank=True, default="")
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="staff", verbose_name=_("单位")
    )
    is_active = models.BooleanField(_("在职"), default=True)
    must_change_password = models.BooleanField(_("须改密码"), default=False)
    password_changed_at = models.DateTimeField(_("密码修改时间"), null=True, blank=True)
    # Raised when all sessions of the person must die at once, and never lowered.
    session_epoch = models.PositiveIntegerField(_("会话批次"), default=0)
    generated = models.BooleanField(_("示例数据"), default=False)

    objects = StaffManager()
    visible = ScopedManager("changxiao.orgs.access.reach")

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("人员")
        verbose_name_plural = _("人员")
        ordering = ["username"]

    def __str__(self) -> str:
        return f"{self.name}（{self.username}）"

    @property
    def stream(self) -> str:
        """记录流: the name of the person's stream in the ledger."""
        return f"staff:{self.username}"

    def get_session_auth_hash(self) -> str:
        """会话指纹: a session dies with the password and with the epoch it was opened under."""
        value = f"{self.password}/{self.session_epoch}"
        salt = "orgs.Staff.session"
        return salted_hmac(salt, value, algorithm="sha256").hexdigest()

    def get_session_auth_fallback_hash(self) -> list[str]:
        """旧密钥指纹: none; a changed secret key signs everybody out."""
        return []


class Appointment(Dated):
    """任职: a post held by a person at a unit over an area, from a day until a day."""

    staff = models.ForeignKey(Staff, models.PROTECT, related_name="appointments")
    post = models.CharField(_("岗位"), max_length=24, choices=Post.choices)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="appointments"
    )
    # Who is away meanwhile 顶班: the stand-in's acts name that person too.
    stands_in_for = models.ForeignKey(
        Staff, models.PROTECT, null=True, blank=True, related_name="stood_in"
    )
    # A prefix of area codes; empty is the whole city.
    area_code = models.CharField(_("区域"), max_length=24, blank=True, default="")

    objects = DatedQuerySet["Appointment"].as_manager()

    class Meta(Dated.Meta):
        indexes = [models.Index(fields=["post", "unit"], name="orgs_appointment_post")]
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(
                condition=Q(post__in=Post.values), name="orgs_appointment_post_known"
            ),
            models.CheckConstraint(
                condition=Q(stands_in_for__isnull=True) | Q(until_date__isnull=False),
                name="orgs_appointment_stand_in_ends",
            ),
            models.UniqueConstraint(
                fields=["staff", "post", "unit", "area_code"],
                condition=Q(until_date__isnull=True),
                name="orgs_appointment_once",
            ),
            # NULL differs from NULL in a unique index, so posts without a unit have their own.
            models.UniqueConstraint(
                fields=["staff", "post", "area_code"],
                condition=Q(until_date__isnull=True, unit__isnull=True),
                name="orgs_appointment_city_once",
            ),
            # GB/T 22239-2019 8.1.5: system, security and audit administrators are three people.
            models.UniqueConstraint(
                fields=["staff"],
                condition=Q(until_date__isnull=True, post__in=ADMINISTRATORS),
                name="orgs_appointment_one_administrator",
            ),
            models.CheckConstraint(
                condition=~Q(post__in=ADMINISTRATORS) | Q(unit__isnull=True, area_code=""),
                name="orgs_appointment_administrators_city_wide",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} {self.post}"


class UnitRole(Dated):
    """责任人: who answers for a unit. A row without a person is a vacancy 空缺 that shows."""

    class Role(models.TextChoices):
        """责任: the head 一把手, the deputies 分管领导 each by line, the liaison 联络员."""

        HEAD = "head", _("一把手")
        DEPUTY = "deputy", _("分管领导")
        LIAISON = "liaison", _("联络员")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="roles")
    role = models.CharField(_("责任"), max_length=8, choices=Role.choices)
    line = models.CharField(_("分管线"), max_length=60, blank=True, default="")
    staff = models.ForeignKey(
        Staff, models.PROTECT, null=True, blank=True, related_name="unit_roles"
    )
    # The units below that a deputy's line is made of; without any it is the whole unit's line.
    covers = models.ManyToManyField(Unit, blank=True, related_name="+", verbose_name=_("分管单位"))

    objects = DatedQuerySet["UnitRole"].as_manager()

    class Meta(Dated.Meta):
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=["unit", "role", "line"],
                condition=Q(until_date__isnull=True),
                name="orgs_unitrole_one_now",
            ),
            models.CheckConstraint(
                condition=Q(role="deputy") | Q(line=""), name="orgs_unitrole_only_deputies_by_line"
            ),
        ]

    def paths(self, day: date) -> list[str]:
        """负责的机构 that day, by path: those that the line names and that stand below still;
        the whole unit where it names none."""
        named = list(self.covers.all())
        if not named:
            return [self.unit.path]
        inside = [one for one in named if one.path.startswith(self.unit.path)]
        return [one.path for one in inside if one.holds_on(day)]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.role} {self.line}".strip()


class DutyRosterQuerySet(models.QuerySet["DutyRoster"]):
    """值班查询."""

    def on(self, day: date) -> DutyRosterQuerySet:
        """当日值班."""
        return self.filter(date=day)

    def running(self, watches: Mapping[str, date]) -> DutyRosterQuerySet:
        """当值: of these watches, each on its day (`kernel.day.watches_at`), with their people."""
        these = [Q(shift=shift, date=day) for shift, day in watches.items()]
        return self.filter(reduce(or_, these)).select_related("staff")


class DutyRoster(models.Model):
    """值班表: who is on duty at a unit on a day and shift, and under which number."""

    class Shift(models.TextChoices):
        """班次."""

        DAY = "day", _("白班")
        NIGHT = "night", _("夜班")
        ALL_DAY = "all_day", _("全天")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="rosters")
    date = models.DateField(_("日期"))
    shift = models.CharField(_("班次"), max_length=8, choices=Shift.choices)
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="rosters")
    phone = models.CharField(_("值班电话"), max_length=32, blank=True, default="")

    objects = DutyRosterQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "date", "shift", "staff"], name="orgs_dutyroster_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.date} {self.shift}"
