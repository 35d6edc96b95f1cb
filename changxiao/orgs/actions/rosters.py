"""值班: who is on duty at a unit on a day and shift, under which number; a week at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.orgs import rules
from changxiao.orgs.actions.base import Doing, day_text, doing, locked, sealed
from changxiao.orgs.models import Appointment, DutyRoster, Staff, Unit
from changxiao.orgs.posts import Post

WEEK = 7


@dataclass(frozen=True, slots=True)
class Watch:
    """一班: a person on a shift of a day, with the number that is answered then."""

    day: date
    shift: str
    staff: Staff
    phone: str = ""

    @property
    def key(self) -> tuple[date, str, int]:
        return self.day, self.shift, self.staff.pk


def roster(
    unit: Unit, *, day: date, shift: str, staff: Staff, act: Act, phone: str = ""
) -> DutyRoster:
    """排班: put a person on a shift of a day, beside whoever is there already."""
    with doing("roster", act, stream=stream(unit)) as now:
        unit = locked(unit)
        _check_reach(unit, now)
        watch = Watch(day, shift, staff, rules.phone_number(phone))
        _check([watch], day)
        row, _new = DutyRoster.objects.update_or_create(
            unit=unit, date=day, shift=shift, staff=staff, defaults={"phone": watch.phone}
        )
        now.record(day=day_text(day), shift=shift, staff=staff.username, phone=sealed(watch.phone))
    return row


def set_week(unit: Unit, *, monday: date, watches: Sequence[Watch], act: Act) -> int:
    """排一周班: the seven days from `monday` as given, in place of what they had; how many watches
    changed. Days that are over stay as they were. Refused `shift_unknown`, `staff_inactive`,
    `watch_twice`, `unit_ended`, `day_outside_week`.
    """
    with doing("set_week", act, stream=stream(unit)) as now:
        unit = locked(unit)
        if not unit.holds_on(now.day):
            raise Refused("unit_ended", _("“%(unit)s”已撤销") % {"unit": unit.name}, field="unit")
        _check_reach(unit, now)
        _check(watches, monday)
        before = _standing(unit, monday)
        wanted = {watch.key: watch for watch in watches if watch.day >= now.day}
        kept = {key: row for key, row in before.items() if row.date >= now.day}
        changed = _apply(unit, kept, wanted)
        if changed:
            was = {"monday": day_text(monday), "watches": _body(before.values())}
            past = [row for row in before.values() if row.date < now.day]
            told = _body([*past, *(_row(unit, watch) for watch in wanted.values())])
            now.record(monday=day_text(monday), watches=told, was=was)
    return changed


def _check_reach(unit: Unit, now: Doing) -> None:
    """The lead of a unit rosters it and what stands below it, and no other."""
    if now.act.post != Post.UNIT_LEAD:
        return
    own = Appointment.objects.on(now.day).filter(staff__username=now.act.actor, post=Post.UNIT_LEAD)
    paths = own.values_list("unit__path", flat=True)
    if not any(unit.path.startswith(path or "") for path in paths):
        message = _("只能排本单位及下级的班，“%(unit)s”须由它的负责人排")
        raise Refused("not_your_unit", message % {"unit": unit.name}, field="unit")


def stream(unit: Unit) -> str:
    """记录流: all that was rostered at a unit."""
    return f"roster:{unit.code}"


def _standing(unit: Unit, monday: date) -> dict[tuple[date, str, int], DutyRoster]:
    days = (monday, monday + timedelta(days=WEEK - 1))
    rows = DutyRoster.objects.filter(unit=unit, date__range=days).select_related("staff")
    return {(row.date, row.shift, row.staff_id): row for row in rows.order_by("date", "shift")}


def _apply(unit: Unit, kept: dict[Any, DutyRoster], wanted: dict[Any, Watch]) -> int:
    gone = [row.pk for key, row in kept.items() if key not in wanted]
    new = [_row(unit, watch) for key, watch in wanted.items() if key not in kept]
    moved = [
        (row, wanted[key].phone)
        for key, row in kept.items()
        if key in wanted and wanted[key].phone != row.phone
    ]
    DutyRoster.objects.filter(pk__in=gone).delete()
    DutyRoster.objects.bulk_create(new)
    for row, phone in moved:
        row.phone = phone
        row.save(update_fields=["phone"])
    return len(gone) + len(new) + len(moved)


def _row(unit: Unit, watch: Watch) -> DutyRoster:
    return DutyRoster(
        unit=unit, date=watch.day, shift=watch.shift, staff=watch.staff, phone=watch.phone
    )


def _body(rows: Iterable[DutyRoster]) -> list[str]:
    """Numbers are left out: whom one reaches is told by the roster, not by the log."""
    return sorted(f"{row.date.isoformat()} {row.shift} {row.staff.username}" for row in rows)


def _check(watches: Sequence[Watch], monday: date) -> None:
    seen = set()
    for watch in watches:
        _check_one(watch, monday)
        if watch.key in seen:
            message = _("%(name)s在%(day)s的同一班次排了两次")
            raise Refused("watch_twice", message % {"name": watch.staff.name, "day": watch.day})
        seen.add(watch.key)


def _check_one(watch: Watch, monday: date) -> None:
    if watch.shift not in DutyRoster.Shift.values:
        message = _("班次“%(shift)s”不存在") % {"shift": watch.shift}
        raise Refused("shift_unknown", message, field="shift")
    if not monday <= watch.day < monday + timedelta(days=WEEK):
        raise Refused("day_outside_week", _("%(day)s不在这一周内") % {"day": watch.day})
    if not watch.staff.is_active:
        message = _("%(name)s的账号已停用，不能排班") % {"name": watch.staff.name}
        raise Refused("staff_inactive", message, field="staff")


def pass_watches(staff: Staff, *, to: Staff | None, now: Doing) -> int:
    """交接班次: all coming watches of a leaver; without a successor they fall away."""
    coming = DutyRoster.objects.filter(staff=staff, date__gte=now.day)
    count = coming.count()
    if to:
        there = DutyRoster.objects.filter(staff=to, date__gte=now.day)
        taken = set(there.values_list("unit", "date", "shift"))
        # The leaver's own number is nobody's duty number any more.
        for row in coming:
            if (row.unit_id, row.date, row.shift) not in taken:
                DutyRoster.objects.filter(pk=row.pk).update(staff=to, phone=to.phone)
    DutyRoster.objects.filter(staff=staff, date__gte=now.day).delete()
    return count
