"""案卷列表: the one allow-list of filters that desk, API and exports share."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext as _

from changxiao.cases.access import in_area
from changxiao.cases.flow import OPEN, Stage
from changxiao.cases.models import Case, CaseRequest, Channel, Satisfaction, SupervisionOrder
from changxiao.kernel.day import city_zone, local_time
from changxiao.kernel.refused import Refused
from changxiao.ledger.models import Entry
from changxiao.orgs.models import Unit

SHOWN = ("subcategory", "criterion", "unit", "lead_unit")
BY_QUEUE = ("queue_at", "id")
MOST_NUMBERS = 50  # asked for by name at once


def _stage(value: str, _at: datetime) -> Q:
    return Q(stage__in=_known("stage", value.split(","), Stage.values))


def _channel(value: str, _at: datetime) -> Q:
    return Q(channel__in=_known("channel", value.split(","), Channel.values))


def _unit(value: str, _at: datetime) -> Q:
    found = Q(pk__in=[])
    for code in value.split(","):
        found |= Q(unit__in=Unit.objects.filter(path__startswith=_path(code)))
    return found


def late(at: datetime) -> Q:
    """超期: the running limit of the present stage has passed."""
    return Q(due_at__lt=at)


def _overdue(value: str, at: datetime) -> Q:
    yes = _known("overdue", [value], ["1", "true", "0", "false"])[0] in {"1", "true"}
    return late(at) if yes else Q(due_at__isnull=True) | Q(due_at__gte=at)


def due_today(at: datetime) -> Q:
    """今天到期: not late yet, and due before the city's midnight."""
    local = local_time(at)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return Q(due_at__gte=at, due_at__lt=midnight)


def _due(value: str, at: datetime) -> Q:
    _known("due", [value], ["today"])
    return due_today(at)


def silent(at: datetime) -> Q:
    """超期未回应: late, and the unit has neither a request waiting nor answered any order."""
    asked = CaseRequest.objects.filter(state=CaseRequest.State.PENDING).values("case")
    answered = SupervisionOrder.objects.filter(answered_at__isnull=False).values("case")
    return late(at) & ~Q(pk__in=asked) & ~Q(pk__in=answered)


def _silent(value: str, at: datetime) -> Q:
    _known("silent", [value], ["1"])
    return silent(at)


def _owed(value: str, _at: datetime) -> Q:
    _known("owed", [value], ["1"])
    return ~Q(owed="")


def _satisfaction(value: str, _at: datetime) -> Q:
    _known("satisfaction", [value], list(Satisfaction.values))
    return Q(satisfaction=value)


def _order(value: str, _at: datetime) -> Q:
    _known("order", [value], ["waiting"])
    waiting = SupervisionOrder.objects.filter(answered_at=None).values("case")
    return Q(stage__in=OPEN, pk__in=waiting)


def _within(name: str, day: date) -> Q:
    begin = datetime.combine(day, time.min, city_zone())
    end = datetime.combine(day + timedelta(days=1), time.min, city_zone())
    return Q(**{f"{name}__gte": begin, f"{name}__lt": end})


def reported_on(day: date) -> Q:
    """当日上报."""
    return _within("reported_at", day)


def dispatched_on(day: date) -> Q:
    """当日派遣."""
    return _within("dispatched_at", day)


def closed_on(day: date) -> Q:
    """当日结案."""
    return Q(stage=Stage.CLOSED) & _within("ended_at", day)


def reworked_on(day: date) -> Q:
    """当日返工: the log says when; only cases that were ever sent back are asked for it."""
    stream = Concat(Value("case:"), OuterRef("number"))
    entries = Entry.objects.filter(_within("at", day), stream=stream, verb="rework")
    return Q(rework_count__gt=0) & Q(Exists(entries.order_by()))


_DAYS: dict[str, Callable[[date], Q]] = {
    "reported_on": reported_on,
    "dispatched_on": dispatched_on,
    "closed_on": closed_on,
    "reworked_on": reworked_on,
}


def _on_day(name: str) -> Callable[[str, datetime], Q]:
    def narrow(value: str, _at: datetime) -> Q:
        try:
            return _DAYS[name](date.fromisoformat(value))
        except (ValueError, OverflowError):
            message = _("%(name)s的日期“%(value)s”无法识别，请写成 2026-03-02 的样子")
            told = {"name": name, "value": value[:40]}
            raise Refused("parameter_unreadable", message % told, field=name) from None

    return narrow


def _subcategory(value: str, _at: datetime) -> Q:
    # Component and event share digits (0110 is both): the letter of a key says which is meant.
    found = Q(pk__in=[])
    for key in value.split(","):
        kind = {"c": "component", "e": "event"}.get(key[:1])
        one = Q(subcategory__code=key.lstrip("ec"))
        found |= one & Q(subcategory__kind=kind) if kind else one
    return found


def _number(value: str, _at: datetime) -> Q:
    asked = value.split(",")[:MOST_NUMBERS]
    return Q(number__in=asked) | Q(code__in=asked)


def _area(value: str, _at: datetime) -> Q:
    if not _CODE.fullmatch(value):
        message = _("区域代码“%(value)s”无法识别，请从区域列表中选择") % {"value": value[:40]}
        raise Refused("parameter_unreadable", message, field="area")
    return in_area(value)


_CODE = re.compile(r"[0-9A-Za-z_.-]{1,24}")
_NARROW: dict[str, Callable[[str, datetime], Q]] = {
    "stage": _stage,
    "unit": _unit,
    "overdue": _overdue,
    "due": _due,
    "channel": _channel,
    "subcategory": _subcategory,
    "area": _area,
    "number": _number,
    "since": lambda value, _at: Q(reported_at__gte=_moment("since", value)),
    "until": lambda value, _at: Q(reported_at__lt=_moment("until", value)),
    "silent": _silent,
    "order": _order,
    "owed": _owed,
    "satisfaction": _satisfaction,
    **{name: _on_day(name) for name in _DAYS},
}
FILTERS = tuple(_NARROW)


def filtered(wanted: Mapping[str, str], *, at: datetime) -> QuerySet[Case]:
    """筛选: cases within the current viewer's reach that match; an empty value asks for nothing.

    Raises Refused("parameter_unknown") for a name outside the allow-list and
    Refused("parameter_unreadable") for a value that means nothing.
    """
    for name in wanted:
        if name not in FILTERS:
            message = _("没有筛选条件“%(name)s”，可用：%(known)s")
            values = {"name": name[:40], "known": "、".join(FILTERS)}
            raise Refused("parameter_unknown", message % values, field=name[:40])
    rows = Case.objects.select_related(*SHOWN)
    for name, value in wanted.items():
        if value:
            rows = rows.filter(_NARROW[name](value, at))
    return rows


def briefly(rows: QuerySet[Case]) -> QuerySet[Case]:
    """列表所需: the unit alone is joined; the sub-category is known in memory (`catalog.known`)."""
    return rows.select_related(None).select_related("unit")


def _known(name: str, values: list[str], known: list[str]) -> list[str]:
    for value in values:
        if value not in known:
            message = _("筛选条件%(name)s的值“%(value)s”不存在，可用：%(known)s")
            told = {"name": name, "value": value[:40], "known": "、".join(known)}
            raise Refused("parameter_unreadable", message % told, field=name)
    return values


def _path(code: str) -> str:
    found = Unit.objects.filter(code=code).values_list("path", flat=True).first()
    if found is None:
        message = _("没有代码为“%(code)s”的单位") % {"code": code[:40]}
        raise Refused("parameter_unreadable", message, field="unit")
    return found


def _moment(name: str, value: str) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
        readable = moment.tzinfo is not None and bool(moment.astimezone(UTC))
    except (ValueError, OverflowError):  # year 1 at +14:00 lies before the first year
        readable = False
    if not readable:
        message = _("%(name)s的时间“%(value)s”无法识别，请写成 2026-03-02T09:00+08:00 的样子")
        told = {"name": name, "value": value[:40]}
        raise Refused("parameter_unreadable", message % told, field=name)
    return moment
