"""人员入职、任免、责任人、排班与密码."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.orgs import rules
from changxiao.orgs.actions.base import Doing, day_text, doing, locked, sealed
from changxiao.orgs.models import (
    Appointment,
    DutyRoster,
    PastPassword,
    Staff,
    Unit,
    UnitRole,
)
from changxiao.orgs.posts import Post


def hire(*, username: str, name: str, act: Act, unit: Unit | None = None, phone: str = "") -> Staff:
    """人员入职: a person without posts and without a usable password (set_password gives one)."""
    with doing("hire", act, stream=f"staff:{username}") as now:
        if Staff.objects.filter(username__iexact=username).exists():
            raise Refused(
                "username_taken",
                _("用户名“%(username)s”已被使用，请换一个") % {"username": username},
                field="username",
            )
        staff = Staff(username=username, name=name, unit=unit, phone=phone)
        staff.must_change_password = True
        staff.set_unusable_password()
        staff.save(force_insert=True)
        now.record(name=name, unit=unit.code if unit else None, phone=sealed(phone))
    return staff


def appoint(
    staff: Staff,
    *,
    post: str,
    act: Act,
    unit: Unit | None = None,
    area_code: str = "",
    since: date | None = None,
    until: date | None = None,
) -> Appointment:
    """任命岗位: from `since` (today) until `until` (open). The three administrators stay apart.

    Raises Refused("post_unknown", "staff_inactive", "administrators_apart", "appointed_already").
    """
    with doing("appoint", act, stream=staff.stream, concerned=staff.username) as now:
        staff = locked(staff)
        row = Appointment(staff=staff, post=post, unit=unit, area_code=area_code)
        row.since_date, row.until_date = since or now.day, until
        check_appointment(row)
        row.save(force_insert=True)
        now.record(**appointment_body(row))
    return row


def check_appointment(row: Appointment) -> None:
    """核对任命: whether the person may take the post in those days; asked under the lock."""
    if row.post not in Post.values:
        raise Refused("post_unknown", _("岗位“%(post)s”不存在") % {"post": row.post}, field="post")
    if not row.staff.is_active:
        raise Refused(
            "staff_inactive",
            _("%(name)s的账号已停用，请先恢复账号") % {"name": row.staff.name},
            field="staff",
        )
    same_days = Appointment.objects.filter(staff=row.staff).open(row.since_date)
    if row.until_date:
        same_days = same_days.filter(since_date__lt=row.until_date)
    rules.check_exclusive(row.post, frozenset(same_days.values_list("post", flat=True)))
    if same_days.filter(post=row.post, unit=row.unit, area_code=row.area_code).exists():
        raise Refused(
            "appointed_already",
            _("%(name)s在这些日期已任“%(post)s”")
            % {"name": row.staff.name, "post": Post(row.post).label},
            field="post",
        )


def appointment_body(row: Appointment) -> dict[str, str | None]:
    """任职入账形式."""
    return {
        "post": str(row.post),
        "unit": row.unit.code if row.unit else None,
        "area": row.area_code,
        "since": day_text(row.since_date),
        "until": day_text(row.until_date),
    }


def dismiss(appointment: Appointment, *, act: Act) -> Appointment:
    """免去岗位: ends today; the rights are gone with the next request."""
    holder = appointment.staff
    with doing("dismiss", act, stream=holder.stream, concerned=holder.username) as now:
        locked(holder)
        row = Appointment.objects.select_related("unit").get(pk=appointment.pk)
        if row.until_date and row.until_date <= now.day:
            raise Refused(
                "ended_already",
                _("该任职已于%(day)s结束") % {"day": row.until_date},
                field="appointment",
            )
        row.until_date = max(now.day, row.since_date)
        row.save(update_fields=["until_date"])
        now.record(**appointment_body(row))
    return row


def set_role(unit: Unit, *, role: str, staff: Staff | None, act: Act, line: str = "") -> UnitRole:
    """确定责任人: head, deputy of a line or liaison from today; `staff=None` declares a vacancy."""
    with doing("set_role", act, stream=unit.stream) as now:
        unit = locked(unit)
        _check_role(role, line)
        replaced = fill_role(unit, role=role, line=line, staff=staff, now=now)
        now.record(
            role=role,
            line=line,
            staff=staff.username if staff else None,
            replaced=replaced.staff.username if replaced and replaced.staff else None,
        )
    return unit.roles.get(role=role, line=line, until_date=None)


def fill_role(
    unit: Unit, *, role: str, line: str, staff: Staff | None, now: Doing
) -> UnitRole | None:
    """换人: end the present holder's days and open the next one's; returns the row that ended."""
    rows = UnitRole.objects.select_related("staff").filter(unit=unit, role=role, line=line)
    old = rows.filter(until_date=None).first()
    if old:
        old.until_date = max(now.day, old.since_date)
        old.save(update_fields=["until_date"])
    UnitRole.objects.create(unit=unit, role=role, line=line, staff=staff, since_date=now.day)
    return old


def _check_role(role: str, line: str) -> None:
    if role not in UnitRole.Role.values:
        raise Refused("role_unknown", _("责任“%(role)s”不存在") % {"role": role}, field="role")
    if line and role != UnitRole.Role.DEPUTY:
        raise Refused("line_not_for_role", _("只有分管领导按分管线设置"), field="line")


def roster(
    unit: Unit, *, day: date, shift: str, staff: Staff, act: Act, phone: str = ""
) -> DutyRoster:
    """排班: put a person on a shift of a day, with the number that is answered then."""
    with doing("roster", act, stream=unit.stream) as now:
        unit = locked(unit)
        if shift not in DutyRoster.Shift.values:
            raise Refused(
                "shift_unknown", _("班次“%(shift)s”不存在") % {"shift": shift}, field="shift"
            )
        row, _new = DutyRoster.objects.update_or_create(
            unit=unit, date=day, shift=shift, staff=staff, defaults={"phone": phone}
        )
        now.record(
            day=day_text(day),
            shift=shift,
            staff=staff.username,
            phone=sealed(phone),
        )
    return row


def set_password(staff: Staff, *, password: str, act: Act) -> Staff:
    """修改密码: by the profile in force; somebody else's password must be changed at first use.

    All other sessions of the person end. Raises Refused("password_weak") with the first reason.
    """
    with doing("set_password", act, stream=staff.stream, concerned=staff.username) as now:
        staff = locked(staff)
        try:
            validate_password(password, staff)
        except ValidationError as weak:
            raise Refused("password_weak", weak.messages[0], field="password") from None
        own = act.actor == staff.username
        store_password(staff, make_password(password), now)
        staff.must_change_password = not own
        staff.save(update_fields=["password", "password_changed_at", "must_change_password"])
        now.record(own=own)
    return staff


def store_password(staff: Staff, encoded: str, now: Doing) -> None:
    """存密码: and keep the last ones, which profile mlps3 does not let a person take again."""
    staff.password, staff.password_changed_at = encoded, now.at
    PastPassword.objects.create(staff=staff, encoded=encoded, set_at=now.at)
    kept = staff.past_passwords.values_list("pk", flat=True)[:5]
    staff.past_passwords.filter(~Q(pk__in=list(kept))).delete()
