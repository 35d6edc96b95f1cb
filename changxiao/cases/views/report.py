"""上报页: the form of a report, and the two lists that htmx fetches while it is filled in."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from changxiao.cases import actions, subjects, verbs
from changxiao.cases.actions.base import flow_in_force
from changxiao.cases.forms.report import ReportForm, criteria_of, criterion_choices
from changxiao.cases.models import Case
from changxiao.kernel import scope
from changxiao.kernel.act import Act
from changxiao.kernel.api import digest_of
from changxiao.kernel.refused import Refused
from changxiao.ledger.refusals import Replayed


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """上报: GET the empty form, POST the report; a refusal keeps draft, key and stored photos."""
    post = reporting_post(request)
    held = scope.current().posts()
    if request.method != "POST":
        return render(request, "cases/report.html", {"form": ReportForm(held)})
    form = ReportForm(held, request.POST, request.FILES)
    if form.is_valid():
        try:
            return _taken(request, form, post)
        except Replayed as again:
            messages.info(request, _("这次上报此前已经收到，没有重复记录"))
            return redirect("case", again.entry.stream.partition(":")[2])
        except Refused as no:
            form.refuse(no)
    return render(request, "cases/report.html", {"form": form}, status=422)


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
    messages.success(request, _("已上报，受理号 %(number)s") % {"number": case.number})
    if not Case.objects.filter(pk=case.pk).exists():
        return redirect("cases")  # reported beyond one's own area: it is others' to see
    return redirect("case", case.number)


@require_safe
def subcategories(request: HttpRequest) -> HttpResponse:
    """小类搜索: the options of a select, for two typed characters or a code's beginning."""
    rows = subjects.found(request.GET.get("words", ""))
    told = {"groups": subjects.grouped(rows), "count": len(rows)}
    return render(request, "cases/_subcategories.html", told)


@require_safe
def criteria(request: HttpRequest) -> HttpResponse:
    """立案标准: the options of a select, for the chosen sub-category."""
    rows = criterion_choices(criteria_of(request.GET.get("subcategory", "")))
    return render(request, "cases/_criteria.html", {"rows": rows})
