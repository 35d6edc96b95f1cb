"""标段: what a maintenance contractor 管养单位 does under which contract, where, until when."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.orgs.actions.base import day_text, doing, locked
from changxiao.orgs.actions.units import living
from changxiao.orgs.models import ContractSection, Unit


def sign_section(
    *, contractor: Unit, oversight: Unit, contract: tuple[str, str], act: Act, **columns: Any
) -> ContractSection:
    """登记标段: `contract` is (contract number, section); areas, work and days as columns.

    Refused `not_a_contractor`, `section_taken`, `unit_ended`, `days_out_of_order`.
    """
    row = ContractSection(contractor=contractor, oversight=oversight, **columns)
    row.contract_number, row.section = contract
    with doing("sign_section", act, stream=row.stream) as now:
        row.contractor = living(locked(contractor), now)
        row.oversight = living(locked(oversight), now)
        row.since_date = row.since_date or now.day
        _check_new(row)
        _check_days(row.since_date, row.until_date)
        row.save(force_insert=True)
        now.record(**body_of(row), was=None)
    return row


def edit_section(
    row: ContractSection, *, oversight: Unit, act: Act, **columns: Any
) -> ContractSection:
    """修改标段: oversight, areas, work and days; a contract has the contractor it was signed with.

    Refused `unit_ended`, `days_out_of_order`.
    """
    with doing("edit_section", act, stream=row.stream) as now:
        row = locked(row)
        was = body_of(row)
        if oversight.pk != row.oversight_id:
            row.oversight = living(locked(oversight), now)
        for name, value in columns.items():
            setattr(row, name, value)
        _check_days(row.since_date, row.until_date)
        row.save(update_fields=["oversight", *columns])
        if body_of(row) != was:
            now.record(**body_of(row), was=was)
    return row


def end_section(row: ContractSection, *, act: Act) -> ContractSection:
    """终止标段: from today; proposals name it no more. Refused `ended_already`."""
    with doing("end_section", act, stream=row.stream) as now:
        row = locked(row)
        if row.until_date and row.until_date <= now.day:
            message = _("标段%(section)s已于%(day)s结束")
            raise Refused("ended_already", message % {"section": row, "day": row.until_date})
        was = body_of(row)
        row.until_date = max(now.day, row.since_date)
        row.save(update_fields=["until_date"])
        now.record(**body_of(row), was=was)
    return row


def body_of(row: ContractSection) -> dict[str, Any]:
    """标段内容, as an entry holds it."""
    return {
        "contractor": row.contractor.code,
        "oversight": row.oversight.code,
        "areas": list(row.area_codes),
        "work": row.work,
        "since": day_text(row.since_date),
        "until": day_text(row.until_date),
    }


def _check_days(since: date, until: date | None) -> None:
    if until and until < since:
        message = _("结束日期%(until)s早于开始日期%(since)s，请改正")
        values = {"until": until, "since": since}
        raise Refused("days_out_of_order", message % values, field="until_date")


def _check_new(row: ContractSection) -> None:
    if row.contractor.kind != Unit.Kind.MAINTENANCE_CONTRACTOR:
        raise Refused(
            "not_a_contractor",
            _("“%(unit)s”不是管养单位，不能登记标段") % {"unit": row.contractor.name},
            field="contractor",
        )
    same = ContractSection.objects.filter(contract_number=row.contract_number, section=row.section)
    if same.exists():
        raise Refused(
            "section_taken",
            _("合同%(contract)s的标段%(section)s已登记，请核对编号")
            % {"contract": row.contract_number, "section": row.section},
            field="section",
        )
