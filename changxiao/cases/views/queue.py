"""案卷列表页: filters in the address bar, search, by time left, a cursor a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from changxiao.cases import deadlines, listing, places, rules
from changxiao.cases.flow import OPEN, Stage
from changxiao.cases.forms import filters
from changxiao.cases.models import Case
from changxiao.kernel import paging
from changxiao.kernel.refused import Refused
from changxiao.orgs import downloads
from changxiao.ui.deadline import Standing

SIZE = 20
NUMBER_DIGITS = (12, 16, 19)


@dataclass(frozen=True, slots=True)
class Row:
    """一行: a case with its standing and its place in words."""

    case: Case
    standing: Standing | None
    place: str

    @property
    def where(self) -> str:
        """地点: the address as it was told, else the names of the place."""
        return rules.masked(self.case.address) or self.place


def rows_of(cases: Sequence[Case], now: datetime) -> list[Row]:
    """各行."""
    return [Row(case, deadlines.of_case(case, now), places.of_case(case)) for case in cases]


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """案卷列表: a number or code typed in full goes straight to its case."""
    words = request.GET.get("q", "").strip()
    if words.isdigit() and len(words) in NUMBER_DIGITS:
        only = listing.filtered({"number": words}, at=timezone.now()).values_list("number")[:2]
        if len(found := list(only)) == 1:
            return redirect("case", found[0][0])
    now = timezone.now()
    told: dict[str, Any] = {"form": filters.FilterForm(request.GET), "q": words, "now": now}
    try:
        rows = listing.filtered(filters.wanted(request.GET), at=now).filter(filters.search(words))
        page = paging.page(
            rows, order=listing.BY_QUEUE, cursor=request.GET.get("cursor", ""), size=SIZE
        )
        told |= {"rows": rows_of(page.items, now), "next_cursor": page.next}
    except Refused as no:
        told["refusal"] = no.sentence
    told["stages"] = [(stage.value, stage.label) for stage in Stage if stage in OPEN]
    template = "cases/_queue.html" if request.htmx else "cases/queue.html"  # type: ignore[attr-defined]
    return render(request, template, told, status=400 if "refusal" in told else 200)


@require_safe
def counts(request: HttpRequest) -> HttpResponse:
    """环节计数: fetched after the list, for counting grows with the city and a page must not."""
    told = {"stages": stage_counts(timezone.now()), "here": request.GET.get("stage", "")}
    return render(request, "cases/_counts.html", told)


def stage_counts(now: datetime) -> list[dict[str, Any]]:
    """环节计数: open cases within reach by stage, overdue ones beside; one statement."""
    late = Count("pk", filter=listing.late(now))
    rows: QuerySet[Case, Any] = Case.objects.filter(stage__in=OPEN).order_by()
    counted = {
        row["stage"]: row for row in rows.values("stage").annotate(count=Count("pk"), late=late)
    }
    return [
        {"stage": stage.value, "label": stage.label, **counted[stage.value]}
        for stage in Stage
        if stage.value in counted
    ]


@require_safe
def export_xlsx(request: HttpRequest) -> HttpResponseBase:
    """案卷导出: the list as filtered, as xlsx, logged before the first byte leaves."""
    asked = filters.wanted(request.GET)
    words = request.GET.get("q", "").strip()
    try:
        return downloads.answer(request, "cases", {**asked, "q": words} if words else asked)
    except Refused:
        return redirect(f"{reverse('cases')}?{request.GET.urlencode()}")
