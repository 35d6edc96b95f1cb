"""训练任务的动作: asked for and cancelled from the page; the worker's process does the rest."""

from __future__ import annotations

from django.utils.translation import gettext as _

from changxiao.cases.actions.suggesting import STREAM
from changxiao.cases.models_suggesting import Training
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.kernel.transactions import writing
from changxiao.ledger import actions as ledger

State = Training.State
OPEN = (State.WAITING, State.RUNNING)


def ask_training(*, act: Act) -> Training:
    """申请训练: one at a time; a new version comes of it, which nobody uses yet. Refused
    `training_open`."""
    with writing():
        if Training.objects.filter(state__in=OPEN).exists():
            ledger.recall(stream=STREAM, verb="ask_training", act=act)
            raise Refused("training_open", _("已有一次训练在排队或进行，请等它结束，或先取消它"))
        at = act.moment()
        row = Training.objects.create(asked_by=act.actor, asked_at=at)
        ledger.append(stream=STREAM, verb="ask_training", act=act, at=at, body={"run": row.pk})
        return row


def cancel_training(row: Training, *, act: Act) -> Training:
    """取消训练: nothing of it is kept. Refused `training_over`."""
    with writing():
        row = Training.objects.select_for_update().get(pk=row.pk)
        if not row.open:
            ledger.recall(stream=STREAM, verb="cancel_training", act=act)
            raise Refused("training_over", _("这次训练已经结束，不能取消"))
        at = act.moment()
        row.state, row.finished_at = State.CANCELLED, at
        row.save(update_fields=["state", "finished_at"])
        ledger.append(stream=STREAM, verb="cancel_training", act=act, at=at, body={"run": row.pk})
        return row
