"""班组页: the unit's page of a case's links, and what a squad with such a link sees and sends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any

import segno
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from changxiao.cases import access, actions, inputs, squad, verbs
from changxiao.cases.actions.base import flow_in_force
from changxiao.cases.actions.links import feed_back_by_link, open_link
from changxiao.cases.forms.acting import ActForm
from changxiao.cases.models import Case, CasePhoto
from changxiao.cases.squad import Lent, TooMany
from changxiao.cases.views.case import BEFORE, found
from changxiao.cases.views.guided import guide, short_form
from changxiao.catalog import policy
from changxiao.kernel import scope
from changxiao.kernel.act import Act, new_key
from changxiao.kernel.api import digest_of
from changxiao.kernel.refused import Refused
from changxiao.ledger.media import receiving
from changxiao.ledger.refusals import Replayed
from changxiao.orgs import throttle
from changxiao.orgs.clientip import client_ip

STATUS = {"link_unknown": 404, "too_many": 429}
PRIVATE = {
    "Cache-Control": "no-store, private",
    # With no-referrer a browser posts from "null", which the CSRF check stops.
    "Referrer-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
}


# -- at the unit's desk ----------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def links(request: HttpRequest, number: str) -> HttpResponse:
    """班组链接: those of one case, a form for the next, and the new one's code to scan, once."""
    case = found(number)
    told: dict[str, Any] = {"squad": "", "status": 200}
    if request.method == "POST":
        told |= _pressed(request, case)
    case.refresh_from_db()
    now = timezone.now()
    rows = case.squad_links.order_by("-issued_at", "-id")
    told |= {
        "case": case,
        "links": [(row, row.state(now)) for row in rows],
        "verbs": [s.verb for s in access.buttons(flow_in_force(), scope.current(), case)],
        "key": new_key(),
        "hours": policy.number("squad_link_hours"),
    }
    return render(request, "cases/squad_links.html", told, status=told.pop("status"))


def _pressed(request: HttpRequest, case: Case) -> dict[str, Any]:
    verb = "revoke_link" if "link" in request.POST else "issue_link"
    wish = str(getattr(request, "acting_post", ""))
    post = access.post_for(scope.current(), case, flow_in_force().step(verb), wish=wish)
    name, link = request.POST.get("squad", ""), request.POST.get("link", "")
    act = Act(
        actor=scope.current().name,
        post=post,
        key=request.POST.get("key") or new_key(),
        digest=digest_of(request, [verb, name, link]),
    )
    try:
        if verb == "revoke_link":
            row = actions.revoke_link(case, link=link, act=act)
            return {"said": _("%(squad)s的链接已收回") % {"squad": row.squad}}
        row, token = actions.issue_link(case, squad=name, act=act)
    except Replayed:
        return {"said": _("这一步此前已经办理；链接只显示一次，需要时请再签发一个")}
    except Refused as no:
        return {"refusal": no.sentence, "squad": name, "status": 422}
    url = settings.SITE_URL + reverse("squad", args=[token])
    code = segno.make(url, error="m")
    return {"new": row, "url": url, "code": code.svg_data_uri(scale=6, border=2, light="#ffffff")}


# -- with the link ---------------------------------------------------------------------------------


def by_link(view: Callable[..., Any]) -> Callable[..., HttpResponse]:
    """凭链接: find what the token lends, look as the lender, keep the answer out of every cache."""

    @wraps(view)
    def asked(request: HttpRequest, token: str, **more: Any) -> HttpResponse:
        now = timezone.now()
        with timezone.override(policy.text("timezone")):
            try:
                lent = squad.lent(token, address=client_ip(request), now=now)
                with scope.viewing(lent.viewer):
                    answer: HttpResponse = view(request, lent, token=token, **more)
            except Refused as no:
                answer = _over(request, no)
        for name, value in PRIVATE.items():
            answer[name] = value
        return answer

    return asked


def _over(request: HttpRequest, no: Refused) -> HttpResponse:
    status = STATUS.get(no.code, 410)
    answer = render(request, "cases/squad_over.html", {"sentence": no.sentence}, status=status)
    if isinstance(no, TooMany):
        answer["Retry-After"] = str(no.seconds)
    return answer


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def page(request: HttpRequest, lent: Lent, token: str) -> HttpResponse:
    """班组页: GET shows the one case (each opening is logged), POST feeds back, once."""
    case, link = lent.case, lent.link
    sent = request.method == "POST"
    data = (request.POST, request.FILES) if sent else (None, None)
    form = short_form(case, *data)
    form.fields.pop("witness_account", None)  # a squad knows no user names
    if sent and form.is_valid():
        try:
            return _fed_back(request, lent, form)
        except Replayed as again:
            return _done(request, lent, again.entry.at)
        except Refused as no:
            if no.code.startswith("link_"):
                raise
            form.refuse(no)
    if request.method == "GET":
        open_link(link, act=_by(lent, new_key()))
    told = guide(case, form, lent.viewer) | {
        "link": link,
        "token": token,
        "upload_url": reverse("squad_upload", args=[token, "0" * 64]),
    }
    return render(request, "cases/squad.html", told, status=422 if sent else 200)


def _by(lent: Lent, key: str) -> Act:
    link = lent.link
    return Act(actor=link.issued_by, post=link.post, on_behalf=link.squad, key=key)


def _fed_back(request: HttpRequest, lent: Lent, form: ActForm) -> HttpResponse:
    link = lent.link
    photos = form.store_photos(_by(lent, form.cleaned_data["key"]))
    act = replace(form.act(request, post=link.post, photos=photos), on_behalf=link.squad)
    body = form.body(photos)
    assert isinstance(body, inputs.FedBack)
    shown = verbs.photos(body.photos)
    case = feed_back_by_link(link, act=act, photos=shown, given=body.given)
    assert case.handled_at is not None
    return _done(request, lent, case.handled_at)


def _done(request: HttpRequest, lent: Lent, at: Any) -> HttpResponse:
    told = {"number": lent.case.number, "at": at, "squad": lent.link.squad}
    return render(request, "cases/squad_done.html", told)


@login_not_required
@require_http_methods(["PUT"])
@by_link
def upload(request: HttpRequest, lent: Lent, token: str, sha256: str) -> HttpResponse:
    """班组上传: a photo for this one case, under the lender's name and the squad's."""
    link, now = lent.link, timezone.now()
    if not throttle.allow("squad_photos", link.code, now):
        sentence = _("这个链接上传的照片已到上限，请先提交")
        return JsonResponse({"code": "too_many", "sentence": sentence}, status=429)
    try:
        row = receiving.receive(request, sha256, actor=link.issued_by, on_behalf=link.squad)
    except Refused as no:
        return JsonResponse({"code": no.code, "sentence": no.sentence}, status=409)
    return JsonResponse({"sha256": row.sha256})


@login_not_required
@require_safe
@by_link
def photo(request: HttpRequest, lent: Lent, token: str, sha256: str) -> HttpResponse | FileResponse:
    """处置前照片 of this case and no other picture; 404 like one that was never there."""
    rows = CasePhoto.objects.filter(case=lent.case, role__in=BEFORE).select_related("photo")
    row = rows.filter(photo__rendition_sha256=sha256).first()
    if row is None:
        raise Http404
    file = row.photo.file(thumbnail=request.GET.get("size") == "thumb").open("rb")
    return FileResponse(file, content_type="image/jpeg", filename=f"{sha256[:12]}.jpg")
