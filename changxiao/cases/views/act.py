"""办理页: opens the form of a verb, takes it once, tells what came of it in one sentence."""

from __future__ import annotations

import json

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django_htmx.http import reswap, retarget, trigger_client_event

from changxiao.cases import access, actions, inputs, previewing, verbs
from changxiao.cases.actions.base import flow_in_force
from changxiao.cases.actions.recalling import mark_seen
from changxiao.cases.flow import Stage, Step
from changxiao.cases.forms import acting
from changxiao.cases.forms.acting import ActForm
from changxiao.cases.models import Case
from changxiao.cases.undoing import undo_of
from changxiao.cases.views.case import SELDOM, found, page_context
from changxiao.kernel import scope
from changxiao.kernel.act import Act
from changxiao.kernel.day import today
from changxiao.kernel.refused import Refused
from changxiao.ledger.refusals import Replayed
from changxiao.ui.htmx import is_htmx
from changxiao.ui.toasts import toast

UNMASK = "unmask"
LINK_VERBS = frozenset({"issue_link", "revoke_link"})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def do(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """办理: GET opens the form, POST takes the step; a refusal keeps the draft and its key."""
    case = found(number)
    if verb in LINK_VERBS:
        return _to_links(request, case)
    if verb not in verbs.VERBS and verb != UNMASK:
        raise Http404
    step = flow_in_force().step(verb)
    day = today()
    if request.method != "POST":
        form = acting.filled(acting.of_step(case, step, day), request.GET)
        return _opened(request, case, form)
    form = acting.of_step(case, step, day, request.POST, request.FILES)
    if not form.is_valid():
        return _shown(request, case, form)
    try:
        return _taken(request, case, form)
    except Replayed:
        words = _("%(step)s：此前已经办理，没有重复记录") % {"step": step.title}
        return _done(request, case, step, words, state="paused")
    except Refused as no:
        form.refuse(no)
        case.refresh_from_db()
        return _shown(request, case, form)


def _to_links(request: HttpRequest, case: Case) -> HttpResponse:
    """A squad's link is shown once, with its code to scan: that needs a page of its own."""
    url = reverse("case_squad", args=[case.number])
    if is_htmx(request):
        return HttpResponse(headers={"HX-Redirect": url})
    return redirect(url)


def _opened(request: HttpRequest, case: Case, form: ActForm) -> HttpResponse:
    """A step that is not open now has no form; the page says why, in the flow's own words."""
    step = form.step
    if step not in access.buttons(flow_in_force(), scope.current(), case):
        return _not_open(request, case, step)
    if is_htmx(request):
        return render(request, "cases/_act.html", {"case": case, "form": form, "step": step})
    told = page_context(case) | {"form": form, "step": step}
    return render(request, "cases/case.html", told)


def _not_open(request: HttpRequest, case: Case, step: Step) -> HttpResponse:
    why = ""
    try:
        flow_in_force().check(step.verb, case.stage, _post(request, case, step))
    except Refused as no:
        why = no.sentence
    if is_htmx(request):
        # The button's place is the form's; the case as it stands now takes the place of both.
        answer = render(request, "cases/_case.html", page_context(case))
        return toast(retarget(reswap(answer, "outerHTML"), "#case"), why, state="near")
    messages.warning(request, why)
    return redirect("case", case.number)


def _shown(request: HttpRequest, case: Case, form: ActForm) -> HttpResponse:
    """The form once more, and above it what others did since it was opened."""
    told = page_context(case) | {"form": form, "step": form.step}
    seen = form.data.get("base_n", "")
    told["faster"] = [line for line in told["story"] if seen.isdecimal() and line.n > int(seen)]
    template = "cases/_case.html" if is_htmx(request) else "cases/case.html"
    return render(request, template, told, status=422)


def _taken(request: HttpRequest, case: Case, form: ActForm) -> HttpResponse:
    step = form.step
    post = _post(request, case, step)
    key = Act(actor=scope.current().name, post=post, key=form.cleaned_data["key"])
    photos = form.store_photos(key)
    act = form.act(request, post=post, photos=photos)
    if step.verb == UNMASK:
        return _person(request, case, act)
    body = form.body(photos)
    if isinstance(body, inputs.Amended) and request.POST.get("confirmed") != act.digest:
        return _previewed(request, case, form, body, act.digest)
    verbs.VERBS[step.verb].call(case, body, act)
    case.refresh_from_db(fields=["stage", "n", "head"])
    words = _("%(step)s已记录，案卷现为“%(stage)s”")
    words %= {"step": step.title, "stage": Stage(case.stage).label}
    return _done(request, case, step, words)


def _previewed(
    request: HttpRequest, case: Case, form: ActForm, body: inputs.Amended, digest: str
) -> HttpResponse:
    """更正前后: shown before it is confirmed; what is changed afterwards is shown again."""
    change = verbs.change(body).against(case)
    told = page_context(case) | {"form": form, "step": form.step, "confirmed": digest}
    told["differences"] = previewing.differences(case, change, timezone.now())
    template = "cases/_case.html" if is_htmx(request) else "cases/case.html"
    return render(request, template, told)


def _done(
    request: HttpRequest, case: Case, step: Step, words: str, *, state: str = "on-track"
) -> HttpResponse:
    """办毕: the sentence, and the next case of the list where the console asked for it."""
    here = Case.objects.filter(pk=case.pk).exists()
    if not is_htmx(request) or not here:
        messages.success(request, words) if state == "on-track" else messages.info(request, words)
        # A task from the neighbouring grid is out of sight once it is done.
        url = reverse("case", args=[case.number]) if here else reverse("tasks")
        if is_htmx(request):
            return HttpResponse(headers={"HX-Redirect": url})
        return redirect(url)
    following = _following(request, step) or found(case.number)
    following = mark_seen(following)
    answer = render(request, "cases/_case.html", page_context(following))
    moved = {"number": case.number, "now": following.number}
    trigger_client_event(answer, "acted", moved, after="settle")
    if step.verb in {"recall", "split_off"}:
        # A toast asked for it, which has no place of its own: what was taken back is shown again.
        answer = retarget(reswap(answer, "outerHTML"), "#case")
    undo = undo_of(case) if state == "on-track" else None
    return toast(answer, f"{case.number} {words}", state=state, undo=undo)


def _following(request: HttpRequest, step: Step) -> Case | None:
    """下一件: after a step that decides; whoever nudges or adds a photo stays where he is."""
    number = request.POST.get("next", "")
    if not number or step.verb in SELDOM:
        return None
    try:
        return access.case_for(number)
    except access.NotFound:
        return None


def _post(request: HttpRequest, case: Case, step: Step) -> str:
    """办理岗位: the post chosen at the top of the page where it fits, else one that may."""
    wish = str(getattr(request, "acting_post", ""))
    return access.post_for(scope.current(), case, step, wish=wish)


def _person(request: HttpRequest, case: Case, act: Act) -> HttpResponse:
    """查看当事人: name and phone once, in an answer that `never_cache` keeps out of caches."""
    told = json.loads(actions.unmask(case, act=act) or "{}")
    return render(request, "cases/person.html", {"case": case, "person": told})
