"""人员入职、修改、任免与密码."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.orgs import rules
from changxiao.orgs.actions.base import Doing, day_text, doing, locked, sealed
from changxiao.orgs.models import Appointment, PastPassword, Staff, Unit
from changxiao.orgs.posts import ADMINISTRATORS, Post


def hire(*, username: str, name: str, act: Act, unit: Unit | None = None, phone: str = "") -> Staff:
    """人员入职: a person without posts and without a usable password (set_password gives one).

    Refused `username_unreadable`, `username_taken`, `name_missing`, `phone_unreadable`.
    """
    username = rules.username(username)
    with doing("hire", act, stream=f"staff:{username}") as now:
        if Staff.objects.filter(username__iexact=username).exists():
            raise Refused(
                "username_taken",
                _("用户名“%(username)s”已被使用，请换一个") % {"username": username},
                field="username",
            )
        staff = Staff(username=username, name=rules.person_name(name), unit=unit)
        staff.phone = rules.phone_number(phone)
        staff.must_change_password = True
        staff.set_unusable_password()
        staff.save(force_insert=True)
        now.record(**body_of(staff), phone=sealed(staff.phone), was=None)
    return staff


def edit_staff(staff: Staff, *, name: str, unit: Unit | None, phone: str, act: Act) -> Staff:
    """修改人员: name, unit and phone. Refused `name_missing`, `phone_unreadable`, `unit_ended`."""
    with doing("edit_staff", act, stream=staff.stream) as now:
        staff = locked(staff)
        was: dict[str, str] = body_of(staff)
        number = rules.phone_number(phone)
        if unit and not unit.holds_on(now.day):
            raise Refused("unit_ended", _("“%(unit)s”已撤销") % {"unit": unit.name}, field="unit")
        told: dict[str, str] = {}
        if number != staff.phone:
            # Both sealed: an undo can put the old number back, and the log shows neither.
            was["phone"], told["phone"] = sealed(staff.phone), sealed(number)
        staff.name, staff.unit, staff.phone = rules.person_name(name), unit, number
        told |= body_of(staff)
        if told != was:
            staff.save(update_fields=["name", "unit", "phone"])
            now.record(**told, was=was)
    return staff


def body_of(staff: Staff) -> dict[str, str]:
    """人员内容, as an entry holds it; the phone only as a commitment, where it changes."""
    return {"name": staff.name, "unit": staff.unit.code if staff.unit else ""}


def appoint(
    staff: Staff,
    *,
    post: str,
    act: Act,
    unit: Unit | None = None,
    area_code: str = "",
    since: date | None = None,
    until: date | None = None,
    stands_in_for: Staff | None = None,
) -> Appointment:
    """任命岗位: from `since` (today) until `until` (open). The three administrators stay apart.

    A stand-in 顶班 names whom for, and its last day. Refused `post_unknown`, `staff_inactive`,
    `administrators_apart`, `appointed_already`, `days_out_of_order`, `stand_in_without_end`,
    `post_not_held`.
    """
    with doing("appoint", act, stream=staff.stream, concerned=staff.username) as now:
        staff = locked(staff)
        row = Appointment(staff=staff, post=post, unit=unit, area_code=area_code)
        row.since_date, row.until_date = since or now.day, until
        row.stands_in_for = stands_in_for
        check_appointment(row)
        _check_stand_in(row)
        row.save(force_insert=True)
        now.record(**appointment_body(row), was=None)
    return row


def _check_stand_in(row: Appointment) -> None:
    away = row.stands_in_for
    if away is None:
        return
    if away.pk == row.staff_id:
        raise Refused("not_for_oneself", _("不能顶自己的班"), field="stands_in_for")
    if row.until_date is None:
        raise Refused("stand_in_without_end", _("顶班须写明到哪一天为止"), field="until")
    if not away.appointments.open(row.since_date).filter(post=row.post).exists():
        values = {"name": away.name, "post": Post(row.post).label}
        message = _("%(name)s在这些日期没有担任“%(post)s”，无从顶班") % values
        raise Refused("post_not_held", message, field="stands_in_for")


def check_appointment(row: Appointment) -> None:
    """核对任命: whether the person may take the post in those days; asked under the lock."""
    if row.post not in Post.values:
        raise Refused("post_unknown", _("岗位“%(post)s”不存在") % {"post": row.post}, field="post")
    if row.until_date and row.until_date <= row.since_date:
        message = _("结束日期%(until)s须晚于开始日期%(since)s") % {
            "until": row.until_date,
            "since": row.since_date,
        }
        raise Refused("days_out_of_order", message, field="until")
    if row.unit and row.unit.until_date and row.unit.until_date <= row.since_date:
        message = _("“%(unit)s”已撤销") % {"unit": row.unit.name}
        raise Refused("unit_ended", message, field="unit")
    if row.post in ADMINISTRATORS and (row.unit or row.area_code):
        message = _("三员管全市，不分单位和区域")
        raise Refused("administrators_city_wide", message, field="unit")
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


def appointment_body(row: Appointment) -> dict[str, Any]:
    """任职入账形式."""
    return {
        "post": str(row.post),
        "unit": row.unit.code if row.unit else None,
        "area": row.area_code,
        "since": day_text(row.since_date),
        "until": day_text(row.until_date),
        "stands_in_for": row.stands_in_for.username if row.stands_in_for else "",
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
        was = appointment_body(row)
        row.until_date = max(now.day, row.since_date)
        row.save(update_fields=["until_date"])
        now.record(**appointment_body(row), was=was)
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
