"""下载页: how far a long list is, with the time left, and the file once it is there."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.module_loading import import_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from changxiao.kernel.refused import Refused
from changxiao.kernel.spreadsheet import XLSX
from changxiao.orgs import downloads
from changxiao.orgs.models import Download
from changxiao.ui.deadline import span_words
from changxiao.ui.htmx import is_htmx


@never_cache
@require_safe
def take(request: HttpRequest, name: str) -> HttpResponseBase:
    """导出 a list that has no page of its own for it, with the filters of the address."""
    if name not in import_string(downloads.WIRED):
        raise Http404
    wanted = {k: str(v) for k, v in request.GET.items() if k != "cursor" and v}
    try:
        return downloads.answer(request, name, wanted)
    except Refused as no:
        raise Http404(no.sentence) from None


@never_cache
@require_safe
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """进度: asked again each second by the page until it is settled."""
    row = _mine(pk)
    left = row.seconds_left(timezone.now())
    told = {"row": row, "left": "" if left is None else span_words(left)}
    name = "orgs/_download.html" if is_htmx(request) else "orgs/download.html"
    return render(request, name, told)


@never_cache
@require_safe
def file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """取文件, until it expires."""
    row = _mine(pk)
    if row.state != Download.State.READY:
        return redirect("download", row.pk)
    try:
        opened = downloads.path_of(row).open("rb")
    except FileNotFoundError:
        raise Http404 from None
    name = downloads.file_name(row.name, row.asked_at)
    return FileResponse(opened, as_attachment=True, filename=name, content_type=XLSX)


def _mine(pk: int) -> Download:
    row: Download | None = Download.visible.filter(pk=pk, expires_at__gt=timezone.now()).first()
    if row is None:
        raise Http404
    return row
