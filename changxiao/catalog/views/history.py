"""沿革与撤销: for every kind of row of the catalogue, by the same two views."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from changxiao.catalog.views import (
    calendar,
    criteria,
    overlays,
    policies,
    responsibilities,
    subjects,
    times,
    windows,
)
from changxiao.catalog.views.base import for_editors
from changxiao.ledger import edits
from changxiao.ledger.edits import Kind

KINDS: Mapping[str, Kind] = {
    "calendar": calendar.KIND,
    "category": subjects.CATEGORY_KIND,
    "criterion": criteria.KIND,
    "grade": times.GRADE_KIND,
    "overlay": overlays.KIND,
    "policy": policies.KIND,
    "responsibility": responsibilities.KIND,
    "stage": times.STAGE_KIND,
    "subcategory": subjects.SUBCATEGORY_KIND,
    "window": windows.KIND,
}


@require_safe
@for_editors
def history(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """沿革."""
    return edits.history(request, KINDS, kind, key)


@require_http_methods(["GET", "HEAD", "POST"])
@for_editors
def undo(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """撤销."""
    return edits.undo(request, KINDS, kind, key)
