"""一格与申诉页."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from changxiao.cases.models import Case
from changxiao.evaluation import actions, listing
from changxiao.evaluation.access import answers_for
from changxiao.evaluation.flow import SEES_PUBLISHED, STEPS, State
from changxiao.evaluation.forms import ObjectForm, ProposeForm
from changxiao.evaluation.indicators.library import LIBRARY
from changxiao.evaluation.models import Evaluation, Objection
from changxiao.evaluation.naming import names_of
from changxiao.evaluation.scoring.listing import people
from changxiao.evaluation.views.common import act_of, tried
from changxiao.evaluation.views.rankings import find
from changxiao.kernel import scope
from changxiao.ledger.edits import for_posts

PARTS = ("numerator", "denominator", "excluded")
MOST = 200


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_posts(frozenset(SEES_PUBLISHED))
def cell(request: HttpRequest, number: str, indicator: str, group: str) -> HttpResponse:
    """一格: its counts, how it is counted, the cases behind it, and an objection to it."""
    row = find(number)
    counts = listing.cell_of(row, group, indicator)
    if counts is None:
        raise Http404
    kind = row.result["scheme"]["group"]
    may = row.state == State.PUBLISHED and answers_for(scope.current(), kind, group)
    form = ObjectForm(request.POST or None) if may else None
    if request.method == "POST" and form is not None and form.is_valid():
        act = act_of(request, form, "object")

        def do() -> Objection:
            return actions.object_to(row, group=group, indicator=indicator, act=act)

        if tried(request, form, do, _("申诉已提交")):
            return redirect("evaluation", number)
    told: dict[str, Any] = {"row": row, "cell": counts, "form": form, "group": group}
    told["name"] = names_of(kind, [group])[group]
    told |= {"indicator": LIBRARY[indicator], "title": listing.title_of(indicator)}
    told |= _cases(request, row, group, indicator)
    status = 422 if form is not None and form.errors else 200
    return render(request, "evaluation/cell.html", told, status=status)


def _cases(request: HttpRequest, row: Evaluation, group: str, indicator: str) -> dict[str, Any]:
    """The cases behind it, as far as the reader may open them."""
    from changxiao.evaluation import working  # its engines take a second: see `later`

    part = request.GET.get("part", "denominator")
    part = part if part in PARTS else "denominator"
    numbers = working.behind(row, indicator, group=group, part=part, most=MOST + 1)
    rows = Case.objects.filter(number__in=numbers[:MOST]).select_related("subcategory")
    found = {one.number: one for one in rows}
    told = [(one, found.get(one)) for one in numbers[:MOST]]
    return {"part": part, "cases": told, "more": len(numbers) > MOST}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_posts(frozenset(SEES_PUBLISHED))
def objection(request: HttpRequest, number: str, n: int) -> HttpResponse:
    """一件申诉: what is said, what is proposed, the score before and after, and the decision."""
    row = find(number)
    found = Objection.objects.select_related("evaluation__scheme").filter(evaluation=row, n=n)
    one = found.first()
    if one is None:
        raise Http404
    form = ProposeForm(request.POST or None)
    if one.state == Objection.State.PROPOSED:
        del form.fields["numerator"], form.fields["denominator"]
        form.fields["note"].required = False
        form.fields["note"].label = _("复核意见")
    if request.method == "POST" and form.is_valid() and _decided(request, form, one):
        return redirect("evaluation", number)
    told = {
        "row": row,
        "one": one,
        "form": form,
        "cell": listing.cell_of(row, one.group, one.indicator),
    }
    told["name"] = names_of(row.result["scheme"]["group"], [one.group])[one.group]
    told |= {"title": listing.title_of(one.indicator), "verbs": _verbs(row, one)}
    told |= {"by": listing.raiser(one, row.result["scheme"]["group"])}
    names = people([one.proposed_by, one.confirmed_by])
    told |= {"proposer": names.get(one.proposed_by), "judge": names.get(one.confirmed_by)}
    return render(request, "evaluation/objection.html", told, status=422 if form.errors else 200)


def _verbs(row: Evaluation, one: Objection) -> list[tuple[str, str]]:
    """可办的: the buttons, for who may press them."""
    viewer = scope.current()
    if row.state != State.PUBLISHED:
        return []
    if one.state == Objection.State.RAISED and viewer.holds(*STEPS["propose_decision"].posts):
        return [("uphold", _("拟成立")), ("reject", _("拟不成立"))]
    judges = viewer.holds(*STEPS["confirm_decision"].posts) and viewer.name != one.proposed_by
    if one.state == Objection.State.PROPOSED and judges:
        return [("agree", _("同意")), ("return", _("退回"))]
    return []


def _decided(request: HttpRequest, form: ProposeForm, one: Objection) -> bool:
    verb, told = request.POST.get("verb", ""), form.cleaned_data
    if verb in {"uphold", "reject"}:
        act = act_of(request, form, "propose_decision")
        counts = {name: told.get(name) or 0 for name in ("numerator", "denominator")}

        def propose() -> Objection:
            return actions.propose_decision(one, upheld=verb == "uphold", **counts, act=act)

        return bool(tried(request, form, propose, _("处理意见已提出，等待复核")))
    if verb in {"agree", "return"}:
        act = act_of(request, form, "confirm_decision")

        def confirm() -> Objection:
            return actions.confirm_decision(one, agree=verb == "agree", act=act)

        return bool(tried(request, form, confirm, _("已复核")))
    raise Http404
