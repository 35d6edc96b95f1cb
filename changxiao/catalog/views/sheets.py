"""表格页: out to Excel, back by upload: faults by cell, or a preview, then all or nothing."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from types import ModuleType

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from openpyxl import Workbook

from changxiao.catalog.actions.base import EDITORS
from changxiao.catalog.models import SheetDraft
from changxiao.catalog.sheets import criteria, duties, places, progress, standards
from changxiao.catalog.sheets.book import XLSX, marked, written
from changxiao.catalog.sheets.grid import grid_of, opened
from changxiao.catalog.sheets.plan import ADD, CHANGE, END, Plan, apply
from changxiao.catalog.views.base import for_editors
from changxiao.kernel import scope
from changxiao.kernel.act import Act
from changxiao.kernel.day import today
from changxiao.kernel.refused import Refused
from changxiao.kernel.transactions import whole
from changxiao.ledger.edits import acting

KEPT = timedelta(days=30)
SHOWN = 200
KINDS: Mapping[str, ModuleType] = {"criteria": criteria, "duties": duties, "places": places}
BACK = {
    "criteria": "catalog_criteria",
    "duties": "catalog_responsibilities",
    "places": "catalog_place_kinds",
}


@require_safe
@for_editors
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """导出: the whole table as it stands now."""
    table = _table(kind)
    data = written(table.SHEET, table.NOTE, table.COLUMNS, table.rows())
    return _file(data, f"{table.SHEET}-{today():%Y%m%d}.xlsx")


def _table(kind: str) -> ModuleType:
    if kind not in KINDS:
        raise Http404
    return KINDS[kind]


def _file(data: bytes, name: str) -> HttpResponse:
    from django.utils.http import content_disposition_header

    response = HttpResponse(data, content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@for_editors
def upload(request: HttpRequest, kind: str) -> HttpResponse:
    """上传: keeps the file as a draft and opens its preview; a file that is none says why."""
    table, file, error = _table(kind), request.FILES.get("file"), ""
    if request.method == "POST":
        try:
            if file is None:
                raise Refused("file_missing", _("请选择一个表格文件"), field="file")
            data, name = file.read(), Path(file.name or "").name[-120:]
            opened(data, name)
            return redirect("catalog_sheet", _keep(kind, name, data).pk)
        except Refused as no:
            error = no.sentence
    actor = scope.current().name
    drafts = SheetDraft.objects.filter(kind=kind, actor=actor).defer("data")
    told = {
        "kind": kind,
        "title": SheetDraft.Kind(kind).label,
        "back": reverse(BACK[kind]),
        "columns": table.COLUMNS,
        "drafts": drafts.order_by("-uploaded_at")[:10],
        "error": error,
    }
    return render(request, "catalog/sheet_upload.html", told, status=422 if error else 200)


def _keep(kind: str, name: str, data: bytes) -> SheetDraft:
    now, actor = timezone.now(), scope.current().name
    SheetDraft.objects.filter(uploaded_at__lt=now - KEPT).delete()
    return SheetDraft.objects.create(kind=kind, actor=actor, name=name, data=data, uploaded_at=now)


def _planned(draft: SheetDraft, act: Act) -> tuple[Plan, bool]:
    """The draft's plan as it reads today, and whether it is a published standards table."""
    table, book = KINDS[draft.kind], opened(bytes(draft.data), draft.name)
    if _is_standards(draft, book):
        return standards.rehearsed(book, draft.name, act), True
    return table.plan(grid_of(book, table.COLUMNS)), False


def _is_standards(draft: SheetDraft, book: Workbook) -> bool:
    return draft.kind == SheetDraft.Kind.CRITERIA and standards.fits(book)


@require_http_methods(["GET", "HEAD", "POST"])
@for_editors
def sheet(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """表格草稿: its faults, or what it would change; a POST of what was previewed does it."""
    draft = _own(pk)
    if request.method != "POST":
        return _shown(request, draft)
    if draft.applied_at is not None:
        messages.info(request, _("这张表此前已经执行，没有重复"))
        return redirect(BACK[draft.kind])
    try:
        count = _done(request, draft)
    except Refused as no:
        return _shown(request, draft, error=no.sentence)
    values = {"name": draft.name, "n": count}
    messages.success(request, _("%(name)s：%(n)d 条修改已记入总账") % values)
    return redirect(BACK[draft.kind])


def _act(request: HttpRequest, draft: SheetDraft) -> Act:
    note = request.POST.get("note", "")[:400].replace("\x00", "")
    return Act(
        actor=scope.current().name,
        post=acting(request, EDITORS),
        key=str(draft.pk),
        note=note or _("表格：%(name)s") % {"name": draft.name},
    )


def _done(request: HttpRequest, draft: SheetDraft) -> int:
    """执行: what was previewed, whole or not at all; how many edits it were."""
    act, table = _act(request, draft), KINDS[draft.kind]
    book = opened(bytes(draft.data), draft.name)
    published = _is_standards(draft, book)
    with progress.reporting(str(draft.pk), _rows(book)) as tick, whole():
        plan: Plan
        if published:
            plan = standards.done(book, draft.name, act, tick)
        else:
            plan = table.plan(grid_of(book, table.COLUMNS))
        _check(request, plan, may_skip=published)
        if not published:
            tick.total = len(plan.edits)
            apply(plan, act, tick)
        count = len(plan.edits)
        draft.applied_at, draft.edit_count = timezone.now(), count
        draft.save(update_fields=["applied_at", "edit_count"])
    return count


def _rows(book: Workbook) -> int:
    return int(max(sheet.max_row for sheet in book.worksheets))


def _check(request: HttpRequest, plan: Plan, *, may_skip: bool) -> None:
    if plan.faults and not (may_skip and request.POST.get("skip") == "1"):
        raise Refused("sheet_faulty", _("表中还有错误，什么都没有改"))
    if request.POST.get("seen") != plan.digest:
        raise Refused("sheet_moved", _("目录在您预览之后又有改动，请按新的预览再确认"))


def _own(pk: uuid.UUID) -> SheetDraft:
    draft = SheetDraft.objects.filter(pk=pk, actor=scope.current().name).first()
    if draft is None:
        raise Http404
    return draft


def _shown(request: HttpRequest, draft: SheetDraft, error: str = "") -> HttpResponse:
    plan, published = None, False
    try:
        plan, published = _planned(draft, _act(request, draft))
    except Refused as no:
        error = error or no.sentence
    told = {
        "draft": draft,
        "title": SheetDraft.Kind(draft.kind).label,
        "back": reverse("catalog_sheets", args=[draft.kind]),
        "plan": plan,
        "standards": published,
        "groups": list(_groups(plan)) if plan else [],
        "faults": plan.faults[:SHOWN] if plan else [],
        "more_faults": max(0, len(plan.faults) - SHOWN) if plan else 0,
        "error": error,
    }
    return render(request, "catalog/sheet.html", told, status=422 if error else 200)


def _groups(plan: Plan) -> Iterable[tuple[str, int, Sequence[object], int]]:
    titles = {ADD: _("新增"), CHANGE: _("修改"), END: _("停用或终止")}
    for kind, title in titles.items():
        rows = [edit for edit in plan.edits if edit.kind == kind]
        if rows:
            yield title, len(rows), rows[:SHOWN], max(0, len(rows) - SHOWN)


@require_safe
@for_editors
def sheet_marked(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """标出错误的原表: each bad cell filled, with its remedy as a comment."""
    draft = _own(pk)
    try:
        plan, _published = _planned(draft, _act(request, draft))
    except Refused as no:
        raise Http404(no.sentence) from None
    stem = Path(draft.name).stem
    return _file(marked(bytes(draft.data), draft.name, plan.faults), f"{stem}-{_('有错误')}.xlsx")


@require_safe
@for_editors
def sheet_progress(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """进度: done and total while a confirmation runs, asked once a second."""
    told = progress.read(str(_own(pk).pk))
    context: dict[str, object] = {}
    if told is not None:
        done, total, seconds = told
        left = seconds / done * (total - done) if done else 0
        context = {"done": done, "total": total, "left": round(left)}
    return render(request, "catalog/_sheet_progress.html", context)


@require_POST
@for_editors
def sheet_drop(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """放弃草稿."""
    draft = _own(pk)
    draft.delete()
    messages.info(request, _("已放弃“%(name)s”，什么都没有改") % {"name": draft.name})
    return redirect("catalog_sheets", draft.kind)
