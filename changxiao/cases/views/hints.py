"""受理提示页: fetched after the case, for it reads the neighbourhood and asks the city's model."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from changxiao.cases import access, hints
from changxiao.cases.actions.base import flow_in_force
from changxiao.cases.views.case import found
from changxiao.kernel import scope
from changxiao.ui.htmx import is_htmx


@require_safe
def hints_of(request: HttpRequest, number: str) -> HttpResponse:
    """受理提示: likely duplicates, suggested sub-category, criterion and unit; a whole page for
    whoever has no script."""
    case = found(number)
    steps = access.buttons(flow_in_force(), scope.current(), case)
    verbs = [step.verb for step in steps]
    shows = hints.shown(case.stage, verbs)
    told = {"case": case, "hints": hints.of(case, verbs, timezone.now()) if shows else None}
    template = "cases/_hints.html" if is_htmx(request) else "cases/hints.html"
    return render(request, template, told)
