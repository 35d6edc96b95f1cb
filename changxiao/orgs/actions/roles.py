"""责任人: who answers for a unit: head 一把手, deputies 分管领导 by line, liaison 联络员."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.orgs.actions.base import Doing, doing, locked
from changxiao.orgs.models import Staff, Unit, UnitRole


def set_role(
    unit: Unit,
    *,
    role: str,
    staff: Staff | None,
    act: Act,
    line: str = "",
    covers: Collection[Unit] | None = None,
) -> UnitRole:
    """确定责任人: head, deputy of a line or liaison from today; `staff=None` declares a vacancy.

    `covers` are the units below that a deputy's line is made of; None leaves them as they are.
    Refused `role_unknown`, `line_not_for_role`, `unit_ended`, `staff_inactive`, `covers_outside`,
    `covered_already`.
    """
    with doing("set_role", act, stream=seat(unit, role, line)) as now:
        unit = locked(unit)
        _check(unit, role, line, now)
        if staff and not locked(staff).is_active:
            message = _("%(name)s的账号已停用，请先恢复账号或另选人员")
            raise Refused("staff_inactive", message % {"name": staff.name}, field="staff")
        old = unit.roles.filter(role=role, line=line, until_date=None).first()
        named = _covered(old) if covers is None else sorted(covers, key=lambda one: one.path)
        _check_covers(unit, role, line, named, now)
        same = old is not None and old.staff_id == (staff.pk if staff else None)
        if old and same and named == _covered(old):
            return old
        replaced = fill_role(unit, role=role, line=line, staff=staff, now=now, covers=named)
        now.record(**_told(role, staff, named), was=was_of(replaced))
    return unit.roles.get(role=role, line=line, until_date=None)


def end_role(unit: Unit, *, role: str, act: Act, line: str = "") -> UnitRole:
    """取消责任设置: the seat is no more, so its vacancy is none either. Refused `role_unknown`."""
    with doing("end_role", act, stream=seat(unit, role, line)) as now:
        unit = locked(unit)
        old = unit.roles.filter(role=role, line=line, until_date=None).first()
        if old is None:
            raise Refused("role_unknown", _("没有这一责任设置"), field="role")
        old.until_date = max(now.day, old.since_date)
        old.save(update_fields=["until_date"])
        now.record(was=was_of(old))
    return old


def seat(unit: Unit, role: str, line: str) -> str:
    """记录流: who sat on one seat of a unit, one after the other."""
    return f"role:{unit.code}/{role}/{line}"


def fill_role(
    unit: Unit,
    *,
    role: str,
    line: str,
    staff: Staff | None,
    now: Doing,
    covers: Collection[Unit] | None = None,
) -> UnitRole | None:
    """换人: end the present holder's days and open the next one's; returns the row that ended.

    What the line is made of stays with it, unless `covers` says otherwise.
    """
    rows = UnitRole.objects.select_related("staff").filter(unit=unit, role=role, line=line)
    old = rows.filter(until_date=None).first()
    if old:
        old.until_date = max(now.day, old.since_date)
        old.save(update_fields=["until_date"])
    new = UnitRole.objects.create(unit=unit, role=role, line=line, staff=staff, since_date=now.day)
    new.covers.set(_covered(old) if covers is None else covers)
    return old


def pass_role(row: UnitRole, *, to: Staff | None, now: Doing) -> None:
    """交接责任: within a hand-over, with the seat's own entry."""
    old = fill_role(row.unit, role=row.role, line=row.line, staff=to, now=now)
    stream = seat(row.unit, row.role, row.line)
    now.also(stream, "set_role", **_told(row.role, to, _covered(old)), was=was_of(old))


def _name(staff: Staff | None) -> str:
    return staff.username if staff else ""


def was_of(row: UnitRole | None) -> dict[str, Any] | None:
    """坐席之前: who sat there and for what, as the seat's entry tells it."""
    return _told(row.role, row.staff, _covered(row)) if row else None


def _told(role: str, staff: Staff | None, covered: Iterable[Unit]) -> dict[str, Any]:
    told: dict[str, Any] = {"staff": _name(staff)}
    if role == UnitRole.Role.DEPUTY:
        told["covers"] = [unit.code for unit in covered]
    return told


def _covered(row: UnitRole | None) -> list[Unit]:
    return list(row.covers.order_by("path")) if row else []


def _check_covers(unit: Unit, role: str, line: str, named: Sequence[Unit], now: Doing) -> None:
    if named and role != UnitRole.Role.DEPUTY:
        raise Refused("line_not_for_role", _("只有分管领导按分管线设置"), field="covers")
    for one in named:
        if one.pk == unit.pk or not one.path.startswith(unit.path):
            message = _("“%(one)s”不是“%(unit)s”的下级机构，不能列入分管线")
            values = {"one": one.name, "unit": unit.name}
            raise Refused("covers_outside", message % values, field="covers")
    others = unit.roles.on(now.day).filter(role=role, covers__in=named).exclude(line=line)
    if taken := others.filter(until_date=None).first():
        message = _("“%(unit)s”已由分管线“%(line)s”负责，请先从那里去掉")
        double = next(one for one in _covered(taken) if one in named)
        values = {"unit": double.name, "line": taken.line}
        raise Refused("covered_already", message % values, field="covers")


def _check(unit: Unit, role: str, line: str, now: Doing) -> None:
    if role not in UnitRole.Role.values:
        raise Refused("role_unknown", _("责任“%(role)s”不存在") % {"role": role}, field="role")
    if line and role != UnitRole.Role.DEPUTY:
        raise Refused("line_not_for_role", _("只有分管领导按分管线设置"), field="line")
    if not unit.holds_on(now.day):
        raise Refused("unit_ended", _("“%(unit)s”已撤销") % {"unit": unit.name}, field="unit")
