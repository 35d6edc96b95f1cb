"""责任与核实: who handles what where from which day, and which reports are confirmed first."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from changxiao.catalog.actions.base import check_area, doing
from changxiao.catalog.editions import by_key
from changxiao.catalog.models import (
    Category,
    ConfirmRule,
    Edition,
    FilingCriterion,
    Kind,
    Responsibility,
    Subcategory,
)
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.orgs.models import ContractSection, Unit

Subject = FilingCriterion | Subcategory | Category


def columns_of(subject: Subject) -> dict[str, Any]:
    """对象列: the one of the three columns that the subject fills."""
    if isinstance(subject, FilingCriterion):
        return {"criterion": subject}
    if isinstance(subject, Subcategory):
        return {"subcategory": subject}
    return {"category": subject}


def set_responsibility(  # noqa: PLR0913 - a row has that many columns, and all are named
    subject: Subject,
    *,
    unit: Unit,
    act: Act,
    area_code: str = "",
    section: ContractSection | None = None,
    priority: int = 0,
    origin: str = Responsibility.Origin.TABLE.value,
    basis: str = "",
    since: date | None = None,
) -> Responsibility:
    """设定责任单位: from today (or `since`) this unit answers for the subject in the area.

    Whoever held the same subject, area and priority stops that day. Refused `unit_ended`,
    `days_overlap` where a row that begins later holds the place already.
    """
    with doing("set_responsibility", act) as now:
        area, day = check_area(area_code), since or now.day
        held = _open(subject, area).filter(priority=priority).select_for_update(of=("self",))
        old = held.first()
        if old is not None and _says(old, unit, section, origin) and basis in {"", old.basis}:
            return old
        if not unit.holds_on(now.day):
            message = _("机构“%(unit)s”已撤销，请选现有机构") % {"unit": unit.name}
            raise Refused("unit_ended", message, field="unit")
        if old is not None:
            _check_begun(old, day)
            _end(old, day)
        row = Responsibility.objects.create(
            **columns_of(subject),
            area_code=area,
            unit=unit,
            section=section,
            priority=priority,
            origin=origin,
            basis=basis,
            since_date=day,
        )
        now.record(row.stream, **body_of(row), was=body_of(old) if old else None)
    return row


def end_responsibility(row: Responsibility, *, act: Act) -> Responsibility:
    """终止责任: from today nobody answers for it by this row."""
    with doing("end_responsibility", act) as now:
        row = Responsibility.objects.select_for_update(of=("self",)).get(pk=row.pk)
        if row.until_date is None:
            _end(row, now.day)
            now.record(row.stream, until=now.day.isoformat(), was=body_of(row))
    return row


def body_of(row: Responsibility) -> dict[str, Any]:
    """责任内容: what a row says, as an entry holds it."""
    return {
        "unit": row.unit.code,
        "section": row.section.section if row.section else "",
        "priority": row.priority,
        "origin": row.origin,
        "basis": row.basis,
        "since": row.since_date.isoformat(),
    }


def _says(row: Responsibility, unit: Unit, section: ContractSection | None, origin: str) -> bool:
    # A second ruling for the same unit is no news, whatever case it was given on.
    return (row.unit, row.section, row.origin) == (unit, section, origin)


def _check_begun(old: Responsibility, day: date) -> None:
    if old.since_date > day:
        message = _("同一区域、同一次序已有 %(day)s 起由“%(unit)s”负责的规则，请先终止它或换个次序")
        values = {"day": old.since_date, "unit": old.unit.name}
        raise Refused("days_overlap", message % values, field="since")


def subject_of(key: str) -> Subject | None:
    """对象: by the key that streams and tables use: "E0110-01", "e0110" or "e01"."""
    row = FilingCriterion.objects.current().filter(code=key).first()
    if row is not None:
        return row
    kinds = {kind.letter: kind.value for kind in Kind}
    if len(key) != 3 or key[0] not in kinds:
        return by_key(key)
    rows = Category.objects.filter(kind=kinds[key[0]], code=key[1:]).exclude(edition=Edition.CJT)
    return rows.order_by("edition").first()


def key_of(subject: Subject) -> str:
    """对象的键."""
    return subject.code if isinstance(subject, FilingCriterion) else subject.key


def _open(subject: Subject, area: str) -> QuerySet[Responsibility]:
    return Responsibility.objects.filter(
        **columns_of(subject), area_code=area, until_date__isnull=True
    )


def _end(row: Responsibility, day: date) -> None:
    row.until_date = max(day, row.since_date)
    row.save(update_fields=["until_date"])


def set_confirm_rule(
    channel: str, *, needed: bool, act: Act, subcategory: Subcategory | None = None
) -> ConfirmRule:
    """设定核实规则: reports of this channel (and sub-category) are, or are not, confirmed first."""
    with doing("set_confirm_rule", act) as now:
        row = ConfirmRule.objects.filter(channel=channel, subcategory=subcategory).first()
        if row is not None and row.needed == needed:
            return row
        was = {"needed": row.needed} if row else None
        row = row or ConfirmRule(channel=channel, subcategory=subcategory)
        row.needed = needed
        row.save()
        now.record(row.stream, needed=needed, was=was)
    return row


def drop_confirm_rule(row: ConfirmRule, *, act: Act) -> None:
    """删除核实规则: the channel's rule, or the default of the channel, decides again."""
    with doing("drop_confirm_rule", act) as now:
        found = ConfirmRule.objects.filter(pk=row.pk).first()
        if found is None:
            return
        found.delete()
        now.record(row.stream, was={"needed": row.needed})
