"""通报与扣款单: as a page for phones, and as Word, PDF and Excel."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from changxiao.evaluation.bulletins import pdf, telling, word, xlsx
from changxiao.evaluation.bulletins.blocks import bulletin
from changxiao.evaluation.bulletins.charging import charged
from changxiao.evaluation.bulletins.layout import Bulletin
from changxiao.evaluation.bulletins.source import Source
from changxiao.evaluation.flow import SEES_ALL, SEES_PUBLISHED
from changxiao.evaluation.models import Evaluation
from changxiao.evaluation.views.rankings import find
from changxiao.kernel import scope
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.kernel.transactions import writing
from changxiao.ledger import actions as ledger
from changxiao.ledger.edits import for_posts

Write = Callable[[Source, Bulletin, datetime], bytes]
_KINDS: dict[str, tuple[Write, str]] = {
    "docx": (lambda _source, told, at: word.write(told, at), word.DOCX),
    "pdf": (lambda _source, told, at: pdf.write(told, at), pdf.PDF),
    "xlsx": (xlsx.write, xlsx.XLSX),
}


@never_cache
@require_safe
@for_posts(frozenset(SEES_PUBLISHED))
def page(request: HttpRequest, number: str) -> HttpResponse:
    """通报页: the same blocks as on paper, readable on a phone."""
    row = find(number)
    if not row.result:
        return _not_yet(request, row)
    told = bulletin(telling.source_of(row))
    shown = {"row": row, "bulletin": told, "may_pick": scope.current().holds(*SEES_ALL)}
    return render(request, "evaluation/bulletin.html", shown)


@never_cache
@require_safe
@for_posts(frozenset(SEES_PUBLISHED))
def paper(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """通报文件."""
    row = find(number)
    if not row.result:
        return _not_yet(request, row)
    source = telling.source_of(row)
    return _file(request, row, source, bulletin(source), f"bulletin.{kind}")


@never_cache
@require_safe
@for_posts(frozenset(SEES_PUBLISHED))
def deductions(request: HttpRequest, number: str) -> HttpResponse:
    """扣款单页: of an evaluation of contractors; 404 of any other."""
    row, _source, told = _charged(number)
    shown = {"row": row, "bulletin": told, "charged": True}
    return render(request, "evaluation/bulletin.html", shown)


@never_cache
@require_safe
@for_posts(frozenset(SEES_PUBLISHED))
def deductions_paper(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """扣款单文件."""
    row, source, told = _charged(number)
    return _file(request, row, source, told, f"deductions.{kind}")


def _charged(number: str) -> tuple[Evaluation, Source, Bulletin]:
    row = find(number)
    if not row.result or row.result["scheme"]["group"] != "contractor":
        raise Http404
    source = telling.source_of(row)
    return row, source, charged(row, source)


def _file(
    request: HttpRequest, row: Evaluation, source: Source, told: Bulletin, name: str
) -> HttpResponse:
    """The file; who took which is an entry, written before the first byte leaves."""
    kind = name.rpartition(".")[2]
    write, content_type = _KINDS[kind]
    try:
        data = write(source, told, telling.made_at(row))
    except Refused as no:
        messages.error(request, no.sentence)
        return redirect("evaluation", row.number)
    _log(row, name, str(getattr(request, "acting_post", "")))
    answer = HttpResponse(data, content_type=content_type)
    file = f"{row.number}-{name}"
    answer["Content-Disposition"] = f'attachment; filename="{file}"'
    return answer


def _not_yet(request: HttpRequest, row: Evaluation) -> HttpResponse:
    messages.error(request, _("还没有算成，没有通报"))
    return redirect("evaluation", row.number)


def _log(row: Evaluation, name: str, post: str) -> None:
    who = scope.current().name
    act = Act(actor=who, post=post, key=str(uuid.uuid4()))
    with writing():
        body = {"list": name, "evaluation": row.number, "digest": row.digest}
        ledger.append(stream=f"export:{who}", verb="export", act=act, body=body)
