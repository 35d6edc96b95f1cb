"""沿革与撤销: for every kind of row of the catalogue, by the same two views."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from changxiao.catalog.views import policies
from changxiao.catalog.views.base import TITLES, Kind, for_editors
from changxiao.ledger.edits import answer_undo, told

KINDS: Mapping[str, Kind] = {
    "policy": policies.KIND,
}


@require_safe
@for_editors
def history(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """沿革: who changed this row when, before → after, the newest first."""
    page = _kind(kind).page(key)
    context = {
        "page": page,
        "rows": told(page, TITLES, may_undo=True),
        "undo_url": reverse("catalog_undo", args=[kind, key]),
    }
    return render(request, "ledger/history.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_editors
def undo(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """撤销: the newest edit of this row, previewed and confirmed as a new edit."""
    found = _kind(kind)
    number = request.GET.get("n", "")
    if not number.isdecimal() or len(number) > 9:
        raise Http404
    return answer_undo(
        request, int(number), found.page(key), lambda state, act: found.put(key, state, act)
    )


def _kind(name: str) -> Kind:
    try:
        return KINDS[name]
    except KeyError:
        raise Http404 from None
