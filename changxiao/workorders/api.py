"""工单接口 `/api/v1/work-orders`: orders in, once under source and number; answers out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema, Status

from changxiao.cases import inputs
from changxiao.kernel import paging, scope
from changxiao.kernel.act import Act
from changxiao.kernel.api import digest_of
from changxiao.kernel.api import key_of as request_key
from changxiao.kernel.refused import Refused
from changxiao.ledger.refusals import Replayed
from changxiao.workorders import actions, listing, sources
from changxiao.workorders.access import READERS
from changxiao.workorders.actions import CLERKS, Known, key_of, take_order
from changxiao.workorders.checking import Checker, Held
from changxiao.workorders.export import told
from changxiao.workorders.mapping import Flaw, Incoming
from changxiao.workorders.models import OrderReturn, WorkOrder

router = Router(tags=["work-orders"])
MOST = 500


class OrderIn(inputs.Common):
    """来单: `source` and `number` are its key; times with offset; `category` in the source's words
    or ours; without `lon` and `lat` the place is read from `area` and `address`."""

    source: str = Field(max_length=20)
    number: str = Field(min_length=1, max_length=60)
    description: str = Field(min_length=1, max_length=4000)
    limit_at: datetime | None = None
    received_at: datetime | None = None
    category: str = Field("", max_length=200)
    area: str = Field("", max_length=100)
    address: str = Field("", max_length=200)
    lon: float | None = Field(None, ge=-180, le=180)
    lat: float | None = Field(None, ge=-90, le=90)
    name: str = Field("", max_length=64)
    phone: str = Field("", max_length=32)
    wants_callback: bool = False


class OrderOut(Schema):
    source: str
    number: str
    case: str
    stage: str
    state: str
    limit_at: datetime | None
    taken_at: datetime
    answer: str
    unit: str
    ended_at: datetime | None
    solved: bool | None
    satisfaction: str
    returned: bool
    reason: str
    sent_batch: str | None
    sent_at: datetime | None
    differs: list[str] = []


class OrdersOut(Schema):
    items: list[OrderOut]
    next: str | None


class SentIn(inputs.Common):
    """回传: which of one source's answers were taken over."""

    source: str = Field(max_length=20)
    numbers: list[str] = Field(min_length=1, max_length=MOST)


class SentOut(Schema):
    batch: str
    count: int


@router.post("", response={201: OrderOut, 200: OrderOut}, summary="收单 take_order")
def take(request: HttpRequest, body: OrderIn, response: HttpResponse) -> Status[Any]:
    """收单: the same source and number answers 200 with the order that there is, whatever else it
    says: an order is changed by its source's own 延期, not by sending it again. `differs` names the
    fields that now say something else."""
    source = sources.of(body.source)
    try:
        placed = Checker(source).placed(_incoming(body))
    except Flaw as flaw:
        raise Refused("order_unfit", flaw.sentence, field=flaw.column) from None
    act = Act(
        actor=scope.current().name,
        post=_post(body.post),
        key=key_of(source.code, placed.told.number),
        occurred_at=body.occurred_at or placed.told.received,
    )
    try:
        order = take_order(source, placed, act=act)
    except (Known, Replayed) as old:
        response["Idempotent-Replayed"] = "true"
        there = _again(old, body)
        differs = sorted(Held.of(there).changed(placed.told))
        return Status(200, _out(there) | {"differs": differs})
    return Status(201, _out(order))


def _incoming(body: OrderIn) -> Incoming:
    for moment in (body.limit_at, body.received_at):
        if moment is not None and moment.tzinfo is None:
            message = _("时间%(at)s缺少时区，请写成 2026-03-02T09:00+08:00 的样子")
            raise Refused("time_naive", message % {"at": moment.isoformat()}, field="limit_at")
    if (body.lon is None) != (body.lat is None):
        raise Refused("place_half", _("经度和纬度须一起填写"), field="lat")
    return Incoming(
        number=body.number.strip(),
        description=body.description.strip(),
        limit=body.limit_at,
        received=body.received_at,
        name=body.name.strip(),
        phone=body.phone.strip(),
        category=body.category.strip(),
        area=body.area.strip(),
        address=body.address.strip(),
        lon=body.lon,
        lat=body.lat,
        callback=body.wants_callback,
    )


def _again(old: Known | Replayed, body: OrderIn) -> WorkOrder:
    if isinstance(old, Known):
        return old.order
    rows = WorkOrder.everything.select_related("case")
    return rows.get(source=body.source, number=body.number.strip())


def _post(wish: str) -> str:
    held = scope.current().posts()
    return wish if wish in held else (sorted(held & CLERKS) or sorted(held) or [""])[0]


class Asked(Schema):
    source: str = ""
    state: str = ""
    answered_after: str = ""
    cursor: str = ""
    limit: int = 50


@router.get("", response=OrdersOut, summary="工单列表")
def list_orders(request: HttpRequest, asked: Query[Asked]) -> dict[str, Any]:
    """工单列表: within reach; `state` is waiting, soon, late, answered, sent or returned;
    `answered_after` a time with offset: what ended or was declined back since."""
    if not scope.current().posts() & READERS:
        raise Refused("not_yours", _("您的岗位不办工单"), field="post")
    told = {name: getattr(asked, name) for name in ("source", "state", "answered_after")}
    rows = listing.filtered(told, timezone.now())
    size = min(max(asked.limit, 1), MOST)
    page = paging.page(rows, order=("id",), cursor=asked.cursor, size=size)
    return {"items": [_out(one) for one in page.items], "next": page.next}


@router.post("/sent", response=SentOut, summary="回传答复 send_answers")
def sent(request: HttpRequest, body: SentIn) -> dict[str, Any]:
    """回传答复: a machine has taken these answers over; they are one batch, as on the page."""
    source = sources.of(body.source)
    act = Act(
        actor=scope.current().name,
        post=_post(body.post),
        key=request_key(request),
        digest=digest_of(request, body.content()),
    )
    try:
        made = actions.send_answers(source, chosen=body.numbers, act=act)
    except Replayed as again:
        made = OrderReturn.objects.get(code=again.entry.stream.partition(":")[2])
    return {"batch": made.code, "count": made.count}


def _out(order: WorkOrder) -> dict[str, Any]:
    case = order.case
    return {
        "source": order.source,
        "number": order.number,
        "case": case.number,
        "stage": case.stage,
        "state": listing.state_of(order, timezone.now()),
        "limit_at": order.limit_at,
        "taken_at": order.taken_at,
        "answer": actions.answer_of(order),
        "unit": told(order, "unit"),
        "ended_at": told(order, "ended"),
        "solved": case.solved,
        "satisfaction": case.satisfaction,
        "returned": order.returned_at is not None,
        "reason": order.reason,
        "sent_batch": order.sent.code if order.sent else None,
        "sent_at": order.sent_at,
    }
