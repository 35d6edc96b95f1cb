"""连办页: the form of several adjoining steps, taken as one act; whom to call if it is urgent."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from changxiao.cases import access, chaining, chains
from changxiao.cases.actions.base import flow_in_force
from changxiao.cases.actions.chained import take_steps
from changxiao.cases.calling import lines_of
from changxiao.cases.chains import Chain
from changxiao.cases.forms.chained import ChainForm
from changxiao.cases.models import Case
from changxiao.cases.undoing import undo_of
from changxiao.cases.views.case import found, page_context
from changxiao.kernel import scope
from changxiao.kernel.refused import Refused
from changxiao.ledger.refusals import Replayed
from changxiao.ui.htmx import is_htmx
from changxiao.ui.toasts import toast


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def take(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """连办: GET opens the form, POST takes all steps or none; a refusal names the step."""
    case, chain = found(number), chains.named(name)
    if chain is None:
        raise Http404
    steps = chains.steps_of(flow_in_force(), chain)
    if request.method != "POST":
        if not _is_open(case, chain):
            return redirect("case", case.number)
        chosen = request.GET.get("criterion", "")
        return _shown(request, case, ChainForm(case, chain, steps, chosen=chosen), 200)
    form = ChainForm(case, chain, steps, request.POST)
    if not form.is_valid():
        return _shown(request, case, form, 422)
    words = _("%(steps)s：已一并记录") % {"steps": chains.title(steps)}
    try:
        parts = chaining.parts_of(case, chain, form.bodies(), wish=_wish(request))
        take_steps(case, parts, act=form.act(request, post=parts[0].post))
    except Replayed:
        words = _("%(steps)s：此前已经办理，没有重复记录") % {"steps": chains.title(steps)}
    except Refused as no:
        form.refuse(no)
        return _shown(request, found(number), form, 422)
    return _done(request, found(number), words, len(steps))


def _is_open(case: Case, chain: Chain) -> bool:
    posts = access.acting_posts(scope.current(), case)
    return chains.is_open(flow_in_force(), chain, case.stage, posts)


def _wish(request: HttpRequest) -> str:
    return str(getattr(request, "acting_post", ""))


def _shown(request: HttpRequest, case: Case, form: ChainForm, status: int) -> HttpResponse:
    told = {"case": case, "chain_form": form, "chain_title": chains.title(form.steps)}
    if form.chain.fast:
        told["lines"] = lines_of(form.asked.proposals, timezone.now())
    if is_htmx(request):
        return render(request, "cases/_chain.html", told, status=status)
    return render(request, "cases/chain.html", page_context(case) | told, status=status)


def _done(request: HttpRequest, case: Case, words: str, count: int) -> HttpResponse:
    if not is_htmx(request):
        messages.success(request, words)
        return redirect("case", case.number)
    answer = render(request, "cases/_case.html", page_context(case))
    return toast(answer, f"{case.number} {words}", undo=undo_of(case, steps=count))
