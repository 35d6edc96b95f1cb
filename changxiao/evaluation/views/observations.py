"""观测页: what was counted elsewhere, one of it, and a sheet read, previewed, imported."""

from __future__ import annotations

import json
from pathlib import PurePath
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from changxiao.areas import names
from changxiao.evaluation import actions
from changxiao.evaluation.flow import OFFICE, SEES_ALL
from changxiao.evaluation.models_observations import Observation
from changxiao.evaluation.observing import listing
from changxiao.evaluation.observing.forms import FileForm, ImportForm
from changxiao.evaluation.observing.known import known, read_table, recorded
from changxiao.evaluation.observing.reading import Read, headings, read
from changxiao.evaluation.scoring.listing import people
from changxiao.evaluation.views.common import tried
from changxiao.kernel import paging, scope, sheets
from changxiao.kernel.refused import Refused
from changxiao.ledger.edits import acting, for_posts

SIZE, PREVIEWED = 50, 50
READERS, OFFICES = frozenset(SEES_ALL), frozenset(OFFICE)
MOST_BYTES = sheets.MOST_BYTES


@never_cache
@require_safe
@for_posts(READERS)
def observations(request: HttpRequest) -> HttpResponse:
    """观测列表: search, filters, a page at a time."""
    asked = {name: request.GET.get(name, "")[:40] for name in listing.FILTERS}
    told: dict[str, Any] = {"asked": asked, "kinds": listing.kinds(), "rows": []}
    told |= {"districts": [rows[0] for _name, rows in names.choices()]}
    told |= {"filtered": any(asked.values()), "may": scope.current().holds(*OFFICE)}
    try:
        rows = listing.observations(asked)
    except Refused as no:
        return render(
            request, "evaluation/observations.html", {**told, "refusal": no.sentence}, status=422
        )
    cursor = request.GET.get("cursor", "")
    page = paging.page(rows, order=("-observed_at", "-id"), cursor=cursor, size=SIZE)
    told |= {"rows": listing.shown(page.items), "next_cursor": page.next}
    return render(request, "evaluation/observations.html", told)


@never_cache
@require_safe
@for_posts(READERS)
def observation(request: HttpRequest, pk: int) -> HttpResponse:
    """一次观测: what was counted where, and the sheet that it came in by."""
    row = Observation.objects.select_related("entry").filter(pk=pk).first()
    if row is None:
        raise Http404
    actor = row.entry.actor
    by = _("命令行") if actor.startswith("system:") else people([actor])[actor]
    told = {"one": listing.shown([row])[0], "by": by}
    told |= {"note": row.entry.act.get("note", ""), "digest": row.entry.data["digest"]}
    told["same"] = Observation.objects.filter(entry=row.entry_id).count()
    return render(request, "evaluation/observation.html", told)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_posts(OFFICES)
def import_sheet(request: HttpRequest) -> HttpResponse:
    """导入观测: a sheet with its faults by cell, or its rows to look at, then the import."""
    told: dict[str, Any] = {"upload": FileForm(), "kinds": listing.kinds()}
    status = 200
    if "cells" in request.POST:
        form = told["form"] = ImportForm(request.POST)
        if form.is_valid() and _imported(request, form):
            return redirect("observations")
        status = 422
    elif request.method == "POST":
        status = _looked(request, told)
    return render(request, "evaluation/observations_import.html", told, status=status)


def _imported(request: HttpRequest, form: ImportForm) -> bool:
    act = form.act(request, acting(request, OFFICES))

    def do() -> bool:
        found = read(form.cleaned_data["cells"], known())
        if found.faults:
            raise Refused("table_faulty", _("表有变化或有错，请重新上传"), field="cells")
        fresh = actions.import_observations(
            found.rows, file=form.cleaned_data["file_name"], act=act
        )
        if not fresh:
            raise Refused("repeated", _("这些观测都已导入，没有变化"))
        return True

    return bool(tried(request, form, do, _("观测已导入，下次计算起计入")))


def _looked(request: HttpRequest, told: dict[str, Any]) -> int:
    upload = told["upload"] = FileForm(request.POST, request.FILES)
    if not upload.is_valid():
        return 422
    file = upload.cleaned_data["file"]
    name = PurePath(file.name).name[-120:]
    try:
        table = read_table(name, file.read(MOST_BYTES + 1))
        found = read(table, known())
    except Refused as no:
        upload.add_error("file", no.sentence)
        return 422
    told["faults"] = found.faults
    if found.faults:
        return 422
    cells = json.dumps(table, ensure_ascii=False)
    told["form"] = ImportForm(initial={"cells": cells, "file_name": name})
    told |= _preview(found)
    return 200


def _preview(found: Read) -> dict[str, Any]:
    """What of it is new, and what replaces something."""
    standing = recorded([str(row["item"]) for row in found.rows])
    places = [(row["item"], row["kind"]) for row in found.rows]
    old = [one for one in places if one in standing]
    changed = sum(
        standing[place] != row
        for place, row in zip(places, found.rows, strict=True)
        if place in standing
    )
    rows = [listing.drawn(row) for row in found.rows[:PREVIEWED]]
    counts = {"fresh": len(places) - len(old), "changed": changed, "same": len(old) - changed}
    return {"preview": listing.shown(rows), "count": len(places), **counts}


@require_safe
@for_posts(OFFICES)
def template(request: HttpRequest) -> HttpResponse:
    """模板下载."""
    heads = list(headings().values())
    data = sheets.write(_("观测"), [heads], (18,) * len(heads)).read()
    answer = HttpResponse(data, content_type=sheets.XLSX)
    answer["Content-Disposition"] = content_disposition_header(True, f"{_('观测')}.xlsx")
    return answer
