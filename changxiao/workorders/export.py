"""工单导出: the answers in the source's own columns, and the rows that could not be taken."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from changxiao.cases.flow import Stage
from changxiao.kernel import scope
from changxiao.kernel.refused import Refused
from changxiao.kernel.spreadsheet import Column, Row, Sheet
from changxiao.ledger import actions as ledger
from changxiao.workorders import files, sources
from changxiao.workorders.access import READERS
from changxiao.workorders.actions import answer_of
from changxiao.workorders.mapping import PERSONAL, columns_of
from changxiao.workorders.models import OrderBatch, OrderReturn, OrderSource, WorkOrder
from changxiao.workorders.reading import heading


def answers(wanted: Mapping[str, str], _now: datetime) -> Sheet:
    """回传表 of one batch of answers: their headings, in their order, then ours behind.

    Whoever rang stays out of it: the source knows him by its number.
    """
    made = OrderReturn.objects.filter(code=wanted.get("batch", "")).first()
    if made is None:
        raise Refused("not_found", _("没有这个回传批次，请从工单列表重新下载"), field="batch")
    source = sources.of(made.source)
    orders = WorkOrder.objects.filter(sent=made)
    keys = list(orders.order_by("taken_at", "id").values_list("pk", flat=True))
    heads = _heads(source, made)
    filled = _filled(source, heads)
    columns = [Column(head, 18) for head in filled]
    return Sheet(source.title, "", columns, keys, _Reader(source, heads, filled))


def _heads(source: OrderSource, made: OrderReturn) -> list[str]:
    """The source's headings as its last file of these orders had them."""
    rows = OrderBatch.objects.filter(orders__sent=made).order_by("-id")
    batch = rows.first() or OrderBatch.objects.filter(source=source.code, taken__gt=0).first()
    return [head for head in batch.headings if head] if batch else [_("工单编号"), _("诉求内容")]


def _filled(source: OrderSource, heads: Sequence[str]) -> list[str]:
    there = {heading(head) for head in heads}
    more = [head for head, _what in sources.answers_of(source) if heading(head) not in there]
    return [*heads, *more]


class _Reader:
    """Rows of a batch in the order of the keys, each under its own number."""

    def __init__(self, source: OrderSource, heads: Sequence[str], filled: Sequence[str]) -> None:
        self.filled = filled
        places = columns_of(list(heads), source.columns).places
        self.fields = {heads[at]: name for name, at in places.items()}
        self.ours = {heading(head): what for head, what in sources.answers_of(source)}

    def __call__(self, keys: Sequence[int]) -> Iterable[Row]:
        rows = WorkOrder.objects.select_related("case", "case__lead_unit")
        found = rows.select_related("case__duplicate_of__lead_unit").in_bulk(list(keys))
        cells = ledger.reveal_many([one.cells for one in found.values() if one.cells])
        for key in keys:
            if key in found:
                order = found[key]
                yield self._row(order, json.loads(cells.get(order.cells) or "{}"))

    def _row(self, order: WorkOrder, cells: Mapping[str, str]) -> Row:
        return [self._cell(order, head, cells) for head in self.filled]

    def _cell(self, order: WorkOrder, head: str, cells: Mapping[str, str]) -> Any:
        if what := self.ours.get(heading(head)):
            return told(order, what)
        name = self.fields.get(head, "")
        if name in PERSONAL:
            return ""
        if head in cells:
            return cells[head]
        return {"number": order.number, "description": order.case.description}.get(name, "")


def told(order: WorkOrder, what: str) -> Any:
    """答复列的内容 of one order."""
    return _ANSWERS[what](order)


def _unit(order: WorkOrder) -> str:
    lead = (order.case.duplicate_of or order.case).lead_unit
    return lead.name if lead else ""


def _solved(order: WorkOrder) -> str:
    solved = order.case.solved
    return "" if solved is None else _("是") if solved else _("否")


def _state(order: WorkOrder) -> str:
    if order.returned_at is not None:
        return _("退单")
    words = {
        Stage.DECLINED: _("不予受理"),
        Stage.VOIDED: _("作废"),
        Stage.JOINED: _("办结（并案）"),
    }
    return words.get(Stage(order.case.stage), _("办结"))


_ANSWERS: Mapping[str, Callable[[WorkOrder], Any]] = {
    "answer": answer_of,
    "unit": _unit,
    "ended": lambda order: order.returned_at or (order.case.duplicate_of or order.case).ended_at,
    "state": _state,
    "solved": _solved,
    "satisfaction": lambda order: (
        order.case.get_satisfaction_display() if order.case.satisfaction else ""
    ),
    "case": lambda order: order.case.number,
}


def faults(wanted: Mapping[str, str], _now: datetime) -> Sheet:
    """未收的行: as they came, with the reason in the last column; for who answers for orders."""
    number = wanted.get("batch", "")
    batch = OrderBatch.objects.filter(pk=int(number)).first() if number.isdecimal() else None
    if batch is None or not scope.current().posts() & READERS:
        raise Refused("not_found", _("没有这个收单批次，请从工单列表重新下载"), field="batch")
    heads = [*batch.headings, _("未收原因")]
    columns = [Column(head, 18) for head in heads]
    width = len(batch.headings)

    def read(keys: Sequence[int]) -> Iterable[Row]:
        for _number, cells, why in files.bad(batch, keys[0], keys[-1] + 1):
            yield [*cells[:width], *[""] * (width - len(cells)), why]

    return Sheet(_("未收的行"), "", columns, range(batch.bad), read)
