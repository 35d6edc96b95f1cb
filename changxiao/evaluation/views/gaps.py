"""差距任务页: the list of the office and of each unit's own, one task, shortcomings to choose."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from changxiao.evaluation import actions
from changxiao.evaluation.access import answers_for
from changxiao.evaluation.flow import OFFICE, RANKED, SEES_ALL, SEES_PUBLISHED, STEPS
from changxiao.evaluation.gaps import listing
from changxiao.evaluation.gaps.flow import GAP_STEPS, GapState, open_to
from changxiao.evaluation.gaps.forms import AnswerForm, ChooseForm, JudgeForm
from changxiao.evaluation.gaps.shortcomings import found_in
from changxiao.evaluation.models_gaps import GapTask
from changxiao.evaluation.models_proofs import Proof
from changxiao.evaluation.naming import names_of
from changxiao.evaluation.proving.listing import Shown, shown
from changxiao.evaluation.scoring.listing import people
from changxiao.evaluation.views.common import act_of, tried
from changxiao.evaluation.views.rankings import find
from changxiao.kernel import paging, scope
from changxiao.ledger.edits import acting, for_posts

SIZE = 50
READERS = frozenset(SEES_PUBLISHED)
SAID = {
    "answer_gap": gettext_lazy("已答复，等评价办认可"),
    "accept_gap": gettext_lazy("已认可"),
    "send_back_gap": gettext_lazy("已退回，请责任单位再答复"),
}

JUDGING = {"accept_gap": actions.accept_gap, "send_back_gap": actions.send_back_gap}


@never_cache
@require_safe
@for_posts(READERS)
def gaps(request: HttpRequest) -> HttpResponse:
    """差距任务列表: all for the office, one's own for the ranked."""
    now = timezone.now()
    asked = {name: request.GET.get(name, "") for name in ("scheme", "state", "source", "own")}
    rows = listing.gaps(asked, now)
    cursor = request.GET.get("cursor", "")
    page = paging.page(rows, order=("due_at", "id"), cursor=cursor, size=SIZE)
    told: dict[str, Any] = {"asked": asked, "states": listing.counts(asked, now)}
    viewer = scope.current()
    told["chooses"] = viewer.holds(*SEES_ALL) and viewer.holds(*RANKED)
    told |= {"rows": listing.shown(page.items, now), "next_cursor": page.next}
    return render(request, "evaluation/gaps.html", told)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_posts(READERS)
def gap(request: HttpRequest, number: str) -> HttpResponse:
    """一项差距任务: what was found, what was done, and what may be done now."""
    row = GapTask.objects.filter(number=number).first()
    if row is None:
        raise Http404
    viewer = scope.current()
    steps = open_to(row.state, viewer.posts(), own=answers_for(viewer, row.kind, row.group))
    answers = row.state == GapState.OPEN
    sent = request.POST or None
    form = AnswerForm(sent, request.FILES or None) if answers else JudgeForm(sent)
    if request.method == "POST" and form.is_valid() and _done(request, form, row):
        return redirect("gap", number)
    told: dict[str, Any] = {"one": listing.shown([row], timezone.now())[0], "steps": steps}
    names = people([row.made_by, row.answered_by, row.judged_by])
    told |= {"row": row, "form": form, "made_by": names[row.made_by]}
    told["deductions"] = row.deductions if len(row.deductions) > 1 else ()
    told |= {"proofs": _of(gap=row), "scans": _scans(row)}
    told |= {"by": names.get(row.answered_by, ""), "judge": names.get(row.judged_by, "")}
    return render(request, "evaluation/gap.html", told, status=422 if form.errors else 200)


def _scans(row: GapTask) -> list[Shown]:
    """What was put behind the score that took the points."""
    if row.origin != GapTask.Origin.SCORE:
        return []
    return _of(sheet__number=row.source, item=row.item)


def _of(**what: Any) -> list[Shown]:
    return shown(Proof.objects.filter(**what).select_related("photo"))


def _done(request: HttpRequest, form: AnswerForm | JudgeForm, row: GapTask) -> bool:
    verb = request.POST.get("verb", "")
    if verb not in SAID:
        raise Http404
    step = GAP_STEPS[verb]
    act = form.act(request, acting(request, READERS if step.own else step.posts))

    def do() -> GapTask:
        if isinstance(form, AnswerForm) and verb == "answer_gap":
            files, proof = form.store(act), form.cleaned_data["proof"]
            return actions.answer_gap(row, proof=proof, files=files, act=act)
        return JUDGING[verb](row, act=act)

    return bool(tried(request, form, do, str(SAID[verb])))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_posts(frozenset(OFFICE))
def gaps_of(request: HttpRequest, number: str) -> HttpResponse:
    """选短板: those of a published evaluation that are no tasks yet."""
    row = find(number)
    if row.state not in STEPS["make_gap_tasks"].sources:
        raise Http404
    tasks = GapTask.objects.filter(source=row.number).exclude(state=GapState.CANCELLED)
    known = set(tasks.values_list("group", "item"))
    found = [one for one in found_in(row) if (one[0].group, one[0].indicator) not in known]
    names = names_of(row.result["scheme"]["group"], [one.group for one, _said in found])
    choices = [
        (f"{one.indicator}/{one.group}", f"{names[one.group]} · {said}") for one, said in found
    ]
    form = ChooseForm(choices, request.POST or None)
    if request.method == "POST" and form.is_valid():
        act = act_of(request, form, "make_gap_tasks")
        pairs = [one.partition("/") for one in form.cleaned_data["chosen"]]
        chosen = {(group, item) for item, _slash, group in pairs}

        def do() -> object:
            return actions.make_gap_tasks(row, chosen=chosen, act=act)

        if tried(request, form, do, _("已列为差距任务")):
            return redirect("gaps")
    told = {"row": row, "form": form, "known": len(known), "found": found}
    return render(request, "evaluation/gaps_of.html", told, status=422 if form.errors else 200)
