"""工单列表 listing: one question a state; a state follows from the case, never kept by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import Count, F, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from changxiao.cases.flow import Stage
from changxiao.kernel.refused import Refused
from changxiao.workorders.models import WorkOrder

WITH = ("case", "case__subcategory", "case__lead_unit", "sent")
SOON = timedelta(hours=24)
ENDED = Q(case__stage__in=[Stage.CLOSED, Stage.DECLINED, Stage.VOIDED])
READY = Q(returned_at__isnull=False) | ENDED | (Q(case__stage=Stage.JOINED) & ~Q(case__answer=""))
# Sent, and nothing has changed since: reopened and closed again it is answered anew.
SAME = Q(sent_answer=F("case__answer")) | Q(returned_at__isnull=False)
SENT = (
    READY
    & Q(sent_at__isnull=False)
    & SAME
    & (Q(case__ended_at__isnull=True) | Q(sent_at__gte=F("case__ended_at")))
)
ANSWERED = READY & ~SENT
WAITING = ~READY
STATES: Mapping[str, str | Promise] = {
    "waiting": gettext_lazy("待办结"),
    "soon": gettext_lazy("24 小时内到期"),
    "late": gettext_lazy("已过来源时限"),
    "answered": gettext_lazy("可回传"),
    "sent": gettext_lazy("已回传"),
    "returned": gettext_lazy("已退单"),
}
FILTERS = ("source", "state", "q", "answered_after")


def narrow(state: str, now: datetime) -> Q:
    """一种状态; Refused("parameter_unreadable")."""
    table = {
        "": Q(),
        "waiting": WAITING,
        "soon": WAITING & Q(limit_at__gte=now, limit_at__lt=now + SOON),
        "late": WAITING & Q(limit_at__lt=now),
        "answered": ANSWERED,
        "sent": SENT,
        "returned": Q(returned_at__isnull=False),
    }
    if state not in table:
        raise Refused("parameter_unreadable", _("没有这一种工单，请从上方选择"), field="state")
    return table[state]


def filtered(asked: Mapping[str, str], now: datetime) -> QuerySet[WorkOrder]:
    """工单 within the viewer's reach that match. Refused("parameter_unreadable")."""
    rows = WorkOrder.objects.select_related(*WITH)
    rows = rows.filter(narrow(asked.get("state", ""), now))
    if source := asked.get("source", ""):
        rows = rows.filter(source=source)
    if words := asked.get("q", "").strip()[:60]:
        rows = rows.filter(Q(number__startswith=words) | Q(case__number=words))
    if after := asked.get("answered_after", ""):
        rows = rows.filter(_after(after) & READY)
    return rows


def _after(text: str) -> Q:
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            raise ValueError
    except ValueError:
        message = _("时间“%(at)s”无法识别，请写成 2026-03-02T09:00+08:00 的样子")
        raise Refused(
            "parameter_unreadable", message % {"at": text[:40]}, field="answered_after"
        ) from None
    return Q(case__ended_at__gt=moment) | Q(returned_at__gt=moment)


def counts(source: str, now: datetime) -> list[tuple[str, str, int]]:
    """计数: state, label, count; one statement."""
    rows = WorkOrder.objects.filter(source=source) if source else WorkOrder.objects.all()
    told = rows.order_by().aggregate(
        **{name: Count("pk", filter=narrow(name, now)) for name in STATES}
    )
    return [(name, str(label), told[name]) for name, label in STATES.items()]


def order_of(state: str) -> tuple[str, ...]:
    """次序: what waits by its limit, what is over the newest first."""
    return ("-id",) if state in {"sent", "returned", ""} else ("limit_key", "id")


def state_of(order: WorkOrder, now: datetime) -> str:
    """一件的状态, as `narrow` has it: of one row in hand."""
    case = order.case
    if order.returned_at is None:
        joined = case.stage == Stage.JOINED and case.answer
        ended = case.stage in {Stage.CLOSED, Stage.DECLINED, Stage.VOIDED}
        if not (ended or joined):
            return _of_waiting(order, now)
    same = order.returned_at is not None or order.sent_answer == case.answer
    fresh = (
        case.ended_at is not None and order.sent_at is not None and order.sent_at < case.ended_at
    )
    if order.sent_at is not None and same and not fresh:
        return "sent"
    return "answered"


def _of_waiting(order: WorkOrder, now: datetime) -> str:
    if order.limit_at is None or order.limit_at >= now + SOON:
        return "waiting"
    return "late" if order.limit_at < now else "soon"
