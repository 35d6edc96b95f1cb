"""亮点页: the candidates of an evaluation; the office picks what its bulletin shows."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from changxiao.cases.flow import Stage
from changxiao.catalog import policy
from changxiao.evaluation import actions
from changxiao.evaluation.bulletins.praising import praise
from changxiao.evaluation.flow import SEES_ALL, open_to
from changxiao.evaluation.highlights import telling
from changxiao.evaluation.highlights.candidates import candidates
from changxiao.evaluation.models import Evaluation
from changxiao.evaluation.views.common import act_of, tried
from changxiao.evaluation.views.rankings import find
from changxiao.kernel import scope
from changxiao.kernel.refused import Refused
from changxiao.ledger.edits import EditForm, for_posts

DOING = {"pick_highlight": actions.pick_highlight, "drop_highlight": actions.drop_highlight}


class PickForm(EditForm):
    """选点位: which; the button is the verb."""

    spot = forms.CharField(max_length=64, widget=forms.HiddenInput)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_posts(SEES_ALL)
def page(request: HttpRequest, number: str) -> HttpResponse:
    """亮点候选: picked ones first; each with its sentence, its cases and its released pictures."""
    row = find(number)
    form = PickForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        verb, spot = request.POST.get("verb", ""), form.cleaned_data["spot"]
        if verb not in DOING:
            raise Http404
        said = {"pick_highlight": _("已列为亮点"), "drop_highlight": _("已撤下")}[verb]
        act = act_of(request, form, verb)
        if tried(request, form, lambda: DOING[verb](row, spot=spot, act=act), said):
            return redirect("highlights", number)
    told = {"row": row, "form": form, "every_stage": ",".join(Stage.values)} | _told(row)
    return render(request, "evaluation/highlights.html", told, status=422 if form.errors else 200)


def _told(row: Evaluation) -> dict[str, Any]:
    may = {step.verb: step for step in open_to(row.state, scope.current().posts())}
    picked = telling.picked(row)
    at = telling.places(picked)
    drop = may.get("drop_highlight")
    told: dict[str, Any] = {"picked": [_card(one, drop, at.get(one.found.spot)) for one in picked]}
    keys = ("highlight_days", "highlight_times", "highlight_visits")
    told["rule"] = {key: policy.number(key) for key in keys}
    known = {one.found.spot for one in picked} | telling.picked_elsewhere(row)
    try:
        found = [one for one in candidates(row) if one.spot not in known]
    except Refused as no:
        return told | {"refusal": no.sentence}
    cards = zip(telling.told(found), found, strict=True)
    pick = may.get("pick_highlight")
    return told | {"found": [_card(one, pick, (of.lon, of.lat)) for one, of in cards]}


def _card(one: telling.Told, step: Any, at: tuple[float, float] | None) -> dict[str, Any]:
    return {"told": one, "sentence": praise(one.praised), "step": step, "at": at}
