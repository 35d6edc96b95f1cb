"""时间规则: stage limits, area grades, periods, and emergencies that stop non-urgent clocks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from changxiao.catalog import policy
from changxiao.catalog.actions.base import check_area, check_keys, doing
from changxiao.catalog.models import AreaGrade, ClockStage, Emergency, PeriodOverlay, StageLimit
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.kernel.worktime import Limit

MOST_FACTOR = Decimal(10)
_ORDER = re.compile(r"[^/\s\x00-\x1f]{1,40}")


def set_stage_limit(
    stage: str, *, limit: Limit, act: Act, urgent: bool = False, window_kind: str = "office"
) -> StageLimit:
    """设定环节时限: how long a desk may take over one step. Refused `stage_unknown`."""
    if stage not in ClockStage.values:
        message = _("环节“%(stage)s”没有单独的时限") % {"stage": stage}
        raise Refused("stage_unknown", message, field="stage")
    with doing("set_stage_limit", act) as now:
        row = StageLimit.objects.filter(stage=stage, urgent=urgent).first()
        if row is not None and (row.limit, row.window_kind) == (limit, window_kind):
            return row
        was = _stage_body(row) if row else None
        row = row or StageLimit(stage=stage, urgent=urgent)
        row.limit, row.window_kind = limit, window_kind
        row.save()
        now.record(row.stream, **_stage_body(row), was=was)
    return row


def drop_stage_limit(row: StageLimit, *, act: Act) -> None:
    """恢复默认环节时限: an urgent step takes the ordinary limit again, an ordinary one ours."""
    with doing("drop_stage_limit", act) as now:
        found = StageLimit.objects.filter(pk=row.pk).first()
        if found is None:
            return
        found.delete()
        now.record(row.stream, was=_stage_body(found))


def _stage_body(row: StageLimit) -> dict[str, Any]:
    return {"limit": policy.written(row.limit), "window": row.window_kind}


def set_area_grade(
    area_code: str, *, grade: str, factor: Decimal, act: Act, since: date | None = None
) -> AreaGrade:
    """设定区域等级: from today limits in the area are multiplied. Refused `factor_out_of_range`."""
    with doing("set_area_grade", act) as now:
        area, day = check_area(area_code), since or now.day
        _check_factor(factor)
        old = AreaGrade.objects.filter(area_code=area, until_date__isnull=True).first()
        if old is not None and (old.grade, old.factor) == (grade, factor):
            return old
        if old is not None:
            day = max(day, old.since_date)
            old.until_date = day
            old.save(update_fields=["until_date"])
        row = AreaGrade.objects.create(area_code=area, grade=grade, factor=factor, since_date=day)
        now.record(row.stream, **_grade_body(row), was=_grade_body(old) if old else None)
    return row


def end_area_grade(row: AreaGrade, *, act: Act) -> AreaGrade:
    """取消区域等级: from today the area has the grade of the area around it, or none."""
    with doing("end_area_grade", act) as now:
        row = AreaGrade.objects.select_for_update().get(pk=row.pk)
        if row.until_date is None:
            row.until_date = max(now.day, row.since_date)
            row.save(update_fields=["until_date"])
            now.record(row.stream, until=row.until_date.isoformat(), was=_grade_body(row))
    return row


def _grade_body(row: AreaGrade) -> dict[str, Any]:
    factor = f"{row.factor.normalize():f}"
    return {"grade": row.grade, "factor": factor, "since": row.since_date.isoformat()}


def set_overlay(
    name: str,
    *,
    days: tuple[date, date],
    factor: Decimal,
    act: Act,
    area_code: str = "",
    keys: Sequence[str] = (),
) -> PeriodOverlay:
    """设定时期系数: 迎检 or a festival, first and last day, for an area and named subjects.

    Refused `days_out_of_order`, `factor_out_of_range`, `subject_unknown`.
    """
    with doing("set_overlay", act) as now:
        _check_factor(factor)
        if days[1] < days[0]:
            message = _("时期“%(name)s”的结束日期早于开始日期，请改正") % {"name": name}
            raise Refused("days_out_of_order", message, field="to_date")
        values = {
            "from_date": days[0],
            "to_date": days[1],
            "factor": factor,
            "area_code": check_area(area_code),
            "keys": check_keys(list(keys)),
        }
        row = PeriodOverlay.objects.filter(name=name).first()
        if row is not None and all(getattr(row, key) == told for key, told in values.items()):
            return row
        was = _overlay_body(row) if row else None
        row, _made = PeriodOverlay.objects.update_or_create(name=name, defaults=values)
        now.record(row.stream, **_overlay_body(row), was=was)
    return row


def drop_overlay(row: PeriodOverlay, *, act: Act) -> PeriodOverlay:
    """取消时期系数: from today limits are multiplied by it no more; what was due stays due."""
    with doing("drop_overlay", act) as now:
        found = PeriodOverlay.objects.filter(pk=row.pk).first()
        if found is not None:
            found.delete()
            now.record(row.stream, was=_overlay_body(row))
    return row


def _overlay_body(row: PeriodOverlay) -> dict[str, Any]:
    return {
        "first": row.from_date.isoformat(),
        "last": row.to_date.isoformat(),
        "factor": f"{row.factor.normalize():f}",
        "area": row.area_code,
        "keys": row.keys,
    }


def declare_emergency(
    order_number: str,
    *,
    name: str,
    span: tuple[datetime, datetime | None],
    act: Act,
    area_code: str = "",
    keys: Sequence[str] = (),
) -> Emergency:
    """发布应急令: from–to (open until lifted) the named non-urgent limits in the area stand still.

    Refused `order_missing`, `order_taken`, `times_out_of_order`, `subject_unknown`.
    """
    with doing("declare_emergency", act, stream=f"emergency:{order_number}") as now:
        _check_order(order_number, span)
        row = Emergency.objects.create(
            order_number=order_number,
            name=name,
            area_code=check_area(area_code),
            from_at=span[0],
            to_at=span[1],
            keys=check_keys(list(keys)),
        )
        now.record(row.stream, **_order_body(row), was=None)
    return row


def _order_body(row: Emergency) -> dict[str, Any]:
    return {
        "name": row.name,
        "area": row.area_code,
        "from_at": row.from_at.isoformat(),
        "to_at": row.to_at.isoformat() if row.to_at else "",
        "keys": row.keys,
        "lifted": row.lifted,
    }


def extend_emergency(order: Emergency, *, until: datetime | None, act: Act) -> Emergency:
    """延长应急令: to a later moment, or open until lifted; limits go on standing still.

    Refused `lifted_already`, `times_out_of_order`.
    """
    with doing("extend_emergency", act, stream=order.stream) as now:
        row = Emergency.objects.select_for_update().get(pk=order.pk)
        if row.lifted:
            message = _("应急令%(number)s已解除") % {"number": row.order_number}
            raise Refused("lifted_already", message)
        if until is not None and (until <= now.at or (row.to_at and until < row.to_at)):
            message = _("新的结束时间须晚于现在和原结束时间；要提前结束请解除")
            raise Refused("times_out_of_order", message, field="until")
        if until == row.to_at:
            return row
        was = _order_body(row)
        row.to_at = until
        row.save(update_fields=["to_at"])
        now.record(row.stream, **_order_body(row), was=was)
    return row


def lift_emergency(order: Emergency, *, act: Act) -> Emergency:
    """解除应急令: limits run again from now; an order that has not begun never does.

    Refused `lifted_already`.
    """
    with doing("lift_emergency", act, stream=order.stream) as now:
        row = Emergency.objects.select_for_update().get(pk=order.pk)
        if row.lifted:
            message = _("应急令%(number)s已解除") % {"number": row.order_number}
            raise Refused("lifted_already", message)
        was = _order_body(row)
        ends = max(now.at, row.from_at)
        row.to_at = min(row.to_at, ends) if row.to_at else ends
        row.lifted = True
        row.save(update_fields=["to_at", "lifted"])
        now.record(row.stream, **_order_body(row), was=was)
    return row


def _check_order(order_number: str, span: tuple[datetime, datetime | None]) -> None:
    if not order_number.strip():
        raise Refused("order_missing", _("请填写应急令文号"), field="order_number")
    if not _ORDER.fullmatch(order_number):
        message = _("文号“%(number)s”不可用：不超过40字，不含斜线和空格") % {"number": order_number}
        raise Refused("order_unreadable", message, field="order_number")
    if Emergency.objects.filter(order_number=order_number).exists():
        message = _("文号“%(number)s”已有应急令，请核对") % {"number": order_number}
        raise Refused("order_taken", message, field="order_number")
    if span[1] is not None and span[1] <= span[0]:
        raise Refused("times_out_of_order", _("应急令的结束时间须晚于开始时间"), field="to_at")


def _check_factor(factor: Decimal) -> None:
    known = factor.is_finite() and 0 < factor <= MOST_FACTOR
    if not known or factor != round(factor, 4):
        message = _("时限系数“%(factor)s”不可用：须大于 0、不超过 10，最多四位小数")
        raise Refused("factor_out_of_range", message % {"factor": factor}, field="factor")
