"""`changxiao work-orders`: read or take a batch of work orders (the worker calls this)."""

from __future__ import annotations

import click

from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _
from changxiao.workorders import intake
from changxiao.workorders.models import OrderBatch


@click.group("work-orders", help=_("工单：办理排队中的收单批次。"))
def work_orders() -> None:
    """工单."""


@work_orders.command(help=_("读表或收下编号为NUMBER的批次。"))
@click.argument("number", type=int)
def work(number: int) -> None:
    """办理一批."""
    if not OrderBatch.objects.filter(pk=number).exists():
        message = _("没有编号为%(id)s的收单批次") % {"id": number}
        raise Refused("batch_unknown", message, field="number")
    intake.work(number)
