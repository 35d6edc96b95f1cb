"""时间表 timetable: which calendar, which limit, which emergency: all from rows, read once a stamp.

Limit = criterion × area grade × period overlay (domain.md §4). A factor above 1 never lengthens
an urgent limit: an inspection may hurry a burst pipe, a quiet suburb may not slow it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from changxiao.catalog import policy
from changxiao.catalog.models import ClockStage, Emergency, FilingCriterion
from changxiao.catalog.snapshot import Rules, rules
from changxiao.kernel.day import local_date
from changxiao.kernel.limits import FINEST, LARGEST
from changxiao.kernel.worktime import OFFICE, Limit, TimeUnit, WorkCalendar

OFFICE_KIND = "office"
ONE = Decimal(1)


def calendar_for(window_kind: str = OFFICE_KIND) -> WorkCalendar:
    """工作日历: of one kind of unit; a kind without windows of its own works office hours."""
    known = rules()
    if window_kind not in known.calendars:
        known.calendars[window_kind] = _build(known, window_kind)
    return known.calendars[window_kind]


def _build(known: Rules, kind: str) -> WorkCalendar:
    office = known.windows.get(OFFICE_KIND, OFFICE)
    table = policy.text("calendar")
    days = {day: worked for day, (worked, _name) in known.days.items()}
    return WorkCalendar.build(
        policy.text("timezone"),
        days=days if days or table else None,
        names={day: name for day, (_worked, name) in known.days.items()},
        windows=known.windows.get(kind, office),
        office=office,
    )


def effective_limit(
    criterion: FilingCriterion, area_code: str, at: datetime
) -> tuple[Limit, list[str]]:
    """适用时限: the criterion's limit × area grade × periods, and each step in words.

    `area_code` is the most exact code known of the place; rows name prefixes of it.
    """
    limit = criterion.limit
    reasons = [_("立案标准 %(code)s：%(limit)s") % {"code": criterion.code, "limit": limit}]
    factor = ONE
    for name, one in _factors(criterion, area_code, at):
        if criterion.urgent and one > ONE:
            reasons.append(_("%(name)s：紧急时限不放宽") % {"name": name})
            continue
        factor *= one
        reasons.append(
            _("%(name)s：×%(factor)s") % {"name": name, "factor": f"{one.normalize():f}"}
        )
    if factor == ONE:
        return limit, reasons
    limit = _scaled(limit, factor)
    return limit, [*reasons, _("适用时限 %(limit)s") % {"limit": limit}]


def _scaled(limit: Limit, factor: Decimal) -> Limit:
    # Neither end of what a limit may be is a reason to refuse a case its deadline.
    amount = min(max(limit.amount * factor, FINEST), LARGEST)
    return Limit(amount.quantize(FINEST), limit.unit)


def _factors(
    criterion: FilingCriterion, area_code: str, at: datetime
) -> Iterable[tuple[str, Decimal]]:
    known, day = rules(), local_date(at)
    grades = [g for g in known.grades if g.holds_on(day) and area_code.startswith(g.area_code)]
    if grades:
        grade = max(grades, key=lambda one: len(one.area_code))
        title = _("区域等级“%(name)s”（%(area)s）")
        yield title % {"name": grade.grade, "area": grade.area_code or "*"}, grade.factor
    key = criterion.subcategory.key
    for one in known.overlays:
        if (
            one.from_date <= day <= one.to_date
            and area_code.startswith(one.area_code)
            and _names(one.keys, key)
        ):
            title = _("时期“%(name)s”（%(first)s 至 %(last)s）")
            values = {"name": one.name, "first": one.from_date, "last": one.to_date}
            yield title % values, one.factor


def _names(keys: Sequence[str], key: str) -> bool:
    return not keys or any(key.startswith(prefix) for prefix in keys)


def emergencies_at(area_code: str, at: datetime) -> list[Emergency]:
    """生效的应急令: orders in force at a moment for a place (areas as prefixes)."""
    return [
        order
        for order in rules().emergencies
        if area_code.startswith(order.area_code)
        and order.from_at <= at
        and (order.to_at is None or at < order.to_at)
    ]


def held_by(criterion: FilingCriterion, area_code: str, at: datetime) -> Emergency | None:
    """暂停计时的应急令: the first order that pauses this limit here; never an urgent one."""
    if criterion.urgent:
        return None
    key = criterion.subcategory.key
    held = (order for order in emergencies_at(area_code, at) if _names(order.keys, key))
    return next(held, None)


# Yuncheng design (2024): 受理 15 min, 派遣 15 min, 核实 and 核查 30 min, continuous time. Filing
# and closing are not in it; we let them take as long as intake does.
_QUARTER, _HALF = Decimal("0.25"), Decimal("0.5")
STAGE_DEFAULTS: Mapping[str, Limit] = {
    ClockStage.REPORTED: Limit(_QUARTER, TimeUnit.URGENT_HOUR),
    ClockStage.CONFIRMING: Limit(_HALF, TimeUnit.URGENT_HOUR),
    ClockStage.ACCEPTED: Limit(_QUARTER, TimeUnit.URGENT_HOUR),
    ClockStage.FILED: Limit(_QUARTER, TimeUnit.URGENT_HOUR),
    ClockStage.HANDLED: Limit(_HALF, TimeUnit.URGENT_HOUR),
    ClockStage.VERIFIED: Limit(_QUARTER, TimeUnit.URGENT_HOUR),
}


def stage_limit(stage: str, *, urgent: bool = False) -> tuple[Limit, str]:
    """环节时限: the limit of a desk's step and the kind of windows it counts in.

    An urgent case without a row of its own has the ordinary limit of the stage.
    """
    rows = rules().stages
    row = rows.get((stage, urgent)) or rows.get((stage, False))
    if row is None:
        return STAGE_DEFAULTS[stage], OFFICE_KIND
    return row.limit, row.window_kind


# Who looked already has seen it; who wrote or computed has not (issue of the spine, item 2).
CONFIRM_DEFAULTS = frozenset(
    {"public", "hotline", "letter", "media", "machine", "sensor", "wechat"}
)


def needs_confirmation(channel: str, subcategory_id: int | None = None) -> bool:
    """是否须核实: by channel × sub-category, then by channel, then by default."""
    rows = rules().confirm
    for key in ((channel, subcategory_id), (channel, None)):
        if key in rows:
            return rows[key]
    return channel in CONFIRM_DEFAULTS
