"""回访: after a closing whoever reported says, by his tracking code, whether it really is fixed.

A yes is counted. A no puts the case back before the shift leader with the reason, once for each
closing: he closes it again with another answer, or has another collector look.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.utils.translation import gettext as _

from changxiao.cases import flow, rules
from changxiao.cases.actions.base import TIMED, Admitted, admitted, begin, record
from changxiao.cases.actions.photos import Shown, attach, listed
from changxiao.cases.models import Case, Satisfaction
from changxiao.cases.models_calls import CallbackState
from changxiao.catalog import policy
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.ledger import actions as ledger


def acknowledge(case: Case, *, act: Act) -> Case:
    """认可结果: it is fixed, says who reported it."""
    with admitted(case, "acknowledge", act) as done:
        _check_open(done)
        row = done.case
        row.satisfaction, row.solved = Satisfaction.SATISFIED, True
        return record(done, "satisfaction", "solved", *_heard_already(row))


def contest(case: Case, *, reason: str, act: Act, photos: Sequence[Shown] = ()) -> Case:
    """不认可结果: it is not fixed; back before the shift leader, with the reason and its clock."""
    reason = rules.need_text(reason, field="reason", name=_("没有解决的情况"))
    with admitted(case, "contest", act) as done:
        _check_open(done)
        done.case.solved = False
        changed = (*put_back(done), "solved", *_heard_already(done.case))
        row = record(done, *changed, body={"said": ledger.seal(reason), **listed(photos)})
        attach(row, photos, row.head)
        return row


def put_back(done: Admitted) -> tuple[str, ...]:
    """退回值班长: a no counts, the shift leader's clock starts; gives the columns set."""
    row = done.case
    row.satisfaction = Satisfaction.UNSATISFIED
    row.contest_count += 1
    row.ended_at = None
    begin(done, flow.Stage.VERIFIED)
    return ("satisfaction", "contest_count", "ended_at", *TIMED)


def _heard_already(row: Case) -> tuple[str, ...]:
    """Whoever has answered by himself is not rung any more."""
    if row.callback != CallbackState.WAITING:
        return ()
    row.callback, row.callback_due_at = CallbackState.REACHED, None
    return ("callback", "callback_due_at")


def _check_open(done: Admitted) -> None:
    if done.case.satisfaction:
        raise Refused("answered", _("这次办结您已经评价过，谢谢"))
    check_in_time(done)


def check_in_time(done: Admitted) -> None:
    """回访期内: closed in the ordinary way, and not longer ago than the city asks back."""
    row = done.case
    if row.forced:
        message = _("本件是强制结案，不在回访之列；有新情况请重新上报或拨打 12345")
        raise Refused("forced", message)
    days = policy.number("contest_days")
    assert row.ended_at is not None
    if done.at > row.ended_at + timedelta(days=days):
        message = _("办结已超过%(days)d天，不再回访；问题还在请重新上报")
        raise Refused("too_late", message % {"days": days})
