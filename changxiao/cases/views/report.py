"""上报页: the form of a report, the lists and the side that answer while it is filled in."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from changxiao.cases import actions, place_search, rules, subjects, verbs
from changxiao.cases import places as place_names
from changxiao.cases.actions.base import flow_in_force
from changxiao.cases.forms.here import Here, HereForm
from changxiao.cases.forms.report import DESKS, ReportForm, criteria_of, criterion_choices
from changxiao.cases.models import Case
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
    form = ReportForm(held, request.POST, request.FILES)
    if form.is_valid():
        try:
            return _taken(request, form, post)
        except Replayed as again:
            messages.info(request, _("这次上报此前已经收到，没有重复记录"))
            return redirect("case", again.entry.stream.partition(":")[2])
        except Refused as no:
            form.refuse(no)
    return _form(request, form, status=422)


def _form(request: HttpRequest, form: ReportForm, status: int = 200) -> HttpResponse:
    return render(request, "cases/report.html", {"form": form, "here": Here()}, status=status)


def reporting_post(request: HttpRequest) -> str:
    """上报岗位: the acting post where it may report, else the first held that may; else 403."""
    may = flow_in_force().step("report").posts
    wish = str(getattr(request, "acting_post", ""))
    fitting = sorted(scope.current().posts() & may)
    if not fitting:
        raise PermissionDenied
    return wish if wish in fitting else fitting[0]


def _taken(request: HttpRequest, form: ReportForm, post: str) -> HttpResponse:
    actor, key = scope.current().name, form.cleaned_data["key"]
    stored = form.store_photos(Act(actor=actor, post=post, key=key))
    problem = form.problem(verbs.photos(stored))
    content = [form.draft(), [f"{p.role}:{p.sha256}" for p in stored]]
    act = Act(actor=actor, post=post, key=key, digest=digest_of(request, content))
    case = actions.report(problem, act=act)
    seen = Case.objects.filter(pk=case.pk).exists()
    if seen and post in DESKS:
        return redirect("case_reported", case.number)
    messages.success(request, _("已上报，受理号 %(number)s") % {"number": case.number})
    # Reported beyond one's own area: it is others' to see.
    return redirect("case", case.number) if seen else redirect("cases")


@require_safe
def reported(request: HttpRequest, number: str) -> HttpResponse:
    """已上报: the number, large, to be read out to the caller; then the next one."""
    case = found(number)
    day, serial = case.number[:8], case.number[8:]
    told = {
        "case": case,
        "parts": (day[:4], day[4:], serial),
        "short": f"{day[4:]} {serial}",
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
    return render(request, "cases/_here.html", {"here": HereForm(request.GET).here()})


@require_safe
def criteria(request: HttpRequest) -> HttpResponse:
    """立案标准: the options of a select, for the chosen sub-category."""
    rows = criterion_choices(criteria_of(request.GET.get("subcategory", "")))
    return render(request, "cases/_criteria.html", {"rows": rows})
