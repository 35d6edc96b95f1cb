"""成批办理: one step on many cases; each is asked by the flow under its own lock, in a transaction
of its own, so that one refusal stops nobody else.

Each row has a key derived from the act's, so that a batch sent again repeats nothing.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from changxiao.cases import access, inputs, verbs
from changxiao.cases.actions.base import flow_in_force
from changxiao.cases.forms.fields import Asked
from changxiao.cases.models import Case
from changxiao.cases.rechecks import dispute
from changxiao.catalog.proposals import Proposal
from changxiao.kernel import scope
from changxiao.kernel.act import Act
from changxiao.kernel.day import local_date
from changxiao.kernel.refused import Refused
from changxiao.ledger import actions as ledger
from changxiao.ledger.models import Entry
from changxiao.ledger.refusals import Replayed

MOST = 200  # as many as one sees on a long page; more is a matter of filters, not of ticks
VERBS = ("accept", "dispatch", "close")


@dataclass(slots=True)
class Row:
    """一行: what came of one case: its entry, or the reason why not."""

    number: str
    case: Case | None = None
    entry: Entry | None = None
    refusal: Refused | None = None
    proposal: Proposal | None = None
    doubt: str = ""  # what is asked before it is closed

    @property
    def done(self) -> bool:
        return self.entry is not None


@dataclass(slots=True)
class Batch:
    """一批: what is to be done to which cases, and how far it has come."""

    verb: str
    numbers: list[str]
    rows: list[Row] = field(default_factory=list)

    @property
    def done(self) -> list[Row]:
        return [row for row in self.rows if row.done]

    @property
    def refused(self) -> list[Row]:
        return [row for row in self.rows if row.refusal is not None]

    @property
    def rest(self) -> list[str]:
        return self.numbers[len(self.rows) :]


def numbers_of(told: Iterable[str]) -> list[str]:
    """受理号: each once, in the order given; Refused when there are none or too many."""
    numbers = list(dict.fromkeys(number.strip() for number in told if number.strip()))
    if not numbers:
        raise Refused("numbers_missing", _("请先勾选案卷"), field="numbers")
    if len(numbers) > MOST:
        message = _("一次最多%(most)d件，勾选了%(n)d件，请分次办理")
        raise Refused("numbers_many", message % {"most": MOST, "n": len(numbers)}, field="numbers")
    return numbers


def check_verb(verb: str) -> str:
    """成批步骤; Refused("not_in_many") lists what there is."""
    if verb not in VERBS:
        message = _("步骤“%(verb)s”不能成批办理，可用：%(known)s")
        values = {"verb": verb[:20], "known": "、".join(VERBS)}
        raise Refused("not_in_many", message % values, field="verb")
    return verb


def preview(verb: str, numbers: Iterable[str], now: datetime) -> Iterator[Row]:
    """预览: what each case would be told now; nothing is done. The lock asks again later."""
    for number in numbers:
        row = Row(number)
        try:
            row.case = access.case_for(number)
            step = flow_in_force().step(verb)
            post = access.post_for(scope.current(), row.case, step)
            flow_in_force().check(verb, row.case.stage, post)
            if verb == "dispatch":
                row.proposal = proposal_for(row.case, now)
            if verb == "close":
                row.doubt = dispute(row.case, scope.current())
        except Refused as no:
            row.refusal = no
        yield row


def proposal_for(case: Case, now: datetime) -> Proposal:
    """派遣建议: the first; Refused("no_proposal") where nobody answers for the place."""
    step = flow_in_force().step("dispatch")
    found = Asked(case, step, local_date(now)).proposals
    if not found:
        raise Refused("no_proposal", _("没有责任归属的建议，请打开案卷选择单位"), field="unit")
    return found[0]


def run(
    batch: Batch, body: inputs.Common, act: Act, *, now: datetime, seconds: float | None = None
) -> Batch:
    """办理: row by row, until all are done or `seconds` have gone (then `rest` waits)."""
    until = None if seconds is None else time.monotonic() + seconds
    for number in batch.rest:
        batch.rows.append(_one(batch.verb, number, body, act, now))
        if until is not None and time.monotonic() > until:
            break
    return batch


def _one(verb: str, number: str, body: inputs.Common, act: Act, now: datetime) -> Row:
    row = Row(number)
    try:
        row.case = access.case_for(number)
        _take(row.case, verb, body, act.derive(f"many/{number}"), now)
        row.entry = Case.everything.select_related("head").get(number=number).head
    except Replayed as again:
        row.entry = again.entry
    except Refused as no:
        row.refusal = no
    return row


def _take(case: Case, verb: str, body: inputs.Common, act: Act, now: datetime) -> None:
    step = flow_in_force().step(verb)
    post = access.post_for(scope.current(), case, step, wish=body.post)
    act = replace(act, post=post, base_n=None)
    if isinstance(body, inputs.Dispatched) and not body.unit:
        if case.stage not in step.sources:
            # The flow's own reason, or the old answer of a batch that is sent again.
            ledger.recall(stream=case.stream, verb=verb, act=act)
            flow_in_force().check(verb, case.stage, post)
        chosen = proposal_for(case, now)
        section = chosen.section.section if chosen.section else ""
        body = body.model_copy(update={"unit": chosen.unit.code, "section": section})
    verbs.VERBS[verb].call(case, body, act)


def body_of(verb: str, told: Mapping[str, Any]) -> inputs.Common:
    """每行输入: what of `told` the verb takes; a unit may be left open."""
    takes = verbs.VERBS[verb].takes
    own = {name: told[name] for name in takes.model_fields if told.get(name) not in (None, "")}
    return takes.model_validate({"unit": ""} | own if verb == "dispatch" else own)
