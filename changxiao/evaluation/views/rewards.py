"""奖惩页: what is proposed of one appearance, what was decided, and the second look."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from changxiao.evaluation import actions, listing
from changxiao.evaluation.flow import JUDGES, SEES_PUBLISHED, State
from changxiao.evaluation.models import Evaluation
from changxiao.evaluation.models_rewards import HonorDecision
from changxiao.evaluation.rewards.forms import ConfirmHonorForm, DecideHonorForm
from changxiao.evaluation.rewards.rules import HonorState
from changxiao.evaluation.scoring.listing import people
from changxiao.evaluation.views.common import act_of, tried
from changxiao.evaluation.views.rankings import find
from changxiao.kernel import scope
from changxiao.ledger.edits import for_posts


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_posts(frozenset(SEES_PUBLISHED))
def honor(request: HttpRequest, number: str, honor: str, group: str) -> HttpResponse:
    """一项奖惩: proposed, decided, and by whom."""
    row = find(number)
    found = [one for one in listing.honors_of(row) if (one["list"], one["code"]) == (honor, group)]
    if not found:
        raise Http404
    one = found[0]
    decision: HonorDecision | None = one["decision"]
    form = _form(request, row, decision)
    if request.method == "POST" and form is not None and form.is_valid():
        done = (
            _confirmed(request, form, decision)
            if decision is not None and isinstance(form, ConfirmHonorForm)
            else _decided(request, form, row, (honor, group))
        )
        if done:
            return redirect("honor", number, honor, group)
    names = people([decision.decided_by, decision.confirmed_by] if decision else [])
    told: dict[str, Any] = {"row": row, "one": one, "decision": decision, "form": form}
    told["second"] = isinstance(form, ConfirmHonorForm)
    if decision is not None:
        told |= {"by": names[decision.decided_by], "judge": names.get(decision.confirmed_by, "")}
    status = 422 if form is not None and form.errors else 200
    return render(request, "evaluation/honor.html", told, status=status)


def _form(
    request: HttpRequest, row: Evaluation, decision: HonorDecision | None
) -> DecideHonorForm | ConfirmHonorForm | None:
    """The form that this viewer may fill in now; None where there is none."""
    viewer = scope.current()
    if row.state != State.SEALED or not viewer.holds(*JUDGES):
        return None
    if decision is None or decision.state == HonorState.RETURNED:
        return DecideHonorForm(request.POST or None)
    if decision.state == HonorState.WAITING and decision.decided_by != viewer.name:
        return ConfirmHonorForm(request.POST or None)
    return None


def _decided(
    request: HttpRequest,
    form: DecideHonorForm | ConfirmHonorForm,
    row: Evaluation,
    place: tuple[str, str],
) -> bool:
    act, told = act_of(request, form, "decide_honor"), form.cleaned_data

    def do() -> HonorDecision:
        outcome, measure = told["outcome"], told["measure"]
        return actions.decide_honor(row, place=place, outcome=outcome, measure=measure, act=act)

    return bool(tried(request, form, do, _("已记录决定")))


def _confirmed(request: HttpRequest, form: ConfirmHonorForm, decision: HonorDecision) -> bool:
    act = act_of(request, form, "confirm_honor")
    agree = request.POST.get("verb") == "agree"

    def do() -> HonorDecision:
        return actions.confirm_honor(decision, agree=agree, act=act)

    return bool(tried(request, form, do, _("已复核")))
