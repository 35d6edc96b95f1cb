"""收单页: upload, the preview with its columns and categories, the progress, what was not taken."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from changxiao.kernel import scope
from changxiao.kernel.refused import Refused
from changxiao.orgs.models import Staff
from changxiao.ui.deadline import span_words
from changxiao.ui.htmx import is_htmx
from changxiao.workorders import actions, files, intake, sources
from changxiao.workorders.actions import CLERKS
from changxiao.workorders.forms import FitForm, UploadForm
from changxiao.workorders.mapping import FIELDS
from changxiao.workorders.models import OrderBatch, WorkOrder
from changxiao.workorders.views.base import act_of, acting, for_readers

State = OrderBatch.State
BUSY = frozenset({State.READING, State.WAITING, State.RUNNING})
SHOWN = 12


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_readers
def take(request: HttpRequest) -> HttpResponse:
    """收单: choose source and file; a table that cannot be read is said so and nothing is kept."""
    form = UploadForm(initial={"source": request.GET.get("source", "12345")})
    status = 200
    if request.method == "POST":
        post = acting(request, CLERKS)
        form, status = UploadForm(request.POST, request.FILES), 422
        if form.is_valid():
            source, file = sources.of(form.cleaned_data["source"]), form.cleaned_data["file"]
            try:
                batch = intake.receive(source, file.read(), file.name or "", post=post)
                return redirect("order_batch", batch.pk)
            except Refused as no:
                form.add_error("file", no.sentence)
    rows = list(OrderBatch.objects.exclude(state=State.DROPPED)[:SHOWN])
    titles = sources.titles()
    told = {
        "form": form,
        "rows": [(one, titles.get(one.source, one.source), _name(one.uploaded_by)) for one in rows],
        "clerk": bool(scope.current().posts() & CLERKS),
    }
    return render(request, "workorders/take.html", told, status=status)


def _name(username: str) -> str:
    found = Staff.objects.filter(username=username).values_list("name", flat=True).first()
    return found or username


def _found(pk: int) -> OrderBatch:
    batch = OrderBatch.objects.filter(pk=pk).first()
    if batch is None:
        raise Http404
    return batch


@never_cache
@require_safe
@for_readers
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """一批: the preview while it is a draft, the progress while it runs, then what came of it."""
    return _shown(request, _found(pk))


def _shown(
    request: HttpRequest, row: OrderBatch, form: FitForm | None = None, status: int = 200
) -> HttpResponse:
    source = sources.of(row.source)
    told: dict[str, Any] = {"batch": row, "source": source, "busy": row.state in BUSY}
    told["clerk"] = bool(scope.current().posts() & CLERKS)
    if row.state in BUSY:
        told |= _progress(row)
    if row.state == State.DRAFT:
        told |= {
            "form": form or FitForm(row, source),
            "rows": [_as_shown(one) for one in row.shown.get("rows", ())],
            "faults": row.shown.get("faults", ()),
            "missing": [FIELDS[name] for name in row.shown.get("missing", ())],
            "before": _before(row),
            "key": str(uuid.uuid4()),
        }
    name = "workorders/_progress.html" if is_htmx(request) and told["busy"] else None
    if is_htmx(request) and name is None:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, name or "workorders/batch.html", told, status=status)


def _as_shown(one: dict[str, str]) -> dict[str, Any]:
    by = WorkOrder.Place(one["by"]).label
    return one | {"limit": parse_datetime(one["limit"]) if one["limit"] else None, "by": by}


def _before(row: OrderBatch) -> OrderBatch | None:
    """The same file, taken before: said at the top, for its rows are all known."""
    rows = OrderBatch.objects.filter(source=row.source, sha256=row.sha256, state=State.DONE)
    return rows.exclude(pk=row.pk).first()


def _progress(row: OrderBatch) -> dict[str, Any]:
    left = ""
    if row.began_at is not None and row.done and row.total:
        spent = (timezone.now() - row.began_at).total_seconds()
        left = span_words(int(spent / row.done * (row.total - row.done)))
    return {"left": left}


@require_POST
@for_readers
def fit(request: HttpRequest, pk: int) -> HttpResponse:
    """改对照: remembered with the source, and the file is read again by it."""
    row, post = _found(pk), acting(request, CLERKS)
    if row.state != State.DRAFT:
        return redirect("order_batch", pk)
    source = sources.of(row.source)
    form = FitForm(row, source, request.POST)
    if not form.is_valid():
        return _shown(request, row, form, status=422)
    told = form.told()
    try:
        act = act_of(request, post, uuid.UUID(request.POST.get("key", "")), told)
        actions.set_source(row.source, told=told, act=act)
        _again(row)
    except (Refused, ValueError) as no:
        messages.error(request, no.sentence if isinstance(no, Refused) else _("请重新打开页面再试"))
    return redirect("order_batch", pk)


def _again(row: OrderBatch) -> None:
    """Read anew: a small file at once, a large one by the worker."""
    if row.total <= intake.FEW:
        intake.check(row)
        return
    rows = OrderBatch.objects.filter(pk=row.pk)
    rows.update(state=State.READING, done=0, began_at=None, beat_at=None, tries=0)


@require_POST
@for_readers
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """确认收单: the rows that are good; a handful at once, more by the worker."""
    row = _found(pk)
    acting(request, CLERKS)
    try:
        intake.start(row)
        if row.good <= intake.FEW and row.uploaded_by == scope.current().name:
            intake.run(_found(pk))
    except Refused as no:
        messages.info(request, no.sentence)
    return redirect("order_batch", pk)


@require_POST
@for_readers
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """放弃: a draft that nobody wants, with its file."""
    row = _found(pk)
    acting(request, CLERKS)
    gone = OrderBatch.objects.filter(pk=pk, state__in=[State.DRAFT, State.FAILED])
    if gone.update(state=State.DROPPED):
        files.forget(row)
        messages.info(request, _("已放弃这一批，没有收任何工单"))
    return redirect("order_take")
