"""办理一步: lock the evaluation, ask the flow, record; what was done before gets its old answer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from changxiao.evaluation.flow import STEPS
from changxiao.evaluation.models import Evaluation
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.kernel.transactions import writing
from changxiao.ledger import actions as ledger
from changxiao.ledger.models import Entry


@dataclass(slots=True)
class Admitted:
    """办理中: the locked row, its step, the act and its one legal moment."""

    row: Evaluation
    verb: str
    act: Act
    at: datetime

    def record(self, body: dict[str, Any]) -> Entry:
        """记录: the step's target becomes the state; the entry is the evaluation's last."""
        step = STEPS.get(self.verb)
        if step is not None and step.target is not None:
            self.row.state = step.target
        row = self.row
        head = Entry.objects.get(pk=row.head_id) if row.head_id else None
        row.head = entry = ledger.append(
            stream=row.stream, verb=self.verb, act=self.act, at=self.at, head=head, body=body
        )
        row.save()
        return entry


@contextmanager
def admitted(evaluation: Evaluation, verb: str, act: Act) -> Iterator[Admitted]:
    """准许: by post and state. Refused `not_yours`, `not_now`, `period_sealed`."""
    step = STEPS[verb]
    with writing():
        row = Evaluation.everything.select_for_update(of=("self",)).get(pk=evaluation.pk)
        try:
            if act.post not in step.posts:
                names = "、".join(str(post.label) for post in sorted(step.posts))
                sentence = _("“%(step)s”由%(posts)s办理") % {"step": step.words, "posts": names}
                raise Refused("not_yours", sentence, field="post")
            if row.state not in step.sources:
                raise sealed(row) if row.sealed_at else _not_now(row)
            yield Admitted(row, verb, act, act.moment())
        except Refused:
            ledger.recall(stream=row.stream, verb=verb, act=act)
            raise


def sealed(row: Evaluation) -> Refused:
    """已封存: nothing of it changes any more; the refusal shows what it is sealed with."""
    told = {"number": row.number, "digest": row.digest}
    sentence = _("%(number)s 已封存（摘要 %(digest)s），不再改动；确有错误，请“修订”另出一版")
    return Refused("period_sealed", sentence % told)


def _not_now(row: Evaluation) -> Refused:
    return Refused("not_now", _("评价现为“%(state)s”，不能这样办理") % {"state": row.state_words})
