"""离岗交接与账号停用: what a person held passes on in one act, and no door stays open behind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.orgs import rules
from changxiao.orgs.actions.base import Doing, doing, end_access, locked
from changxiao.orgs.actions.people import appointment_body, check_appointment
from changxiao.orgs.actions.roles import pass_role
from changxiao.orgs.actions.rosters import pass_watches
from changxiao.orgs.models import ApiToken, Appointment, Staff, UnitRole

Heirs = Mapping[str, Staff | None]
SHIFTS = "shifts"


def hand_over(staff: Staff, *, to: Staff | None, act: Act, heirs: Heirs | None = None) -> Staff:
    """离岗交接: all appointments, roles and coming shifts end today and pass to `to`, or item by
    item to `heirs` (`key_of`, SHIFTS), and the leaver's account closes. Without a successor, posts
    end, roles show as vacant, shifts fall away.

    Raises Refused("handed_to_oneself", "administrators_apart", "staff_inactive"), and then nothing
    has changed.
    """
    chosen = dict(heirs or {})
    takers = {person.pk: person for person in (to, *chosen.values()) if person}
    with doing("hand_over", act, stream=staff.stream) as now:
        for taker in takers.values():
            rules.check("hand_over", act, concerned=taker.username)
        staff, held = _locked(staff, takers)
        chosen = {key: held.get(heir.pk) if heir else None for key, heir in chosen.items()}
        going = _Going(staff, held.get(to.pk) if to else None, chosen, now)
        body: dict[str, Any] = {
            "to": to.username if to else "",
            "appointments": _pass_appointments(going),
            "roles": _pass_roles(going),
            "shifts": pass_watches(staff, to=going.heir(SHIFTS), now=now),
        }
        tokens = _close(staff, now)
        now.record(**body, tokens=tokens, active=False, was={"active": True})
    return staff


@dataclass(frozen=True, slots=True)
class _Going:
    """交接中: who leaves, who takes what, as it stands under the lock."""

    staff: Staff
    to: Staff | None
    heirs: Heirs
    now: Doing

    def heir(self, key: str) -> Staff | None:
        return self.heirs.get(key, self.to)


def key_of(row: Appointment | UnitRole) -> str:
    """交接项: by which `heirs` name one of the things that pass on."""
    return f"{row._meta.model_name}:{row.pk}"


def _locked(staff: Staff, takers: Mapping[int, Staff]) -> tuple[Staff, dict[int, Staff]]:
    if staff.pk in takers:
        raise Refused("handed_to_oneself", _("交接人与接替人不能是同一人"), field="to")
    # In the order of keys, so that two hand-overs that cross do not wait for each other forever.
    pks = sorted([staff.pk, *takers])
    rows = Staff.objects.select_for_update().order_by("pk").in_bulk(pks)
    return rows.pop(staff.pk), rows


def _pass_appointments(going: _Going) -> list[dict[str, Any]]:
    now, passed = going.now, []
    rows = going.staff.appointments.open(now.day).select_related("unit", "stands_in_for")
    for row in list(rows.order_by("id")):
        heir = going.heir(key_of(row))
        passed.append({**appointment_body(row), "to": heir.username if heir else ""})
        until, row.until_date = row.until_date, max(now.day, row.since_date)
        row.save(update_fields=["until_date"])
        if heir and not _has(heir, row, now):
            _succeed(row, heir, until)
    return passed


def _succeed(row: Appointment, heir: Staff, until: date | None) -> None:
    post = Appointment(staff=heir, post=row.post, unit=row.unit, area_code=row.area_code)
    post.since_date, post.until_date = row.until_date or row.since_date, until
    if row.stands_in_for_id != heir.pk:
        post.stands_in_for = row.stands_in_for
    check_appointment(post)
    post.save(force_insert=True)


def _has(to: Staff, row: Appointment, now: Doing) -> bool:
    same = to.appointments.open(now.day)
    return same.filter(post=row.post, unit=row.unit, area_code=row.area_code).exists()


def _pass_roles(going: _Going) -> list[dict[str, str]]:
    rows = UnitRole.objects.filter(staff=going.staff, until_date=None).select_related("unit")
    passed = []
    for row in list(rows.order_by("id")):
        heir = going.heir(key_of(row))
        pass_role(row, to=heir, now=going.now)
        told = {"unit": row.unit.code, "role": str(row.role), "line": row.line}
        passed.append({**told, "to": heir.username if heir else ""})
    return passed


def deactivate(staff: Staff, *, act: Act) -> Staff:
    """停用账号: sessions and tokens die with the next request (P18); posts wait for hand_over."""
    with doing("deactivate", act, stream=staff.stream, concerned=staff.username) as now:
        staff = locked(staff)
        if not staff.is_active:
            raise Refused(
                "staff_inactive", _("%(name)s的账号已停用") % {"name": staff.name}, field="staff"
            )
        tokens = _close(staff, now)
        now.record(tokens=tokens, active=False, was={"active": True})
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
        now.record(active=True, was={"active": False})
    return staff


def end_sessions(staff: Staff, *, act: Act) -> Staff:
    """结束会话: every session of the person, on all devices; tokens stay."""
    with doing("end_sessions", act, stream=staff.stream, concerned=staff.username) as now:
        staff = locked(staff)
        end_access(staff)
        now.record()
    return staff
