"""工单的动作: an order is taken as a case, answered, declined back or asked more time for.

An entry of the order stands on its own stream; what happens to its case stands with the case.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from changxiao.cases import actions as cases
from changxiao.cases import flow, rules
from changxiao.cases.actions import Calling, GivenDue, Problem, Reporter
from changxiao.cases.actions.intake import next_serial
from changxiao.cases.models import Case, Channel
from changxiao.catalog.actions.base import EDITORS, who
from changxiao.catalog.models import Subcategory
from changxiao.kernel import scope
from changxiao.kernel.act import NAMESPACE, Act
from changxiao.kernel.day import city_zone
from changxiao.kernel.geo import Point
from changxiao.kernel.refused import Refused
from changxiao.kernel.transactions import writing
from changxiao.ledger import actions as ledger
from changxiao.ledger.edits import check_unmoved
from changxiao.orgs.posts import Post
from changxiao.workorders import listing, sources
from changxiao.workorders.access import MAPPERS
from changxiao.workorders.mapping import FIELDS, Incoming
from changxiao.workorders.models import OrderBatch, OrderReturn, OrderSource, WorkOrder, stream_of

CLERKS = flow.CLERKS
MOST_SENT = 20_000
BEFORE_WORK = frozenset({flow.Stage.REPORTED, flow.Stage.CONFIRMING})


class Known(Exception):  # noqa: N818 - the answer to an order that came before
    """此前已收: the order that this number of this source is."""

    def __init__(self, order: WorkOrder) -> None:
        super().__init__(str(order))
        self.order = order


@dataclass(frozen=True, slots=True)
class Placed:
    """来单, read: with our sub-category and a place, and by what the place was found."""

    told: Incoming
    subject: Subcategory
    point: Point
    by: str
    batch: OrderBatch | None = None
    row: int = 0


def key_of(source: str, number: str) -> str:
    """键: source ‖ number; whatever comes again under both is the same order."""
    return str(uuid.uuid5(NAMESPACE, f"work-order/{source}/{number}"))


def take_order(source: OrderSource, placed: Placed, *, act: Act) -> WorkOrder:
    """收单: report it as a case under the source's number and limit; raises Known."""
    _must_be(act, CLERKS, _("收单"))
    told = placed.told
    with writing():
        rows = WorkOrder.everything.select_related("case")
        if old := rows.filter(source=source.code, number=told.number).first():
            raise Known(old)
        case = cases.report(_problem(source, placed), act=act.derive("report"))
        cells = json.dumps(told.cells, ensure_ascii=False) if told.cells else ""
        order = WorkOrder(
            source=source.code,
            number=told.number,
            case=case,
            batch=placed.batch,
            row=placed.row,
            category=told.category[:200],
            placed_by=placed.by,
            limit_at=told.limit,
            taken_at=case.reported_at,
            cells=ledger.seal(cells) if cells else "",
        )
        body: dict[str, Any] = {
            "case": case.number,
            "limit": _iso(told.limit),
            "placed_by": placed.by,
        }
        if placed.batch is not None:
            body |= {"file": placed.batch.sha256, "row": placed.row}
        ledger.append(
            stream=order.stream,
            verb="take_order",
            act=act,
            at=case.reported_at,
            head=None,
            body=body,
        )
        order.save(force_insert=True)
    return order


def _problem(source: OrderSource, placed: Placed) -> Problem:
    told = placed.told
    return Problem(
        channel=source.channel,
        subcategory=placed.subject,
        lon=placed.point.lon,
        lat=placed.point.lat,
        description=told.description[: rules.MOST_DESCRIPTION],
        address=told.address or told.area,
        reporter=Reporter(told.name, told.phone),
        external=f"{source.code}/{told.number}"[:64],
        call=Calling(wants_callback=told.callback) if told.phone or told.callback else None,
        given_by=source.title,
        given_due_at=told.limit,
    )


def return_order(order: WorkOrder, *, reason: str, act: Act) -> WorkOrder:
    """退单: not ours; the case is declined with the reason, which goes back to the source."""
    reason = rules.need_text(reason, field="reason", name=_("退单理由"))
    with _changing(order, "return_order", act, CLERKS) as row:
        if row.returned_at is not None:
            raise Refused("returned", _("这件工单已经退过"))
        case = row.case
        if case.stage in BEFORE_WORK:
            cases.decline(case, reason=reason, act=act.derive("decline"))
        elif case.stage != flow.Stage.DECLINED:
            message = _("案卷已是“%(stage)s”，不能退单；请先撤回到受理前，或办结后答复")
            values = {"stage": case.get_stage_display()}
            raise Refused("not_now", message % values)
        row.returned_at, row.returned_by, row.reason = act.moment(), act.actor, reason
        _record(row, "return_order", act, {"reason": reason})
        row.save(update_fields=["returned_at", "returned_by", "reason"])
        return row


def ask_order_time(order: WorkOrder, *, until: datetime, reason: str, act: Act) -> WorkOrder:
    """申请延期 at the source: what was asked until when; the limit stands until they agree."""
    reason = rules.need_text(reason, field="reason", name=_("延期理由"))
    with _changing(order, "ask_order_time", act, CLERKS) as row:
        if row.case.ended:
            raise Refused("not_now", _("案卷已办结，不必再申请延期"))
        if row.limit_at is None or until <= row.limit_at:
            raise Refused("until_early", _("申请延至的时间须晚于来源单位的办理时限"), field="until")
        row.asked, row.asked_until, row.asked_reason = WorkOrder.Asked.WAITING, until, reason
        _record(row, "ask_order_time", act, {"until": _iso(until), "reason": reason})
        row.save(update_fields=["asked", "asked_until", "asked_reason"])
        return row


def settle_order_time(order: WorkOrder, *, granted: bool, act: Act) -> WorkOrder:
    """延期答复: the source agreed, and its new limit holds; or it did not, and nothing moves."""
    with _changing(order, "settle_order_time", act, CLERKS) as row:
        if row.asked != WorkOrder.Asked.WAITING:
            raise Refused("nothing_asked", _("没有等来源单位答复的延期申请"))
        row.asked = WorkOrder.Asked.GRANTED if granted else WorkOrder.Asked.REFUSED
        if granted:
            row.limit_at = row.asked_until
            assert row.limit_at is not None
            given = GivenDue(row.limit_at, sources.of(row.source).title)
            with scope.viewing(scope.system("work-orders")):
                key = act.derive("give_due").key
                done = Act.system("work-orders", key)
                cases.give_due(row.case, given=given, act=done)
        _record(row, "settle_order_time", act, {"granted": granted, "limit": _iso(row.limit_at)})
        row.save(update_fields=["asked", "limit_at"])
        return row


def send_answers(
    source: OrderSource, *, chosen: Collection[str] | None = None, act: Act
) -> OrderReturn:
    """回传答复: these numbers, or all that can go back, as one batch; each order knows with which
    batch and words it went. Refused `nothing_chosen`, `not_answered`."""
    _must_be(act, CLERKS, _("回传答复"))
    with writing():
        at = act.moment()
        ledger.recall(stream="", verb="send_answers", act=act)
        orders = _answered(source, chosen, at)
        day = f"{at.astimezone(city_zone()):%Y%m%d}"
        n = next_serial(f"return:{source.code}:{day}"[:40])
        code = f"{source.code}-{day}-{n:02d}"
        body = {"numbers": [one.number for one in orders]}
        stream = f"order_return:{code}"
        ledger.append(stream=stream, verb="send_answers", act=act, at=at, head=None, body=body)
        made = OrderReturn.objects.create(
            code=code, source=source.code, sent_by=act.actor, sent_at=at, count=len(orders)
        )
        for order in orders:
            order.sent, order.sent_at, order.sent_answer = made, at, answer_of(order)
        WorkOrder.everything.bulk_update(orders, ["sent", "sent_at", "sent_answer"], 500)
    return made


def _answered(
    source: OrderSource, chosen: Collection[str] | None, now: datetime
) -> list[WorkOrder]:
    """Asked under the lock: of two who send at once the slower finds nothing left to send."""
    rows = listing.filtered({"source": source.code, "state": "answered"}, now)
    if chosen is not None:
        rows = rows.filter(number__in=chosen)
    found = list(rows.select_for_update(of=("self",)).order_by("id")[:MOST_SENT])
    there = {one.number for one in found}
    if missing := sorted(set(chosen or ()) - there):
        message = _("工单“%(number)s”没有可回传的答复，或刚被他人回传，请刷新后再选")
        raise Refused("not_answered", message % {"number": missing[0][:60]}, field="numbers")
    if not found:
        raise Refused("nothing_chosen", _("没有可回传的工单，请先勾选"), field="orders")
    return found


def answer_of(order: WorkOrder) -> str:
    """答复: of the case, or why the order was declined back."""
    return order.reason if order.returned_at is not None else order.case.answer


def set_source(code: str, *, told: Mapping[str, Any], act: Act) -> OrderSource:
    """设定工单来源: what its columns and categories mean, its channel, its answer's layout.

    Refused `source_code`, `field_unknown`, `channel_unknown`, `answers_unreadable`.
    """
    there = code in sources.SHIPPED or OrderSource.objects.filter(code=code).exists()
    posts = MAPPERS if there else EDITORS
    _must_be(act, posts, _("设定工单来源"))
    _check_told(code, told)
    with writing():
        row = OrderSource.objects.select_for_update().filter(code=code).first()
        before = sources.state_of(row) if row else None
        fresh = row or OrderSource(code=code)
        if row is None and code in sources.SHIPPED:
            fresh = sources.of(code)
        for name, value in told.items():
            setattr(fresh, name, value)
        after = sources.state_of(fresh)
        if after == before:
            return fresh
        stream = source_stream(code)
        check_unmoved(stream, act, who)
        ledger.append(stream=stream, verb="set_source", act=act, body=after | {"was": before})
        fresh.save()
        return fresh


def drop_source(code: str, *, act: Act) -> None:
    """恢复预设来源: the city's own row goes, where no batch has come by it."""
    _must_be(act, EDITORS, _("设定工单来源"))
    with writing():
        row = OrderSource.objects.select_for_update().filter(code=code).first()
        if row is None:
            return
        if code not in sources.SHIPPED and WorkOrder.everything.filter(source=code).exists():
            raise Refused("source_used", _("这个来源已收过工单，不能删除"))
        stream = source_stream(code)
        check_unmoved(stream, act, who)
        body = {"was": sources.state_of(row)}
        ledger.append(stream=stream, verb="drop_source", act=act, body=body)
        row.delete()


def source_stream(code: str) -> str:
    """工单来源的记录流."""
    return f"order_source:{code}"


def _check_told(code: str, told: Mapping[str, Any]) -> None:
    if not code or len(code) > 20 or not code.replace("-", "").replace("_", "").isascii():
        raise Refused("source_code", _("来源代码用字母、数字和短横，最多 20 个"), field="code")
    if unknown := set(told.get("columns", {})) - set(FIELDS):
        message = _("列名对照里没有“%(name)s”这一项") % {"name": sorted(unknown)[0][:20]}
        raise Refused("field_unknown", message, field="columns")
    if told.get("channel", Channel.HOTLINE) not in Channel.values:
        raise Refused("channel_unknown", _("来源类别不存在，请重新选择"), field="channel")
    for head, what in told.get("answers", ()):
        if not head or what not in sources.ANSWERS:
            message = _("答复列“%(head)s”：不认识“%(what)s”，可用 %(known)s")
            known = "、".join(str(one) for one in sources.ANSWERS.values())
            values = {"head": head[:20], "what": str(what)[:20], "known": known}
            raise Refused("answers_unreadable", message % values, field="answers")


def _must_be(act: Act, posts: Iterable[str], what: str) -> None:
    if act.post in posts or act.actor.startswith("system:"):
        return
    names = "、".join(str(Post(post).label) for post in sorted(posts))
    raise Refused("not_yours", _("%(what)s须由%(posts)s办理") % {"what": what, "posts": names})


@contextmanager
def _changing(order: WorkOrder, verb: str, act: Act, posts: Iterable[str]) -> Iterator[WorkOrder]:
    """One order under its lock; an act that was done before gets its old answer."""
    _must_be(act, posts, _("办理工单"))
    with writing():
        row = WorkOrder.everything.select_for_update().get(pk=order.pk)
        row.case = Case.everything.get(pk=row.case_id)
        try:
            yield row
        except Refused:
            ledger.recall(stream=row.stream, verb=verb, act=act)
            raise


def _record(row: WorkOrder, verb: str, act: Act, body: Mapping[str, Any]) -> None:
    ledger.append(
        stream=stream_of(row.source, row.number), verb=verb, act=act, at=act.moment(), body=body
    )


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
