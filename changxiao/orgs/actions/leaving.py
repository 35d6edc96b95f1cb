"""离岗交接与账号停用: what a person held passes on in one act, and no door stays open behind."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.orgs.actions.base import Doing, doing, end_access, locked
from changxiao.orgs.actions.people import appointment_body, check_appointment, fill_role
from changxiao.orgs.models import ApiToken, Appointment, DutyRoster, Staff, UnitRole


def hand_over(staff: Staff, *, to: Staff | None, act: Act) -> Staff:
    """离岗交接: all appointments, roles and coming shifts end today and pass to `to`, and the
    leaver's account closes. Without a successor, posts end, roles show as vacant, shifts fall away.

    Raises Refused("handed_to_oneself", "administrators_apart", "staff_inactive"), and then nothing
    has changed.
    """
    taker = to.username if to else ""
    with doing("hand_over", act, stream=staff.stream, concerned=taker) as now:
        staff, to = _both(staff, to)
        body: dict[str, Any] = {
            "to": to.username if to else None,
            "appointments": _pass_appointments(staff, to, now),
            "roles": _pass_roles(staff, to, now),
            "shifts": _pass_shifts(staff, to, now),
        }
        _close(staff, now)
        now.record(**body)
    return staff


def _both(staff: Staff, to: Staff | None) -> tuple[Staff, Staff | None]:
    if to and to.pk == staff.pk:
        raise Refused("handed_to_oneself", _("交接人与接替人不能是同一人"), field="to")
    # In the order of keys, so that two hand-overs that cross do not wait for each other forever.
    pks = sorted(person.pk for person in (staff, to) if person)
    rows = Staff.objects.select_for_update().order_by("pk").in_bulk(pks)
    return rows[staff.pk], rows[to.pk] if to else None


def _pass_appointments(staff: Staff, to: Staff | None, now: Doing) -> list[dict[str, str | None]]:
    rows = list(staff.appointments.open(now.day).select_related("unit").order_by("id"))
    passed = [appointment_body(row) for row in rows]
    for row in rows:
        until, row.until_date = row.until_date, max(now.day, row.since_date)
        row.save(update_fields=["until_date"])
        if to and not _has(to, row, now):
            heir = Appointment(staff=to, post=row.post, unit=row.unit, area_code=row.area_code)
            heir.since_date, heir.until_date = row.until_date, until
            check_appointment(heir)
            heir.save(force_insert=True)
    return passed


def _has(to: Staff, row: Appointment, now: Doing) -> bool:
    same = to.appointments.open(now.day)
    return same.filter(post=row.post, unit=row.unit, area_code=row.area_code).exists()


def _pass_roles(staff: Staff, to: Staff | None, now: Doing) -> list[dict[str, str]]:
    rows = UnitRole.objects.filter(staff=staff, until_date=None).select_related("unit")
    passed = []
    for row in rows.order_by("id"):
        fill_role(row.unit, role=row.role, line=row.line, staff=to, now=now)
        passed.append({"unit": row.unit.code, "role": str(row.role), "line": row.line})
    return passed


def _pass_shifts(staff: Staff, to: Staff | None, now: Doing) -> int:
    coming = DutyRoster.objects.filter(staff=staff, date__gte=now.day)
    count = coming.count()
    if to:
        taken = set(
            DutyRoster.objects.filter(staff=to, date__gte=now.day).values_list(
                "unit", "date", "shift"
            )
        )
        # The leaver's own number is nobody's duty number any more.
        for row in coming:
            if (row.unit_id, row.date, row.shift) not in taken:
                DutyRoster.objects.filter(pk=row.pk).update(staff=to, phone=to.phone)
    DutyRoster.objects.filter(staff=staff, date__gte=now.day).delete()
    return count


def deactivate(staff: Staff, *, act: Act) -> Staff:
    """停用账号: sessions and tokens die with the next request (P18); posts wait for hand_over."""
    with doing("deactivate", act, stream=staff.stream, concerned=staff.username) as now:
        staff = locked(staff)
        if not staff.is_active:
            raise Refused(
                "staff_inactive", _("%(name)s的账号已停用") % {"name": staff.name}, field="staff"
            )
        tokens = _close(staff, now)
        now.record(tokens=tokens)
    return staff


def _close(staff: Staff, now: Doing) -> int:
    staff.is_active = False
    staff.save(update_fields=["is_active"])
    end_access(staff)
    return ApiToken.objects.filter(staff=staff, revoked_at=None).update(revoked_at=now.at)


def reactivate(staff: Staff, *, act: Act) -> Staff:
    """恢复账号: old sessions and tokens stay dead; the password must be changed."""
    with doing("reactivate", act, stream=staff.stream, concerned=staff.username) as now:
        staff = locked(staff)
        staff.is_active, staff.must_change_password = True, True
        staff.save(update_fields=["is_active", "must_change_password"])
        now.record()
    return staff


def end_sessions(staff: Staff, *, act: Act) -> Staff:
    """结束会话: every session of the person, on all devices; tokens stay."""
    with doing("end_sessions", act, stream=staff.stream, concerned=staff.username) as now:
        staff = locked(staff)
        end_access(staff)
        now.record()
    return staff
