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

from changxiao.cases import deadlines, listing, live, places, rules
from changxiao.cases.channels import icon_of
from changxiao.cases.flow import OPEN, Stage
from changxiao.cases.forms import filters
from changxiao.cases.models import Case, Channel
from changxiao.cases.saved.book import default
from changxiao.cases.saved.views import block
from changxiao.catalog import known
from changxiao.kernel import paging
from changxiao.kernel.refused import Refused
from changxiao.orgs import downloads
from changxiao.orgs.models import Staff
from changxiao.ui.deadline import Standing
from changxiao.ui.htmx import is_htmx

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
    """各行; sub-categories are put in from memory, so that nobody need join them."""
    for case in cases:
        case.subcategory = known.by_id(case.subcategory_id)
    return [Row(case, deadlines.of_case(case, now), places.of_case(case)) for case in cases]


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """案卷列表: a number or code typed in full goes straight to its case."""
    words = request.GET.get("q", "").strip()
    if words.isdigit() and len(words) in NUMBER_DIGITS:
        only = listing.filtered({"number": words}, at=timezone.now()).values_list("number")[:2]
        if len(found := list(only)) == 1:
            return redirect("case", found[0][0])
    if _asks_nothing(request) and (first := default(_owner(request), _post(request))):
        return redirect(f"{reverse('cases')}?{first.address}")
    now = timezone.now()
    told: dict[str, Any] = {"narrowed": filters.narrowed(request.GET), "q": words, "now": now}
    if not is_htmx(request):  # asked before the rows: what comes between is told and not lost
        told |= {"after": live.top(), **block(_owner(request), request.GET)}
    try:
        rows = listing.filtered(filters.wanted(request.GET), at=now).filter(filters.search(words))
        page = paging.page(
            listing.briefly(rows),
            order=listing.BY_QUEUE,
            cursor=request.GET.get("cursor", ""),
            size=SIZE,
        )
        told |= {"rows": rows_of(page.items, now), "next_cursor": page.next}
    except Refused as no:
        told["refusal"] = no.sentence
    told["stages"] = [(stage.value, stage.label) for stage in Stage if stage in OPEN]
    template = "cases/_queue.html" if is_htmx(request) else "cases/queue.html"
    return render(request, template, told, status=400 if "refusal" in told else 200)


def _asks_nothing(request: HttpRequest) -> bool:
    """The bare address, as the menu has it: `all=1` asks for everything in spite of a default."""
    return not request.GET and not is_htmx(request)


def _owner(request: HttpRequest) -> Staff:
    assert isinstance(request.user, Staff)  # no list opens for a visitor
    return request.user


def _post(request: HttpRequest) -> str:
    return str(getattr(request, "acting_post", ""))


@require_safe
def filter_fields(request: HttpRequest) -> HttpResponse:
    """筛选栏: the fields with what is chosen now, fetched when somebody opens them: their four
    hundred choices are most of a page's bytes. A whole page for who asks for it alone."""
    template = "cases/_filter_fields.html" if is_htmx(request) else "cases/filters.html"
    told = {"form": filters.FilterForm(request.GET), "q": request.GET.get("q", "")}
    return render(request, template, told)


@require_safe
def counts(request: HttpRequest) -> HttpResponse:
    """环节计数: fetched after the list, for counting grows with the city and a page must not."""
    here, channel = request.GET.get("stage", ""), request.GET.get("channel", "")
    told = {"stages": stage_counts(timezone.now()), "here": here, "channel": channel}
    told["channels"] = channel_counts(here) if here in OPEN else []
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


def channel_counts(stage: str) -> list[dict[str, Any]]:
    """来源计数: cases within reach at one stage by the channel they came by; one statement."""
    rows: QuerySet[Case, Any] = Case.objects.filter(stage=stage).order_by()
    counted = dict(rows.values_list("channel").annotate(count=Count("pk")))
    return [
        {"channel": one.value, "label": one.label, "icon": icon_of(one.value), "count": n}
        for one in Channel
        if (n := counted.get(one.value))
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
