"""来电与回访: a caller rings again about what is known; whoever wanted it is rung after closing.

The two questions are those of 12345: is it solved, are you satisfied. A no may put the case back
before the shift leader, as the reporter's own no by his tracking code does.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from changxiao.cases import callers, rules
from changxiao.cases.actions.asking_back import check_in_time, put_back
from changxiao.cases.actions.base import Admitted, admitted, record
from changxiao.cases.actions.parties import Calling, Reporter
from changxiao.cases.models import Case, Satisfaction
from changxiao.cases.models_calls import Call, Callback, CallbackState
from changxiao.catalog import policy
from changxiao.kernel import statements
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.kernel.transactions import writing
from changxiao.ledger import actions as ledger
from changxiao.ledger.models import Entry

DONE = ("callback", "callback_due_at", "satisfaction", "solved")


def call_again(case: Case, *, said: str, calling: Calling, reporter: Reporter, act: Act) -> Case:
    """再次来电: the same caller, or another, asks about an open case: what he adds is kept with it,
    and it counts as a reminder 催办."""
    with admitted(case, "call_again", act) as done:
        row = done.case
        row.nudge_count += 1
        row.wants_callback = row.wants_callback or calling.wants_callback
        left = ledger.seal(json.dumps(reporter.told(), ensure_ascii=False)) if reporter else ""
        changed = ["nudge_count", "wants_callback"]
        if left and not row.reporter:
            row.reporter = left
            changed.append("reporter")
        body: dict[str, Any] = {"call": calling.told()}
        if text := said.strip():
            body["said"] = ledger.seal(rules.need_text(text, field="said", name=_("补充内容")))
        row = record(done, *changed, body=body)
        assert row.head is not None
        keep_call(row, row.head, calling, reporter, left)
        return row


def keep_call(case: Case, entry: Entry, calling: Calling, reporter: Reporter, sealed: str) -> None:
    """记来电, in the transaction of the verb that heard it."""
    call = statements.new(
        Call,
        case=case,
        entry=entry,
        at=entry.at,
        caller=callers.digest_of(reporter.phone),
        reporter=sealed,
        anonymous=calling.anonymous,
        wants_callback=calling.wants_callback,
    )
    statements.insert(call)


@dataclass(frozen=True, slots=True)
class Heard:
    """回访所闻: whether somebody answered, and what he said to the two questions."""

    reached: bool
    solved: bool | None = None
    satisfaction: str = ""
    said: str = ""

    @property
    def is_no(self) -> bool:
        """不认可: not solved, or not satisfied."""
        return self.solved is False or self.satisfaction == Satisfaction.UNSATISFIED


def call_back(case: Case, *, heard: Heard, act: Act, again: bool = False) -> Case:
    """回访: one try. Not reached so often as the city says, it is done as 未接通.

    `again` puts the lead of a joined case back before the shift leader; of any other that is
    `reopen`.
    """
    heard = _readable(heard)
    with writing():
        with admitted(case, "call_back", act) as done:
            row = _must_wait(done)
            row.callback_tries += 1
            if heard.reached:
                _close_call(row, CallbackState.REACHED)
                row.satisfaction, row.solved = heard.satisfaction, heard.solved
            elif row.callback_tries >= policy.number("callback_tries"):
                _close_call(row, CallbackState.UNREACHED)
            row = _told(done, heard, "callback_tries", *DONE)
        if again and heard.is_no and row.duplicate_of is not None:
            reopen(row.duplicate_of, said=heard.said, act=act.derive("reopen"))
        return row


def reopen(case: Case, *, said: str, act: Act) -> Case:
    """回访未解决，重办: the caller says that it is not fixed; back before the shift leader."""
    reason = rules.need_text(said, field="said", name=_("没有解决的情况"))
    heard = Heard(reached=True, solved=False, satisfaction=Satisfaction.UNSATISFIED, said=reason)
    with admitted(case, "reopen", act) as done:
        check_in_time(done)
        row = done.case
        row.callback_tries += 1
        _close_call(row, CallbackState.REACHED)
        row.solved = False
        changed = put_back(done)
        return _told(done, heard, "callback_tries", *DONE, *changed)


def _readable(heard: Heard) -> Heard:
    if not heard.reached:
        return Heard(reached=False, said=heard.said)
    if heard.satisfaction and heard.satisfaction not in Satisfaction.values:
        message = _("满意度“%(value)s”不存在，可用：%(known)s")
        values = {"value": heard.satisfaction[:20], "known": "、".join(Satisfaction.values)}
        raise Refused("satisfaction_unknown", message % values, field="satisfaction")
    if heard.solved is None:
        message = _("请问清并填写“问题是否解决”；没有接通请选“未接通”")
        raise Refused("solved_missing", message, field="solved")
    if heard.is_no:
        rules.need_text(heard.said, field="said", name=_("没有解决或不满意的情况"))
    rated = heard.satisfaction or Satisfaction.UNSTATED.value
    return Heard(True, heard.solved, rated, heard.said)


def _must_wait(done: Admitted) -> Case:
    if done.case.callback != CallbackState.WAITING:
        raise Refused("no_callback", _("本件没有待办的回访，不必再打"))
    return done.case


def _close_call(row: Case, state: str) -> None:
    row.callback, row.callback_due_at = state, None


def _told(done: Admitted, heard: Heard, *fields: str) -> Case:
    words = {"reached": heard.reached, "solved": heard.solved, "satisfaction": heard.satisfaction}
    body: dict[str, Any] = {"callback": words | {"try": done.case.callback_tries}}
    if heard.said.strip():
        body["said"] = ledger.seal(heard.said.strip())
    row = record(done, *fields, body=body)
    assert row.head is not None
    Callback.objects.create(case=row, entry=row.head, at=done.at, by=done.act.actor, **words)
    return row


def ask_back(done: Admitted) -> tuple[str, ...]:
    """列入回访: where the caller wanted to be rung; gives the columns that it set."""
    row = done.case
    if not row.wants_callback:
        return ()
    limit, calendar = policy.limit("callback_limit"), done.calendar()
    row.callback, row.callback_tries, row.solved = CallbackState.WAITING, 0, None
    row.callback_due_at = calendar.due_after(done.at, calendar.seconds(limit), limit.unit)
    return ("callback", "callback_due_at", "callback_tries", "solved")
