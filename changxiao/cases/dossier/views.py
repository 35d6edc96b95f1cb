"""卷宗的地址: the dossier as PDF and the proof's QR, for whoever may see the case."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from changxiao.cases import access
from changxiao.cases.dossier import telling
from changxiao.cases.models import Case
from changxiao.kernel import scope
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.kernel.transactions import writing
from changxiao.ledger import actions as ledger
from changxiao.ledger.papers import printing
from changxiao.ledger.references import reference


@never_cache
@require_safe
def dossier(request: HttpRequest, number: str) -> HttpResponse:
    """案卷卷宗: a PDF; who took which dossier is an entry, written before the first byte leaves."""
    case = _found(number)
    data, pictures = telling.dossier(case)
    try:
        paper = printing.pdf(telling.TEMPLATE, data, pictures)
    except Refused as no:
        messages.error(request, no.sentence)
        return redirect("case", case.number)
    _log(case, str(getattr(request, "acting_post", "")))
    name = f"{case.number}.pdf"
    answer = HttpResponse(paper, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    return answer


@never_cache
@require_safe
def proof(request: HttpRequest, number: str) -> HttpResponse:
    """证明二维码: of the case's last entry; nothing while it waits to be put in order."""
    case = _found(number)
    told = reference(case.head) if case.head else None
    if told is None:
        raise Http404
    return HttpResponse(telling.qr(str(told)), content_type="image/svg+xml")


def _found(number: str) -> Case:
    try:
        return access.case_for(number)
    except access.NotFound:
        raise Http404 from None


def _log(case: Case, post: str) -> None:
    name = scope.current().name
    act = Act(actor=name, post=post, key=str(uuid.uuid4()))
    assert case.head is not None
    with writing():
        body = {"list": "dossier", "case": case.number, "entry": case.head.hash}
        ledger.append(stream=f"export:{name}", verb="export", act=act, body=body)
