"""凭码查询: the receipt, the case as its reporter may read it, and his word after its closing."""

from __future__ import annotations

import json
import uuid

import segno
from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from changxiao.cases import actions, followed, verbs
from changxiao.cases.models import Case
from changxiao.cases.showing import public as showing
from changxiao.kernel import spoken
from changxiao.kernel.act import NAMESPACE, Act
from changxiao.kernel.api import digest_of
from changxiao.kernel.refused import Refused
from changxiao.ledger.models import Entry
from changxiao.ledger.receipts import receipt as receipt_of
from changxiao.ledger.refusals import Replayed
from changxiao.surfaces.portal import gates
from changxiao.surfaces.portal.forms import AnswerForm
from changxiao.surfaces.portal.views import telling
from changxiao.surfaces.portal.views.base import actor_of, draw, private


def _found(request: HttpRequest, code: str) -> Case:
    """凭码找到: counted first; each wrong one counts against its address."""
    now = timezone.now()
    gates.looking(request, now)
    try:
        return followed.case_of(code)
    except Refused:
        gates.guessed(request, now)
        raise


@require_safe
@private
def receipt(request: HttpRequest, code: str) -> HttpResponse:
    """回执: the code large, its link as a QR, and the signed promise that it is in the log."""
    case = _found(request, code)
    shown = spoken.grouped(spoken.read(code))
    url = settings.SITE_URL + reverse("portal_follow", args=[shown])
    picture = segno.make(url, error="m")
    told = {
        "told": followed.told(case, timezone.now()),
        "code": shown,
        "url": url,
        "picture": picture.svg_data_uri(scale=6, border=2, light="#ffffff"),
        "receipt": receipt_of(_first(case)),
        **telling.told(case),
    }
    return draw(request, "portal/receipt.html", told)


@require_safe
@private
def receipt_file(request: HttpRequest, code: str) -> HttpResponse:
    """回执文件: to keep; `tools/verify_ledger.py` reads it."""
    case = _found(request, code)
    text = json.dumps(receipt_of(_first(case)), indent=1)
    answer = HttpResponse(text, content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="receipt-{case.number}.json"'
    return answer


def _first(case: Case) -> Entry:
    return Entry.objects.get(stream=case.stream, n=1)


@require_http_methods(["GET", "HEAD", "POST"])
@private
def look_up(request: HttpRequest) -> HttpResponse:
    """查询: type the code, however it is written."""
    typed = request.POST.get("code", "")
    if request.method != "POST":
        return draw(request, "portal/look_up.html", {})
    try:
        _found(request, typed)
    except Refused as no:
        told = {"typed": typed[:40], "sentence": no.sentence}
        status = 429 if isinstance(no, gates.TooMany) else 422
        return draw(request, "portal/look_up.html", told, status=status)
    return redirect("portal_follow", spoken.grouped(spoken.read(typed)))


@require_http_methods(["GET", "HEAD", "POST"])
@private
def follow(request: HttpRequest, code: str) -> HttpResponse:
    """跟进: where it stands, until when, the answer; after closing: is it really fixed?"""
    case = _found(request, code)
    sent = request.method == "POST"
    form = AnswerForm(request.POST, request.FILES) if sent else AnswerForm()
    if sent and form.is_valid():
        try:
            _answered(request, case, form)
            return redirect("portal_follow", code)
        except Refused as no:
            form.refuse(no)
    told = {
        "told": followed.told(case, timezone.now()),
        "code": spoken.grouped(spoken.read(code)),
        "pictures": showing.of_case(case.duplicate_of or case),
        "form": form,
        **telling.told(case),
    }
    return draw(request, "portal/follow.html", told, status=422 if sent else 200)


def _answered(request: HttpRequest, case: Case, form: AnswerForm) -> None:
    """回访: of the case that leads, where his own was joined."""
    lead, told = case.duplicate_of or case, form.cleaned_data
    key = str(uuid.uuid5(NAMESPACE, f"portal/{told['key']}"))
    act = Act.system("portal", key)
    try:
        if told["fixed"] == "yes":
            actions.acknowledge(lead, act=act)
            return
        form.kept = []
        stored = form.store_photos(Act(actor=actor_of(request), key=key))
        content = [told["reason"], [p.sha256 for p in stored]]
        act = Act(actor=act.actor, key=key, digest=digest_of(request, content))
        photos = verbs.photos(stored)
        actions.contest(lead, reason=told["reason"], photos=photos, act=act)
    except Replayed:
        pass


@require_safe
@private
def photo(request: HttpRequest, code: str, sha256: str) -> HttpResponse | FileResponse:
    """本人照片, cleaned; 404 for every other."""
    case = _found(request, code)
    told = followed.told(case, timezone.now())
    row = next((row for row in told.photos if row.photo.rendition_sha256 == sha256), None)
    if row is None:
        raise Http404
    file = row.photo.file(thumbnail=request.GET.get("size") == "thumb").open("rb")
    return FileResponse(file, content_type="image/jpeg", filename=f"{sha256[:12]}.jpg")
