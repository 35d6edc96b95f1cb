"""申诉: a ranked unit against a cell; one person proposes the decision, another confirms it.

Upheld, the cell's counts change by whole numbers, the ranking is computed again from its own facts,
and the score before and after stands with the objection.
"""

from __future__ import annotations

from django.db.models import Max
from django.utils.translation import gettext as _

from changxiao.cases.rules import need_text
from changxiao.evaluation.access import answers_for
from changxiao.evaluation.actions.base import Admitted, admitted
from changxiao.evaluation.listing import cell_of
from changxiao.evaluation.models import Evaluation, Objection
from changxiao.kernel import scope
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused

State = Objection.State


def object_to(evaluation: Evaluation, *, group: str, indicator: str, act: Act) -> Objection:
    """申诉: one cell of one's own, with the reason, within the limit.

    Refused `cell_unknown`, `not_yours`, `too_late`, `objection_open`, `note_missing`.
    """
    reason = need_text(act.note, field="note", name=_("申诉理由"))
    with admitted(evaluation, "object", act) as done:
        row = done.row
        _cell(row, group, indicator)
        if not answers_for(scope.current(), row.result["scheme"]["group"], group):
            sentence = _("只能为自己负责的被评对象申诉")
            raise Refused("not_yours", sentence, field="group")
        if row.object_until is not None and done.at > row.object_until:
            raise Refused("too_late", _("申诉期已过，不能再申诉"))
        cells = Objection.everything.filter(evaluation=row, group=group, indicator=indicator)
        if cells.filter(state__in=[State.RAISED, State.PROPOSED]).exists():
            raise Refused("objection_open", _("这一格已有申诉在办，请等它办完"))
        n = Objection.everything.filter(evaluation=row).aggregate(last=Max("n"))["last"] or 0
        raised = Objection(
            evaluation=row,
            n=n + 1,
            group=group,
            indicator=indicator,
            raised_by=act.actor,
            raised_at=done.at,
            reason=reason,
        )
        raised.save()
        done.record({"n": raised.n, "group": group, "indicator": indicator})
        return raised


def _cell(row: Evaluation, group: str, indicator: str) -> None:
    if cell_of(row, group, indicator) is not None:
        return
    told = {"group": group, "indicator": indicator}
    sentence = _("这次评价里没有 %(group)s 的 %(indicator)s") % told
    raise Refused("cell_unknown", sentence, field="indicator")


def propose_decision(
    objection: Objection, *, upheld: bool, numerator: int = 0, denominator: int = 0, act: Act
) -> Objection:
    """提出处理意见: upheld with what it changes, or rejected; with the opinion, to be confirmed.

    Refused `note_missing`, `nothing_changes`, `correction_impossible`.
    """
    opinion = need_text(act.note, field="note", name=_("处理意见"))
    with admitted(objection.evaluation, "propose_decision", act) as done:
        row = _waiting(objection, State.RAISED)
        if upheld and not (numerator or denominator):
            sentence = _("成立的申诉要写明分子或分母增减多少")
            raise Refused("nothing_changes", sentence, field="numerator")
        row.upheld, row.opinion = upheld, opinion
        row.numerator, row.denominator = (numerator, denominator) if upheld else (0, 0)
        row.proposed_by, row.proposed_at, row.state = act.actor, done.at, State.PROPOSED
        if upheld:
            from changxiao.evaluation import working  # its engines take a second: see `later`

            row.before, row.after = working.preview(done.row, row)
        _recorded(done, row)
        return row


def confirm_decision(objection: Objection, *, agree: bool, act: Act) -> Objection:
    """复核处理意见: by another than who proposed it. Agreed, it stands, and an upheld one changes
    the ranking; not agreed, it goes back. Refused `same_person`, `note_missing`."""
    opinion = act.note.strip() if agree else need_text(act.note, field="note", name=_("退回理由"))
    with admitted(objection.evaluation, "confirm_decision", act) as done:
        row = _waiting(objection, State.PROPOSED)
        if row.proposed_by == act.actor:
            sentence = _("提出处理意见的人不能自己复核，请由他人复核")
            raise Refused("same_person", sentence, field="actor")
        if agree:
            row.state = State.UPHELD if row.upheld else State.REJECTED
            row.confirmed_by, row.confirmed_at = act.actor, done.at
        else:
            row.state, row.upheld = State.RAISED, None
        done.row.changed |= row.state == State.UPHELD
        _recorded(done, row, opinion=opinion)
        return row


def _waiting(objection: Objection, state: str) -> Objection:
    row = Objection.everything.select_for_update(of=("self",)).get(pk=objection.pk)
    if row.state != state:
        told = {"state": row.get_state_display()}
        raise Refused("not_now", _("这件申诉现为“%(state)s”，不能这样办理") % told)
    return row


def _recorded(done: Admitted, row: Objection, *, opinion: str = "") -> None:
    row.save()
    told = {"n": row.n, "state": row.state, "upheld": row.upheld, "opinion": opinion}
    counts = {"numerator": row.numerator, "denominator": row.denominator}
    scores = {"before": row.before, "after": row.after}
    done.record({**told, **counts, **scores, "digest": done.row.digest})
