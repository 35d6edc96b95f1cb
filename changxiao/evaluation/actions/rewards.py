"""奖惩决定: of each appearance on a list a person decides, with a reason; where a penalty is lifted
or changed, another person looks at it again."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from changxiao.cases.rules import need_text
from changxiao.evaluation.actions.base import Admitted, admitted
from changxiao.evaluation.indicators.library import LIBRARY
from changxiao.evaluation.models import Evaluation
from changxiao.evaluation.models_rewards import HonorDecision
from changxiao.evaluation.rewards.rules import HonorState, Outcome, needs_second_look
from changxiao.evaluation.schemes import read_scheme
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused

MOST_MEASURE = 200


def decide_honor(
    evaluation: Evaluation, *, place: tuple[str, str], outcome: str, measure: str = "", act: Act
) -> HonorDecision:
    """决定奖惩: as proposed, not at all, or otherwise; `place` is the list and who stands on it.

    Refused `note_missing`, `honor_unknown`, `outcome_unknown`, `measure_missing`, `not_now`.
    """
    reason = need_text(act.note, field="note", name=_("理由"))
    if outcome not in set(Outcome):
        raise Refused("outcome_unknown", _("请选怎样决定"), field="outcome")
    other = outcome == Outcome.OTHER
    if other and not 0 < len(measure.strip()) <= MOST_MEASURE:
        most = {"most": MOST_MEASURE}
        sentence = _("另作决定要写明措施，最多 %(most)d 个字") % most
        raise Refused("measure_missing", sentence, field="measure")
    with admitted(evaluation, "decide_honor", act) as done:
        listed = _listed(done.row, place)
        rows = HonorDecision.everything.select_for_update(of=("self",))
        row = rows.filter(evaluation=done.row, honor=place[0], group=place[1]).first()
        if row is not None and row.state != HonorState.RETURNED:
            raise _not_now(row)
        row = row or HonorDecision(evaluation=done.row, honor=place[0], group=place[1])
        second = needs_second_look(_color(done.row, place[0]), Outcome(outcome))
        row.proposal, row.outcome, row.reason = listed["proposal"][:200], outcome, reason
        row.measure = measure.strip() if other else ""
        row.state = HonorState.WAITING if second else HonorState.DECIDED
        row.decided_by, row.decided_at = act.actor, done.at
        row.opinion, row.confirmed_by, row.confirmed_at = "", "", None
        return _recorded(done, row)


def confirm_honor(decision: HonorDecision, *, agree: bool, act: Act) -> HonorDecision:
    """复核奖惩决定: by another than who decided it. Not agreed, it is to be decided again.

    Refused `same_person`, `note_missing`, `not_now`.
    """
    opinion = act.note.strip() if agree else need_text(act.note, field="note", name=_("退回理由"))
    with admitted(decision.evaluation, "confirm_honor", act) as done:
        row = HonorDecision.everything.select_for_update(of=("self",)).get(pk=decision.pk)
        if row.state != HonorState.WAITING:
            raise _not_now(row)
        if row.decided_by == act.actor:
            sentence = _("作决定的人不能自己复核，请由他人复核")
            raise Refused("same_person", sentence, field="actor")
        row.state = HonorState.DECIDED if agree else HonorState.RETURNED
        row.opinion, row.confirmed_by, row.confirmed_at = opinion, act.actor, done.at
        return _recorded(done, row)


def _listed(row: Evaluation, place: tuple[str, str]) -> dict[str, Any]:
    for one in row.result.get("honors", ()):
        if (one["list"], one["code"]) == place:
            return dict(one)
    raise Refused("honor_unknown", _("这次评价的榜单上没有这一项"), field="group")


def _color(row: Evaluation, honor: str) -> str:
    lists = read_scheme(row.scheme.text, LIBRARY).honors
    return next(one.color for one in lists if one.key == honor)


def _not_now(row: HonorDecision) -> Refused:
    sentence = _("这项奖惩“%(state)s”，不能这样办理") % {"state": row.state_words}
    return Refused("not_now", sentence)


def _recorded(done: Admitted, row: HonorDecision) -> HonorDecision:
    row.save()
    told = {"honor": row.honor, "group": row.group, "proposal": row.proposal}
    told |= {"outcome": row.outcome, "measure": row.measure, "state": row.state}
    done.record({**told, "reason": row.reason, "opinion": row.opinion})
    return row
