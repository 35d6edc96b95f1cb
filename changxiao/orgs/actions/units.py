"""机构的设立、更名、合并与标段."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.orgs.actions.base import Doing, day_text, doing, locked
from changxiao.orgs.models import (
    Appointment,
    ContractSection,
    DutyRoster,
    Staff,
    Unit,
    UnitName,
    UnitRole,
)

STEP = 5  # "0001." — one level of a path


def create_unit(*, code: str, name: str, kind: str, act: Act, **columns: object) -> Unit:
    """设立机构: a unit below `parent` (or a root) from today; `columns` are further model columns.

    Raises Refused("unit_code_taken", "unit_kind_unknown", "unit_ended").
    """
    with doing("create_unit", act, stream=f"unit:{code}") as now:
        _check_new(code, kind)
        parent = columns.pop("parent", None)
        above = _living(locked(parent), now) if isinstance(parent, Unit) else None
        unit = Unit(code=code, name=name, kind=kind, parent=above, **columns)
        unit.since_date, unit.path = now.day, next_path(above)
        unit.save(force_insert=True)
        UnitName.objects.create(unit=unit, name=name, since_date=now.day)
        now.record(
            name=name,
            kind=kind,
            parent=above.code if above else None,
            path=unit.path,
            area=unit.area_code,
            window=unit.window_kind,
        )
    return unit


def _check_new(code: str, kind: str) -> None:
    if kind not in Unit.Kind.values:
        raise Refused(
            "unit_kind_unknown",
            _("机构类别“%(kind)s”不存在，请从类别表中选择") % {"kind": kind},
            field="kind",
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
        unit = _living(locked(unit), now)
        if not name.strip() or name == unit.name:
            raise Refused(
                "name_unchanged",
                _("新名称“%(name)s”为空或与现名相同，请填写新的名称") % {"name": name},
                field="name",
            )
        old, unit.name = unit.name, name
        UnitName.objects.filter(unit=unit, until_date=None).update(until_date=now.day)
        UnitName.objects.create(unit=unit, name=name, since_date=now.day)
        unit.save(update_fields=["name"])
        now.record(old=old, name=name)
    return unit


def merge_units(units: Sequence[Unit], *, into: Unit, act: Act) -> Unit:
    """机构合并: the units end today; people, posts, sub-units, contracts and rosters go to `into`.

    Roles end with the unit: a merged head is no head any more. Raises Refused("merge_into_itself").
    """
    with doing("merge_units", act, stream=into.stream) as now:
        into = _living(locked(into), now)
        olds = [_living(locked(unit), now) for unit in units]
        if any(into.path.startswith(old.path) for old in olds):
            raise Refused(
                "merge_into_itself",
                _("不能把机构并入它自己或它的下级“%(unit)s”") % {"unit": into.name},
                field="into",
            )
        moved = {old.code: _absorb(old, into, now) for old in sorted(olds, key=lambda u: u.pk)}
        now.record(merged=moved)
    return into


def _absorb(old: Unit, into: Unit, now: Doing) -> dict[str, int]:
    for child in old.children.select_for_update().order_by("path"):
        _move(child, into)
    moved = {
        "staff": Staff.objects.filter(unit=old).update(unit=into),
        "appointments": _carry_appointments(old, into, now.day),
        "roles": UnitRole.objects.filter(unit=old).open(now.day).update(until_date=now.day),
        "sections": ContractSection.objects.filter(contractor=old).update(contractor=into)
        + ContractSection.objects.filter(oversight=old).update(oversight=into),
        "rosters": DutyRoster.objects.filter(unit=old, date__gte=now.day).update(unit=into),
        "overseen": Unit.objects.filter(oversight=old).update(oversight=into),
    }
    UnitName.objects.filter(unit=old, until_date=None).update(until_date=now.day)
    old.until_date, old.successor = now.day, into
    old.save(update_fields=["until_date", "successor"])
    return moved


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


def _move(unit: Unit, parent: Unit) -> None:
    """A subtree keeps its shape below its new parent; only the prefix of its paths changes."""
    old, new = unit.path, next_path(parent)
    below = list(Unit.objects.under(old).exclude(pk=unit.pk))
    Unit.objects.filter(pk=unit.pk).update(parent=parent, path=new)
    for row in below:
        row.path = new + row.path[len(old) :]
    Unit.objects.bulk_update(below, ["path"])


def _living(unit: Unit, now: Doing) -> Unit:
    if unit.until_date and unit.until_date <= now.day:
        raise Refused(
            "unit_ended",
            _("“%(unit)s”已于%(day)s撤销，现由“%(heir)s”承接")
            % {"unit": unit.name, "day": unit.until_date, "heir": unit.lasting().name},
            field="unit",
        )
    return unit


def sign_section(
    *, contractor: Unit, oversight: Unit, contract: tuple[str, str], act: Act, **columns: object
) -> ContractSection:
    """登记标段: `contract` is (contract number, section); areas, work and days as columns.

    Raises Refused("not_a_contractor", "section_taken", "unit_ended").
    """
    with doing("sign_section", act, stream=contractor.stream) as now:
        contractor, oversight = _living(locked(contractor), now), _living(locked(oversight), now)
        _check_section(contractor, contract)
        columns.setdefault("since_date", now.day)
        row = ContractSection(contractor=contractor, oversight=oversight, **columns)
        row.contract_number, row.section = contract
        row.save(force_insert=True)
        now.record(
            contract=row.contract_number,
            section=row.section,
            oversight=oversight.code,
            areas=list(row.area_codes),
            since=day_text(row.since_date),
            until=day_text(row.until_date),
        )
    return row


def _check_section(contractor: Unit, contract: tuple[str, str]) -> None:
    if contractor.kind != Unit.Kind.MAINTENANCE_CONTRACTOR:
        raise Refused(
            "not_a_contractor",
            _("“%(unit)s”不是管养单位，不能登记标段") % {"unit": contractor.name},
            field="contractor",
        )
    if ContractSection.objects.filter(contract_number=contract[0], section=contract[1]).exists():
        raise Refused(
            "section_taken",
            _("合同%(contract)s的标段%(section)s已登记，请核对编号")
            % {"contract": contract[0], "section": contract[1]},
            field="section",
        )
