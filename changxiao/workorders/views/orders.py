"""工单列表与单件: what waits, what can go back, and what is asked of the source."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.db.models import F
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from changxiao.cases import places, rules
from changxiao.cases.models import LAST, Case
from changxiao.kernel import paging, scope
from changxiao.kernel.refused import Refused
from changxiao.ledger.models import Entry
from changxiao.ledger.refusals import Replayed
from changxiao.orgs.models import Staff
from changxiao.ui.htmx import is_htmx
from changxiao.workorders import actions, listing, sources
from changxiao.workorders.access import order_for
from changxiao.workorders.actions import CLERKS
from changxiao.workorders.forms import ReturnForm, SettleForm, TimeForm
from changxiao.workorders.models import OrderReturn, WorkOrder
from changxiao.workorders.views.base import act_of, acting, for_readers

SIZE = 50
TITLES = {
    "take_order": gettext_lazy("收单"),
    "return_order": gettext_lazy("退单"),
    "ask_order_time": gettext_lazy("申请延期"),
    "settle_order_time": gettext_lazy("延期答复"),
}


@require_safe
@for_readers
def orders(request: HttpRequest) -> HttpResponse:
    """工单列表, by state and source."""
    now = timezone.now()
    asked = {name: request.GET.get(name, "") for name in ("source", "state", "q")}
    asked["state"] = request.GET.get("state", "waiting")
    told: dict[str, Any] = asked | {"now": now, "clerk": bool(scope.current().posts() & CLERKS)}
    told["sources"] = sources.all_of()
    titles = {one.code: one.title for one in told["sources"]}
    try:
        rows = listing.filtered(asked, now).annotate(limit_key=Coalesce(F("limit_at"), LAST))
        page = paging.page(
            rows,
            order=listing.order_of(asked["state"]),
            cursor=request.GET.get("cursor", ""),
            size=SIZE,
        )
        told |= {
            "rows": [_row(one, titles, now) for one in page.items],
            "next_cursor": page.next,
            "states": listing.counts(asked["source"], now),
            "key": str(uuid.uuid4()),
            "returns": _returns(asked["source"]),
        }
    except Refused as no:
        told["refusal"] = no.sentence
    status = 400 if "refusal" in told else 200
    return render(request, "workorders/orders.html", told, status=status)


def _row(order: WorkOrder, titles: dict[str, str], now: Any) -> dict[str, Any]:
    state = listing.state_of(order, now)
    return {
        "order": order,
        "source": titles.get(order.source, order.source),
        "state": state,
        "label": listing.STATES[state],
        "answer": actions.answer_of(order),
        "where": rules.masked(order.case.address) or places.of_case(order.case),
    }


def _returns(source: str) -> list[tuple[OrderReturn, str]]:
    """The last batches that went back, and who sent them."""
    rows = OrderReturn.objects.filter(source=source) if source else OrderReturn.objects.all()
    found = list(rows[:5])
    names = dict(
        Staff.objects.filter(username__in={one.sent_by for one in found}).values_list(
            "username", "name"
        )
    )
    return [(one, names.get(one.sent_by, one.sent_by)) for one in found]


@require_POST
@for_readers
def send(request: HttpRequest) -> HttpResponse:
    """回传: the chosen ones, or all that can go back of one source, as one batch."""
    post, code = acting(request, CLERKS), request.POST.get("source", "")
    back = f"{reverse('orders')}?state=answered&source={code}"
    numbers = sorted(request.POST.getlist("order"))[:SIZE]
    chosen = None if request.POST.get("all") == "1" else numbers
    try:
        key = uuid.UUID(request.POST.get("key", ""))
        act = act_of(request, post, key, [code, chosen])
        made = actions.send_answers(sources.of(code), chosen=chosen, act=act)
    except Replayed as again:
        made = OrderReturn.objects.get(code=again.entry.stream.partition(":")[2])
    except (Refused, ValueError) as no:
        sentence = no.sentence if isinstance(no, Refused) else _("请重新打开页面再试")
        messages.error(request, sentence)
        return redirect(back)
    words = _("已记为回传：批次 %(code)s，%(n)d 件；请下载对方表样的 xlsx 发回")
    messages.success(request, words % {"code": made.code, "n": made.count})
    return redirect(f"{reverse('orders')}?state=sent&source={code}")


@require_safe
def of_case(request: HttpRequest, number: str) -> HttpResponse:
    """案卷的工单: its source, its own number and how it stands, for the case's page; without script
    the order's page itself. Whoever handles no orders reads on the case's page whose it was."""
    rows = WorkOrder.objects.select_related("case", "case__duplicate_of", "sent")
    row = rows.filter(case__number=number).first()
    if not is_htmx(request):
        if row is None:
            raise Http404
        return redirect("order", row.source, row.number)
    told: dict[str, Any] = {"case": Case.objects.filter(number=number).first()}
    if row is not None:
        state = listing.state_of(row, timezone.now())
        told = {"order": row, "state": state, "label": listing.STATES[state]}
        told["source"] = sources.titles().get(row.source, row.source)
    elif told["case"] is None:
        raise Http404
    return render(request, "workorders/_of_case.html", told)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_readers
def order(request: HttpRequest, source: str, number: str) -> HttpResponse:
    """一件工单: under its own number, what of it is asked and answered."""
    try:
        row = order_for(source, number)
    except Refused as no:
        raise Http404(no.sentence) from None
    forms = _forms(row)
    status = 200
    if request.method == "POST":
        name = request.POST.get("do", "")
        if name not in forms:
            raise Http404
        form = type(forms[name])(request.POST)
        forms[name], status = form, 422
        if form.is_valid():
            try:
                _done(request, row, name, form)
                return redirect("order", row.source, row.number)
            except Replayed:
                messages.info(request, _("此前已经办理，没有重复记录"))
                return redirect("order", row.source, row.number)
            except Refused as no:
                form.refuse(no)
                row = order_for(source, number)
    return render(request, "workorders/order.html", _told(row, forms), status=status)


def _forms(row: WorkOrder) -> dict[str, Any]:
    if not scope.current().posts() & CLERKS:
        return {}
    found: dict[str, Any] = {}
    if row.asked == WorkOrder.Asked.WAITING:
        found["settle"] = SettleForm()
    elif row.limit_at is not None and not row.case.ended:
        found["time"] = TimeForm()
    able = row.case.stage in actions.BEFORE_WORK or row.case.stage == "declined"
    if row.returned_at is None and able:
        found["return"] = ReturnForm()
    return found


def _done(request: HttpRequest, row: WorkOrder, name: str, form: Any) -> None:
    post, told = acting(request, CLERKS), form.cleaned_data
    content = [name, *(str(v) for k, v in sorted(told.items()) if k != "key")]
    act = act_of(request, post, told["key"], content)
    if name == "return":
        actions.return_order(row, reason=told["reason"], act=act)
        messages.success(request, _("已退单，理由随下一批回传给来源单位"))
    elif name == "time":
        actions.ask_order_time(row, until=told["until"], reason=told["reason"], act=act)
        messages.success(request, _("已记下延期申请；来源单位答复前，原时限照算"))
    else:
        actions.settle_order_time(row, granted=told["granted"], act=act)
        messages.success(request, _("已记下来源单位的答复"))


def _told(row: WorkOrder, forms: dict[str, Any]) -> dict[str, Any]:
    entries = list(Entry.objects.filter(stream=row.stream).order_by("n"))
    names = Staff.objects.filter(username__in={one.actor for one in entries})
    who = dict(names.values_list("username", "name"))
    state = listing.state_of(row, timezone.now())
    return {
        "order": row,
        "source": sources.titles().get(row.source, row.source),
        "state": state,
        "label": listing.STATES[state],
        "answer": actions.answer_of(row),
        "forms": forms,
        "story": [
            (TITLES.get(one.verb, one.verb), who.get(one.actor, one.actor), one.at, one.data)
            for one in entries
        ],
    }
