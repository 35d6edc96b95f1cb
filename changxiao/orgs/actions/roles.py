"""责任人: who answers for a unit: head 一把手, deputies 分管领导 by line, liaison 联络员."""

from __future__ import annotations

from django.utils.translation import gettext as _

from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.orgs.actions.base import Doing, doing, locked
from changxiao.orgs.models import Staff, Unit, UnitRole


def set_role(unit: Unit, *, role: str, staff: Staff | None, act: Act, line: str = "") -> UnitRole:
    """确定责任人: head, deputy of a line or liaison from today; `staff=None` declares a vacancy.

    Refused `role_unknown`, `line_not_for_role`, `unit_ended`, `staff_inactive`.
    """
    with doing("set_role", act, stream=seat(unit, role, line)) as now:
        unit = locked(unit)
        _check(unit, role, line, now)
        if staff and not locked(staff).is_active:
            message = _("%(name)s的账号已停用，请先恢复账号或另选人员")
            raise Refused("staff_inactive", message % {"name": staff.name}, field="staff")
        old = unit.roles.filter(role=role, line=line, until_date=None).first()
        if old and old.staff_id == (staff.pk if staff else None):
            return old
        replaced = fill_role(unit, role=role, line=line, staff=staff, now=now)
        now.record(staff=_name(staff), was=_was(replaced))
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
        now.record(was=_was(old))
    return old


def seat(unit: Unit, role: str, line: str) -> str:
    """记录流: who sat on one seat of a unit, one after the other."""
    return f"role:{unit.code}/{role}/{line}"


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


def pass_role(row: UnitRole, *, to: Staff | None, now: Doing) -> None:
    """交接责任: within a hand-over, with the seat's own entry."""
    old = fill_role(row.unit, role=row.role, line=row.line, staff=to, now=now)
    stream = seat(row.unit, row.role, row.line)
    now.also(stream, "set_role", staff=_name(to), was=_was(old))


def _name(staff: Staff | None) -> str:
    return staff.username if staff else ""


def _was(row: UnitRole | None) -> dict[str, str] | None:
    return {"staff": _name(row.staff)} if row else None


def _check(unit: Unit, role: str, line: str, now: Doing) -> None:
    if role not in UnitRole.Role.values:
        raise Refused("role_unknown", _("责任“%(role)s”不存在") % {"role": role}, field="role")
    if line and role != UnitRole.Role.DEPUTY:
        raise Refused("line_not_for_role", _("只有分管领导按分管线设置"), field="line")
    if not unit.holds_on(now.day):
        raise Refused("unit_ended", _("“%(unit)s”已撤销") % {"unit": unit.name}, field="unit")
