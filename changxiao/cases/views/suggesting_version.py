"""建议模型某一版: how it compares, each label's score, what it confuses, how often it was taken."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from changxiao.cases.models_suggesting import SuggestionModel
from changxiao.cases.suggesting import city, comparing, uses
from changxiao.cases.suggesting.comparing import Label
from changxiao.cases.views.suggesting import NAMES, by_whom
from changxiao.catalog.actions.base import EDITORS
from changxiao.ledger.edits import for_posts

SIZE = 25
FILES = ("subcategory", "criterion", "unit")


@require_safe
@for_posts(EDITORS)
def version(request: HttpRequest, version: int) -> HttpResponse:
    """某一版: of one head at a time, the sub-categories first."""
    rows = SuggestionModel.objects.defer(*FILES)
    row = rows.filter(version=version).first()
    if row is None:
        raise Http404
    head = _head(request, row)
    used = rows.filter(version=city.in_force()).exclude(pk=row.pk).first()
    other = used.heads.get(head) if used else None
    told: dict[str, Any] = {
        "row": row,
        "by": by_whom(row.trained_by),
        "head": head,
        "heads": [(name, NAMES[name]) for name in row.heads],
        "scores": row.heads[head],
        "in_force": city.in_force(),
        "other": used,
        "verdict": comparing.verdict(row.heads[head], other) if other else [],
        "months": uses.by_month(row.version, head),
    }
    return render(request, "cases/settings/suggestion.html", told | _labels(request, row, other))


def _labels(request: HttpRequest, row: SuggestionModel, other: Any) -> dict[str, Any]:
    """各标签与常认错, by name; searched and paged, for a city has hundreds."""
    head = _head(request, row)
    scores = row.heads[head]
    keys = {one["label"] for one in scores["each"]}
    names = comparing.names_of(head, keys)
    taken = {one.key: one for one in uses.by_label(row.version, head)}
    words = request.GET.get("q", "").strip()[:40]
    found = [one for one in comparing.labels(scores, names, other) if _fits(one, words)]
    page = Paginator(found, SIZE).get_page(request.GET.get("page"))
    return {
        "q": words,
        "page": page,
        "labels": [(one, taken.get(one.key)) for one in page],
        "confused": [
            one | {name: _said(names, one[name]) for name in ("true", "told")}
            for one in scores["confused"]
            if words in _said(names, one["true"]) or words in _said(names, one["told"])
        ],
    }


def _head(request: HttpRequest, row: SuggestionModel) -> str:
    wish = request.GET.get("head", "")
    return wish if wish in row.heads else "subcategory"


def _said(names: dict[str, str], key: str) -> str:
    return names.get(key, key)


def _fits(one: Label, words: str) -> bool:
    return words in one.name or words in one.key
