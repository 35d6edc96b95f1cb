"""试派与责任空白: who would get this case and why, and what nobody answers for."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from changxiao.areas import names
from changxiao.catalog import where
from changxiao.catalog.gaps import Gap, gaps
from changxiao.catalog.models import FilingCriterion
from changxiao.catalog.trial import consider
from changxiao.catalog.views.base import for_editors, searched
from changxiao.kernel.day import today
from changxiao.kernel.refused import Refused

SHOWN_AREAS = 6


@require_safe
@for_editors
def trial(request: HttpRequest) -> HttpResponse:
    """试派: a place and a criterion in, every rule that was looked at out."""
    place, code = request.GET.get("place", "")[:80], request.GET.get("criterion", "")[:24]
    rows = FilingCriterion.objects.current().filter(is_first=True).select_related("subcategory")
    told: dict[str, Any] = {
        "place": place,
        "code": code,
        "criteria": _grouped(list(rows.order_by("subcategory__kind", "code"))),
    }
    criterion = rows.filter(code=code).first()
    if place and criterion is not None:
        try:
            community = where.place(place)
        except Refused as no:
            return render(request, "catalog/trial.html", told | {"error": no.sentence}, status=422)
        told |= {
            "criterion": criterion,
            "where": names.words(community),
            "community": community,
            "rows": consider(criterion, community, today()),
        }
    return render(request, "catalog/trial.html", told)


def _grouped(rows: list[FilingCriterion]) -> list[tuple[str, list[FilingCriterion]]]:
    return [
        (f"{subject.label} {subject.code}", list(group))
        for subject, group in groupby(rows, key=lambda row: row.subcategory)
    ]


@require_safe
@for_editors
def gap_page(request: HttpRequest) -> HttpResponse:
    """责任空白: by category, opened by `?category=`; `?local=1` those that 属地 would take."""
    found, words = gaps(today()), searched(request)
    local, chosen = request.GET.get("local") == "1", request.GET.get("category", "")[:12]
    here = [gap for gap in found if gap.local == local and _fits(gap, words)]
    counts: dict[str, dict[str, Any]] = {}
    for gap in here:
        category = gap.criterion.subcategory.category
        row = counts.setdefault(category.key, {"category": category, "criteria": 0, "cells": 0})
        row["criteria"] += 1
        row["cells"] += gap.communities
    told = {
        "local": local,
        "chosen": chosen,
        "q": words,
        "counts": list(counts.values()),
        "nobody": sum(not gap.local for gap in found),
        "locals": sum(gap.local for gap in found),
        "rows": [_told(gap) for gap in here if gap.criterion.subcategory.category.key == chosen],
        "communities": len(names.communities()),
    }
    return render(request, "catalog/gaps.html", told)


def _fits(gap: Gap, words: str) -> bool:
    row = gap.criterion
    return words in f"{row.code} {row.condition} {row.subcategory.name}"


def _told(gap: Gap) -> dict[str, Any]:
    return {
        "criterion": gap.criterion,
        "communities": gap.communities,
        "areas": [(code, names.words(code)) for code in gap.areas[:SHOWN_AREAS] if code],
        "whole": gap.areas == ("",),
        "more": max(0, len(gap.areas) - SHOWN_AREAS),
        "first": gap.areas[0],
    }
