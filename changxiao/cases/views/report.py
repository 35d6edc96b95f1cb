"""上报页: the form of a report, the lists and the side that answer while it is filled in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from changxiao.cases import access, actions, place_search, rules, subjects, verbs
from changxiao.cases import places as place_names
from changxiao.cases.actions import Problem
from changxiao.cases.actions.base import flow_in_force
from changxiao.cases.forms.here import Here, HereForm
from changxiao.cases.forms.questions import QuestionsForm
from changxiao.cases.forms.report import DESKS, ReportForm, criterion_choices
from changxiao.cases.models import Case
from changxiao.cases.views import calling
from changxiao.cases.views.case import found
from changxiao.kernel import scope
from changxiao.kernel.act import Act
from changxiao.kernel.api import digest_of
from changxiao.kernel.refused import Refused
from changxiao.ledger.refusals import Replayed

# What a link to the form may bring along: a grid found by search, the channel of the last call.
PREFILLED = ("channel", "grid", "component", "lon", "lat")
MOST_SUBJECTS = 12


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """上报: GET the empty form, POST the report; a refusal keeps draft, key and stored photos."""
    post = reporting_post(request)
    held = scope.current().posts()
    if request.method != "POST":
        asked = {name: request.GET[name] for name in PREFILLED if request.GET.get(name)}
        return _form(request, ReportForm(held, initial=asked))
    again = request.POST.get("again", "")
    form = ReportForm(held, _of_lead(request.POST), request.FILES)
    called = calling.AgainForm(request.POST) if again else None
    if form.is_valid() if called is None else called.is_valid():
        try:
            if called is not None:
                return calling.taken(request, called, again)
            return _taken(request, form, post)
        except Replayed as again:
            messages.info(request, _("这次上报此前已经收到，没有重复记录"))
            return redirect("case", again.entry.stream.partition(":")[2])
        except Refused as no:
            form.refuse(no)
    return _form(request, form, status=422)


def _form(request: HttpRequest, form: ReportForm, status: int = 200) -> HttpResponse:
    told = {"form": form, "here": Here(), "clerk": bool(calling.clerk_posts())}
    return render(request, "cases/report.html", told, status=status)


def reporting_post(request: HttpRequest) -> str:
    """上报岗位: the acting post where it may report, else the first held that may; else 403."""
    may = flow_in_force().step("report").posts
    wish = str(getattr(request, "acting_post", ""))
    if request.POST.get("on_spot"):
        may = flow_in_force().step("handle_on_spot").posts
    fitting = sorted(scope.current().posts() & may)
    if request.POST.get("into"):
        fitting = sorted(joining_posts())
    if not fitting:
        raise PermissionDenied
    return wish if wish in fitting else fitting[0]


def _taken(request: HttpRequest, form: ReportForm, post: str) -> HttpResponse:
    actor, key = scope.current().name, form.cleaned_data["key"]
    stored = form.store_photos(Act(actor=actor, post=post, key=key))
    problem = form.problem(verbs.photos(stored))
    content = [form.draft(), [f"{p.role}:{p.sha256}" for p in stored]]
    act = Act(actor=actor, post=post, key=key, digest=digest_of(request, content))
    case = _reported(problem, form.cleaned_data, act)
    seen = Case.objects.filter(pk=case.pk).exists()
    if seen and (post in DESKS or case.duplicate_of_id):
        return redirect("case_reported", case.number)
    messages.success(request, _("已上报，受理号 %(number)s") % {"number": case.number})
    # Reported beyond one's own area: it is others' to see.
    return redirect("case", case.number) if seen else redirect("cases")


def _reported(problem: Problem, told: Mapping[str, Any], act: Act) -> Case:
    if told.get("on_spot"):
        return actions.report_on_spot(problem, act=act)
    if not told["into"]:
        return actions.report(problem, act=act)
    return actions.report_into(problem, to=access.case_for(told["into"]), act=act)


def _of_lead(told: QueryDict) -> QueryDict:
    """并入: the kind is the lead's where none was chosen, for somebody is on the line."""
    number = told.get("into", "")
    if not number or told.get("subcategory"):
        return told
    lead = Case.objects.select_related("subcategory").filter(number=number).first()
    if lead is None:
        return told  # refused by name when it is asked for
    filled = told.copy()
    filled["subcategory"] = lead.subcategory.key
    return filled


def joining_posts() -> frozenset[str]:
    """并入岗位: of the posts held, those that may report and join."""
    flow = flow_in_force()
    return scope.current().posts() & flow.step("report").posts & flow.step("join").posts


@require_safe
def reported(request: HttpRequest, number: str) -> HttpResponse:
    """已上报: the number, large, to be read out to the caller; then the next one."""
    case = found(number)
    day, serial = case.number[:8], case.number[8:]
    told = {
        "case": case,
        "parts": (day[:4], day[4:], serial),
        "short": f"{day[4:]} {serial}",
        "lead": Case.objects.filter(pk=case.duplicate_of_id or 0).first(),
        "where": rules.masked(case.address) or place_names.of_case(case),
    }
    return render(request, "cases/reported.html", told)


@require_safe
def places(request: HttpRequest) -> HttpResponse:
    """地点候选: the options of the place field, for two typed characters or a code's beginning."""
    words = request.GET.get("words", "").strip()
    told = {"rows": place_search.candidates(words), "short": len(words) < 2}
    return render(request, "cases/_places.html", told)


@require_safe
def subjects_found(request: HttpRequest) -> HttpResponse:
    """小类与标准候选: the options of the subject field, for two typed characters or a code."""
    words = request.GET.get("words", "").strip()
    short = len(words) < 2
    told = {"rows": [] if short else subjects.found(words)[:MOST_SUBJECTS], "short": short}
    return render(request, "cases/_subjects.html", told)


@require_safe
def here(request: HttpRequest) -> HttpResponse:
    """这里归谁: whose the place is, which unit would get it, what was reported nearby."""
    reporting_post(request)
    form = HereForm(request.GET)
    told = {"here": form.here(), "may_join": bool(joining_posts()), "chips": form.chips()}
    return render(request, "cases/_here.html", told)


@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    """附加问题: what the chosen sub-category asks besides, as fields of the form."""
    fields = list(QuestionsForm(request.GET.get("subcategory", "")[:8]))
    return render(request, "cases/_questions.html", {"questions": fields})


@require_safe
def criteria(request: HttpRequest) -> HttpResponse:
    """立案标准: the options of a select, for the chosen sub-category."""
    rows = criterion_choices(request.GET.get("subcategory", ""))
    return render(request, "cases/_criteria.html", {"rows": rows})
