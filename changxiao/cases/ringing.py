"""回访清单 ringing: cases whose caller wanted to be rung after closing, within reach, by state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from changxiao.cases import places, rules
from changxiao.cases.models import Case, Satisfaction
from changxiao.cases.models_calls import CallbackState
from changxiao.catalog import known
from changxiao.kernel.act import new_key
from changxiao.kernel.refused import Refused

WAITING, LATE, UNHAPPY = CallbackState.WAITING.value, "late", "unhappy"
NO = Q(callback=CallbackState.REACHED) & (
    Q(solved=False) | Q(satisfaction=Satisfaction.UNSATISFIED)
)


@dataclass(frozen=True, slots=True)
class Row:
    """一行: a case, where it lies, whether late, a key for the press that shows the number."""

    case: Case
    where: str
    late: bool
    key: str


def _narrow(state: str, now: datetime) -> Q:
    if state == LATE:
        return Q(callback=WAITING, callback_due_at__lt=now)
    if state == UNHAPPY:
        return NO
    if state in CallbackState.values:
        return Q(callback=state)
    raise Refused("parameter_unreadable", _("没有这一种回访，请从上方选择"), field="state")


def filtered(state: str, now: datetime) -> QuerySet[Case]:
    """回访 of a state; Refused("parameter_unreadable")."""
    return Case.objects.select_related("unit").filter(_narrow(state, now))


def order_of(state: str) -> tuple[str, ...]:
    """次序: what waits by when it is due, what is done the newest first."""
    return ("callback_due_at", "id") if state in {WAITING, LATE} else ("-ended_at", "-id")


def counts(now: datetime) -> list[tuple[str, str, int]]:
    """计数: value, label, count; one statement."""
    labels = (
        (WAITING, str(CallbackState.WAITING.label)),
        (LATE, _("待回访，已超期")),
        (CallbackState.REACHED.value, str(CallbackState.REACHED.label)),
        (UNHAPPY, _("不满意或未解决")),
        (CallbackState.UNREACHED.value, str(CallbackState.UNREACHED.label)),
    )
    wanted = {name: Count("pk", filter=_narrow(name, now)) for name, _label in labels}
    told = Case.objects.exclude(callback="").aggregate(**wanted)
    return [(name, label, told[name]) for name, label in labels]


def waiting(now: datetime) -> tuple[int, int]:
    """待回访: how many, and how many of them late; one statement."""
    rows = Case.objects.filter(callback=WAITING)
    late = Count("pk", filter=Q(callback_due_at__lt=now))
    told = rows.aggregate(count=Count("pk"), late=late)
    return told["count"], told["late"]


def rows_of(cases: Sequence[Case], now: datetime) -> list[Row]:
    """各行."""
    found = []
    for case in cases:
        case.subcategory = known.by_id(case.subcategory_id)
        where = rules.masked(case.address) or places.of_case(case)
        late = case.callback_due_at is not None and case.callback_due_at < now
        found.append(Row(case, where, late, new_key()))
    return found
