"""清单页: catalogue, units, areas and the ledger, for anybody signed in."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from changxiao.areas.models import Community, District, DutyGrid, Subdistrict, UnitGrid
from changxiao.catalog.models import Category, FilingCriterion
from changxiao.kernel import paging
from changxiao.kernel.refused import Refused
from changxiao.ledger import checkpoints, log, signing

CATEGORY_SIZE = 60


@require_safe
def catalog(request: HttpRequest) -> HttpResponse:
    """目录: categories with the number of their sub-categories and criteria in force."""
    current = Q(subcategories__criteria__until_date__isnull=True)
    rows = Category.objects.annotate(
        subcategory_count=Count("subcategories", distinct=True),
        criterion_count=Count("subcategories__criteria", filter=current, distinct=True),
    )
    ordered = rows.order_by("kind", "edition", "code")
    told = {"rows": ordered, "criteria": FilingCriterion.objects.current().count()}
    return render(request, "desk/catalog.html", told)


@require_safe
def category(request: HttpRequest, key: str) -> HttpResponse:
    """大类: its sub-categories' criteria with limit, grade and what closing needs. `key` is the
    edition and the category's own key, "gb30428-e01"."""
    edition, _dash, own = key.rpartition("-")
    kind = {"c": "component", "e": "event"}.get(own[:1], "")
    found = Category.objects.filter(edition=edition, kind=kind, code=own[1:]).first()
    if found is None:
        raise Http404
    rows = FilingCriterion.objects.current().filter(subcategory__category=found)
    try:
        page = paging.page(
            rows.select_related("subcategory", "successor"),
            order=["code", "id"],
            cursor=request.GET.get("cursor", ""),
            size=CATEGORY_SIZE,
        )
    except Refused as no:
        raise Http404(no.sentence) from None
    told = {
        "category": found,
        "rows": page.items,
        "next_cursor": page.next,
        "bare": found.subcategories.filter(criteria=None).order_by("code"),
    }
    return render(request, "desk/category.html", told)


@require_safe
def areas(request: HttpRequest) -> HttpResponse:
    """区域: districts, and the streets of the chosen one with their communities; says which
    outlines are generated."""
    districts = District.objects.annotate(
        street_count=Count("subdistricts", distinct=True),
        community_count=Count("subdistricts__communities", distinct=True),
    ).defer("outline")
    told: dict[str, Any] = {
        "districts": districts,
        "unit_grids": UnitGrid.objects.count(),
        "duty_grids": DutyGrid.objects.count(),
    }
    code = request.GET.get("district", "")
    if code:
        chosen = District.objects.defer("outline").filter(code=code).first()
        if chosen is None:
            raise Http404
        told |= {"chosen": chosen, "streets": _streets(chosen)}
    return render(request, "desk/areas.html", told)


def _streets(chosen: District) -> list[dict[str, Any]]:
    communities: dict[int, list[Community]] = {}
    rows = Community.objects.filter(subdistrict__district=chosen).defer("outline")
    for one in rows.order_by("code"):
        communities.setdefault(one.subdistrict_id, []).append(one)
    streets = Subdistrict.objects.filter(district=chosen).defer("outline").order_by("code")
    return [{"street": street, "communities": communities.get(street.pk, [])} for street in streets]


@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    """总账: how many entries, the latest signed checkpoint, and how anybody verifies them."""
    size = log.size()
    last = checkpoints.latest()
    told = {
        "size": size,
        "checkpoint": last,
        "since": size - last.size if last else size,
        "origin": signing.origin(),
        "key": str(signing.verifier()),
    }
    return render(request, "desk/ledger.html", told)
