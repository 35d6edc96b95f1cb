"""成批办理页: what was ticked, what would come of each, then row by row with progress."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from changxiao.cases import many
from changxiao.cases.actions.base import flow_in_force
from changxiao.cases.forms.fields import handling_units
from changxiao.kernel import scope
from changxiao.kernel.act import Act, new_key
from changxiao.kernel.api import digest_of
from changxiao.kernel.day import today
from changxiao.kernel.refused import Refused
from changxiao.ui.htmx import is_htmx

PATIENCE = 1.5  # seconds before a page with script shows how far it has come
ASKED = ("verb", "unit", "answer", "note", "criterion")


@never_cache
@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """成批办理: without a key a preview, with one the doing; htmx goes on where it stopped."""
    try:
        verb = many.check_verb(request.POST.get("verb", ""))
        numbers = many.numbers_of(request.POST.getlist("number"))
    except Refused as no:
        messages.warning(request, no.sentence)
        return redirect("cases")
    if "key" not in request.POST:
        return _preview(request, verb, numbers)
    return _run(request, verb, numbers)


def _preview(request: HttpRequest, verb: str, numbers: list[str]) -> HttpResponse:
    rows = list(many.preview(verb, numbers, timezone.now()))
    told: dict[str, Any] = {
        "step": flow_in_force().step(verb),
        "rows": rows,
        "able": [row for row in rows if row.refusal is None],
        "doubted": [row for row in rows if row.doubt],
        "key": new_key(),
        "units": handling_units(today()) if verb == "dispatch" else [],
        "answers": verb == "close",
    }
    return render(request, "cases/many.html", told)


def _run(request: HttpRequest, verb: str, numbers: list[str]) -> HttpResponse:
    quick = is_htmx(request)
    start = min(int(request.POST.get("done", "0") or 0), len(numbers)) if quick else 0
    told = {name: request.POST.get(name, "").strip() for name in ASKED}
    batch = many.Batch(verb, numbers[start:])
    content = [told, sorted(numbers)]
    act = Act(
        actor=scope.current().name,
        key=request.POST["key"],
        note=told["note"],
        digest=digest_of(request, content),
    )
    body = many.body_of(verb, told)
    many.run(batch, body, act, now=timezone.now(), seconds=PATIENCE if quick else None)
    reached = start + len(batch.rows)
    shown: dict[str, Any] = {
        "step": flow_in_force().step(verb),
        "batch": batch,
        "numbers": numbers,
        "reached": reached,
        "total": len(numbers),
        "told": told,
        "key": request.POST["key"],
    }
    template = "cases/_many_rows.html" if quick else "cases/many_done.html"
    return render(request, template, shown)
