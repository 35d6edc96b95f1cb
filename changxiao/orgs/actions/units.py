"""机构的设立、修改、合并与撤销: a unit is never deleted, it ends and says who took its place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.orgs.actions.base import Doing, day_text, doing, locked
from changxiao.orgs.actions.roles import seat, was_of
from changxiao.orgs.models import (
    Appointment,
    ContractSection,
    Staff,
    Unit,
    UnitName,
    UnitRole,
)

STEP = 5  # "0001." — one level of a path
_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z_.-]{0,31}")


def create_unit(*, code: str, name: str, kind: str, act: Act, **columns: object) -> Unit:
    """设立机构: a unit below `parent` (or a root) from today; `columns` are further model columns.

    Raises Refused("unit_code_taken", "unit_kind_unknown", "unit_ended").
    """
    with doing("create_unit", act, stream=f"unit:{code}") as now:
        _check_new(code, kind)
        parent = columns.pop("parent", None)
        above = living(locked(parent), now) if isinstance(parent, Unit) else None
        unit = Unit(code=code, name=name, kind=kind, parent=above, **columns)
        unit.since_date, unit.path = now.day, next_path(above)
        unit.save(force_insert=True)
        UnitName.objects.create(unit=unit, name=name, since_date=now.day)
        now.record(**body_of(unit), was=None)
    return unit


def body_of(unit: Unit) -> dict[str, str]:
    """机构内容: what a unit is, as an entry holds it."""
    return {
        "name": unit.name,
        "kind": str(unit.kind),
        "parent": unit.parent.code if unit.parent else "",
        "area": unit.area_code,
        "window": str(unit.window_kind),
        "oversight": unit.oversight.code if unit.oversight else "",
    }


def _check_kind(kind: str) -> None:
    if kind not in Unit.Kind.values:
        raise Refused(
            "unit_kind_unknown",
            _("机构类别“%(kind)s”不存在，请从类别表中选择") % {"kind": kind},
            field="kind",
        )


def _check_new(code: str, kind: str) -> None:
    _check_kind(kind)
    if not _CODE.fullmatch(code):
        raise Refused(
            "unit_code_unreadable",
            _("机构代码“%(code)s”不可用：请用字母、数字和连字符，不超过32个") % {"code": code},
            field="code",
        )
    if Unit.objects.filter(code=code).exists():
        raise Refused(
            "unit_code_taken",
            _("机构代码“%(code)s”已被使用，请换一个代码") % {"code": code},
            field="code",
        )


def next_path(parent: Unit | None) -> str:
    """下一个层级: the path of the next child; numbers are never used twice under one parent."""
    prefix = parent.path if parent else ""
    last = (
        Unit.objects.filter(path__regex=rf"^{prefix.replace('.', chr(92) + '.')}[0-9]{{4}}\.$")
        .order_by("-path")
        .values_list("path", flat=True)
        .first()
    )
    number = int(last[-STEP:-1]) + 1 if last else 1
    return f"{prefix}{number:04d}."


def rename_unit(unit: Unit, *, name: str, act: Act) -> Unit:
    """机构更名: from today; the old name stays with its days (`Unit.name_on`)."""
    with doing("rename_unit", act, stream=unit.stream) as now:
        unit = living(locked(unit), now)
        was = body_of(unit)
        if not name.strip() or name == unit.name:
            raise Refused(
                "name_unchanged",
                _("新名称“%(name)s”为空或与现名相同，请填写新的名称") % {"name": name},
                field="name",
            )
        _name(unit, name, now)
        unit.save(update_fields=["name"])
        now.record(**body_of(unit), was=was)
    return unit


def edit_unit(unit: Unit, *, name: str, kind: str, act: Act, **columns: Any) -> Unit:
    """修改机构: name, kind, and of the columns parent, area_code, window_kind, oversight.

    A new name begins today and the old one stays with its days; a new parent takes the whole
    subtree along. Refused `unit_ended`, `unit_kind_unknown`, `name_missing`, `move_below_itself`.
    """
    with doing("edit_unit", act, stream=unit.stream) as now:
        unit = living(locked(unit), now)
        was = body_of(unit)
        _check_kind(kind)
        if not name.strip():
            raise Refused("name_missing", _("请填写机构名称"), field="name")
        if name != unit.name:
            _name(unit, name, now)
        if "parent" in columns:
            _place(unit, columns.pop("parent"), now)
        unit.kind = kind
        for column, value in columns.items():
            setattr(unit, column, value)
        unit.save(update_fields=["name", "kind", "area_code", "window_kind", "oversight"])
        unit.refresh_from_db()
        if body_of(unit) != was:
            now.record(**body_of(unit), was=was)
    return unit


def _name(unit: Unit, name: str, now: Doing) -> None:
    # A name borne for less than a day was a slip of the pen, and no history.
    borne = UnitName.objects.filter(unit=unit, until_date=None)
    if not borne.filter(since_date=now.day).update(name=name):
        borne.update(until_date=now.day)
        UnitName.objects.create(unit=unit, name=name, since_date=now.day)
    unit.name = name


def _place(unit: Unit, parent: Unit | None, now: Doing) -> None:
    if (parent.pk if parent else None) == unit.parent_id:
        return
    above = living(locked(parent), now) if parent else None
    if above and above.path.startswith(unit.path):
        raise Refused(
            "move_below_itself",
            _("不能把“%(unit)s”移到它自己或它的下级“%(parent)s”之下")
            % {"unit": unit.name, "parent": above.name},
            field="parent",
        )
    _move(unit, above)


def end_unit(unit: Unit, *, act: Act) -> Unit:
    """撤销机构: from today, once nobody and nothing is left in it; what it did stays its own.

    Refused `unit_ended`, `unit_in_use` (names what is left: merge the unit instead).
    """
    with doing("end_unit", act, stream=unit.stream) as now:
        unit = living(locked(unit), now)
        left = _left(unit, now.day)
        if left:
            message = _("“%(unit)s”还有%(left)s，不能撤销：请先调走，或合并到其他机构")
            raise Refused("unit_in_use", message % {"unit": unit.name, "left": "、".join(left)})
        _end_seats(unit, now)
        UnitName.objects.filter(unit=unit, until_date=None).update(until_date=now.day)
        unit.until_date = max(now.day, unit.since_date)
        unit.save(update_fields=["until_date"])
        now.record(until=day_text(unit.until_date), was=body_of(unit))
    return unit


def _left(unit: Unit, day: date) -> list[str]:
    counts = (
        (_("下级机构%(n)d个"), unit.children.open(day).count()),
        (_("人员%(n)d名"), unit.staff.filter(is_active=True).count()),
        (_("任职%(n)d项"), unit.appointments.open(day).count()),
        (_("标段%(n)d个"), ContractSection.objects.filter(contractor=unit).open(day).count()),
        (_("值班%(n)d班"), unit.rosters.filter(date__gt=day).count()),
    )
    return [words % {"n": n} for words, n in counts if n]


def reopen_unit(unit: Unit, *, act: Act) -> Unit:
    """恢复机构: a unit that was ended by mistake; one that was merged stays with its heir.

    Refused `unit_not_ended`, `unit_merged`.
    """
    with doing("reopen_unit", act, stream=unit.stream) as now:
        unit = locked(unit)
        if unit.holds_on(now.day):
            raise Refused("unit_not_ended", _("“%(unit)s”没有撤销") % {"unit": unit.name})
        if unit.successor:
            message = _("“%(unit)s”已并入“%(heir)s”，不能恢复")
            raise Refused("unit_merged", message % {"unit": unit.name, "heir": unit.successor.name})
        unit.until_date = None
        unit.save(update_fields=["until_date"])
        UnitName.objects.create(unit=unit, name=unit.name, since_date=now.day)
        now.record(**body_of(unit), was=None)
    return unit


def merge_units(units: Sequence[Unit], *, into: Unit, act: Act) -> Unit:
    """机构合并: the units end today; people, posts, sub-units, contracts and rosters go to `into`.

    Roles end with the unit: a merged head is no head any more. Raises Refused("merge_into_itself").
    """
    with doing("merge_units", act, stream=into.stream) as now:
        into = living(locked(into), now)
        olds = [living(locked(unit), now) for unit in units]
        if any(into.path.startswith(old.path) for old in olds):
            raise Refused(
                "merge_into_itself",
                _("不能把机构并入它自己或它的下级“%(unit)s”") % {"unit": into.name},
                field="into",
            )
        moved = {old.code: _absorb(old, into, now) for old in sorted(olds, key=lambda u: u.pk)}
        now.record(merged=moved)
        for old in olds:
            now.also(old.stream, "end_unit", into=into.code, was=body_of(old))
    return into


def _absorb(old: Unit, into: Unit, now: Doing) -> dict[str, int]:
    for child in old.children.select_for_update().order_by("path"):
        _move(child, into)
    moved = {
        "staff": Staff.objects.filter(unit=old).update(unit=into),
        "appointments": _carry_appointments(old, into, now.day),
        "roles": _end_seats(old, now),
        "sections": ContractSection.objects.filter(contractor=old).update(contractor=into)
        + ContractSection.objects.filter(oversight=old).update(oversight=into),
        "rosters": _carry_watches(old, into, now.day),
        "overseen": Unit.objects.filter(oversight=old).update(oversight=into),
    }
    UnitName.objects.filter(unit=old, until_date=None).update(until_date=now.day)
    old.until_date, old.successor = now.day, into
    old.save(update_fields=["until_date", "successor"])
    return moved


def _end_seats(old: Unit, now: Doing) -> int:
    """The head of a unit that ends is no head any more, and each seat's own history says so."""
    rows = list(UnitRole.objects.filter(unit=old, until_date=None).select_related("staff"))
    for row in rows:
        row.until_date = max(now.day, row.since_date)
        row.save(update_fields=["until_date"])
        now.also(seat(old, row.role, row.line), "end_role", was=was_of(row))
    return len(rows)


def _carry_watches(old: Unit, into: Unit, day: date) -> int:
    there = set(into.rosters.filter(date__gte=day).values_list("date", "shift", "staff"))
    coming = old.rosters.filter(date__gte=day)
    twice = [row.pk for row in coming if (row.date, row.shift, row.staff_id) in there]
    coming.filter(pk__in=twice).delete()
    return coming.update(unit=into)


def _carry_appointments(old: Unit, into: Unit, day: date) -> int:
    rows = list(Appointment.objects.filter(unit=old).open(day).select_for_update())
    for row in rows:
        there = Q(staff=row.staff_id, post=row.post, area_code=row.area_code, unit=into)
        known = Appointment.objects.filter(there, until_date=None).exists()
        until, since = row.until_date, max(day, row.since_date)
        row.until_date = max(day, row.since_date)
        row.save(update_fields=["until_date"])
        if not known or until:
            Appointment.objects.create(
                staff_id=row.staff_id,
                post=row.post,
                unit=into,
                area_code=row.area_code,
                since_date=since,
                until_date=until,
            )
    return len(rows)


def _move(unit: Unit, parent: Unit | None) -> None:
    """A subtree keeps its shape below its new parent; only the prefix of its paths changes."""
    old, new = unit.path, next_path(parent)
    below = list(Unit.objects.under(old).exclude(pk=unit.pk))
    Unit.objects.filter(pk=unit.pk).update(parent=parent, path=new)
    for row in below:
        row.path = new + row.path[len(old) :]
    Unit.objects.bulk_update(below, ["path"])
    unit.parent, unit.path = parent, new


def living(unit: Unit, now: Doing) -> Unit:
    if unit.until_date and unit.until_date <= now.day:
        raise Refused(
            "unit_ended",
            _("“%(unit)s”已于%(day)s撤销，现由“%(heir)s”承接")
            % {"unit": unit.name, "day": unit.until_date, "heir": unit.lasting().name},
            field="unit",
        )
    return unit
