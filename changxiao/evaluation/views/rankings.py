"""评价与排名页."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from changxiao.evaluation import actions, kept, listing
from changxiao.evaluation.flow import OFFICE, SEES_ALL, SEES_PUBLISHED, open_to
from changxiao.evaluation.forms import ComputeForm, StepForm, today
from changxiao.evaluation.indicators.library import LIBRARY
from changxiao.evaluation.models import Evaluation, SchemeVersion
from changxiao.evaluation.proving.listing import Shown, proofs_of
from changxiao.evaluation.schemes import read_scheme
from changxiao.evaluation.views.common import act_of, tried
from changxiao.kernel import paging, scope
from changxiao.ledger.edits import acting, for_posts

SIZE = 30
FILES = {
    "bundle": (kept.BUNDLE, "application/zip"),
    "ranking": ("ranking.csv", "text/csv; charset=utf-8"),
    "cells": ("cells.csv", "text/csv; charset=utf-8"),
    "result": ("result.json", "application/json"),
}
SAID = {
    "recompute": gettext_lazy("已排队，算好后本页会自己更新"),
    "drop": gettext_lazy("草稿已作废"),
    "publish": gettext_lazy("已公示"),
    "seal": gettext_lazy("已封存"),
    "revise": gettext_lazy("修订版已排队"),
}
DOING = {
    "recompute": actions.recompute,
    "drop": actions.drop,
    "publish": actions.publish,
    "seal": actions.seal,
    "revise": actions.revise,
}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_posts(frozenset(SEES_PUBLISHED))
def evaluations(request: HttpRequest) -> HttpResponse:
    """评价列表, and where the office asks for another."""
    schemes = listing.latest_schemes()
    may = scope.current().holds(*OFFICE)
    form = ComputeForm(schemes, today(), request.POST or None) if may else None
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        if form.is_valid() and (row := _computed(request, form, schemes)):
            return redirect("evaluation", row.number)
    asked = {"scheme": request.GET.get("scheme", "")}
    rows = listing.evaluations(asked)
    cursor = request.GET.get("cursor", "")
    page = paging.page(rows, order=("-asked_at", "-id"), cursor=cursor, size=SIZE)
    told = {"rows": page.items, "next_cursor": page.next, "asked": asked, "schemes": schemes}
    status = 422 if form is not None and form.errors else 200
    return render(
        request,
        "evaluation/evaluations.html",
        {**told, "form": form, "office": scope.current().holds(*SEES_ALL)},
        status=status,
    )


def _computed(
    request: HttpRequest, form: ComputeForm, schemes: list[SchemeVersion]
) -> Evaluation | None:
    scheme = next(one for one in schemes if one.key == form.cleaned_data["scheme"])
    act = form.act(request, acting(request, frozenset(OFFICE)))
    label = form.cleaned_data["period"]

    def do() -> Evaluation:
        return actions.compute(scheme, label=label, act=act)

    done = tried(request, form, do, _("已排队，算好后本页会自己更新"))
    if done is True:  # it was asked for before
        return Evaluation.objects.filter(key=scheme.key, period=label).order_by("-revision").first()
    return done


def find(number: str) -> Evaluation:
    """取评价 within reach; 404 else."""
    row = Evaluation.objects.select_related("scheme").filter(number=number).first()
    if row is None:
        raise Http404
    return row


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_posts(frozenset(SEES_PUBLISHED))
def evaluation(request: HttpRequest, number: str) -> HttpResponse:
    """一次评价: its ranking, lists, objections, files, and what may be done now."""
    row = find(number)
    form = StepForm(request.POST or None)
    verb = request.POST.get("verb", "")
    if request.method == "POST" and form.is_valid():
        if verb not in DOING:
            raise Http404
        act = act_of(request, form, verb)
        if done := tried(request, form, lambda: DOING[verb](row, act=act), str(SAID[verb])):
            return redirect("evaluation", done.number if isinstance(done, Evaluation) else number)
        row = find(number)
    if request.headers.get("HX-Target") == "evaluation-progress":
        if not row.busy:  # it is there: the page is loaded anew
            return HttpResponse(headers={"HX-Refresh": "true"})
        return render(request, "evaluation/_progress.html", {"row": row})
    status = 422 if form.errors else 200
    return render(request, "evaluation/evaluation.html", _told(row, form), status=status)


def _told(row: Evaluation, form: StepForm) -> dict[str, Any]:
    steps = open_to(row.state, scope.current().posts())
    told: dict[str, Any] = {"row": row, "form": form}
    told["may_make_gaps"] = any(one.verb == "make_gap_tasks" for one in steps)
    told["steps"] = [one for one in steps if one.verb in DOING]
    if row.result:
        found = listing.objections(row)
        table = listing.table_of(row)
        told |= {"table": table, "honors": listing.honors_of(row)}
        names = {one.code: one.name for one in table.rows}
        told |= {"outside": listing.outside_of(row, names), "scans": _scans(row)}
        told["before"] = listing.before(row)
        told |= {"objections": found, "open_words": listing.state_of_objections(found)}
    return told


def _scans(row: Evaluation) -> list[tuple[str, list[Shown]]]:
    """What stands behind the scores from outside that were counted."""
    sheets = {one["sheet"] for one in row.result.get("outside", ())}
    if not sheets:
        return []
    items = read_scheme(row.scheme.text, LIBRARY).outside
    # Of what is borrowed, the sheet is the lender's and has the lender's name for it.
    titles = {(one.borrows[1] if one.borrows else one.key): one.title for one in items}
    return proofs_of(sheets, titles)


@require_safe
@for_posts(frozenset(SEES_PUBLISHED))
def download(request: HttpRequest, number: str, what: str) -> Any:
    """下载文件: the bundle with which anybody computes the same, or a table of it."""
    row = find(number)
    name, kind = FILES[what]
    path = kept.place(row) / name
    if not path.is_file():
        messages.error(request, _("还没有算成，没有可下载的文件"))
        return redirect("evaluation", number)
    file = f"{row.number}-{name}"
    return FileResponse(path.open("rb"), as_attachment=True, filename=file, content_type=kind)


@require_safe
@for_posts(frozenset(SEES_PUBLISHED))
def corrections(_request: HttpRequest, number: str) -> HttpResponse:
    """下载更正: what the upheld objections changed; `changxiao evaluate --corrections` reads it."""
    row = find(number)
    told = row.result.get("corrections")
    if not told:
        raise Http404
    answer = JsonResponse(told, safe=False, json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = f'attachment; filename="{row.number}-corrections.json"'
    return answer
