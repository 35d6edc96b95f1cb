"""公开照片页: the photos that wait for a look, and one photo with its boxes, before and after."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from changxiao.cases import access
from changxiao.cases.flow import RELEASERS
from changxiao.cases.models import Case
from changxiao.cases.models_public import PublicPhoto
from changxiao.cases.showing import actions, boxes, listing, page
from changxiao.cases.views.case import found
from changxiao.kernel import paging, scope
from changxiao.kernel.act import Act, new_key
from changxiao.kernel.api import digest_of
from changxiao.kernel.refused import Refused
from changxiao.ledger.media import public as media
from changxiao.ledger.media.models import Photo
from changxiao.ledger.refusals import Replayed

SIZE = 24
VERBS: dict[str, Callable[..., PublicPhoto]] = {
    "withhold_photo": actions.withhold_photo,
    "hide_photo": actions.hide_photo,
    "put_back_photo": actions.put_back_photo,
}


def for_releasers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """公开照片岗位: intake, shift leader, centre director of the case's place; whoever reads it by
    another post is told so, a foreign case is not there."""

    @never_cache
    @wraps(view)
    def asked(request: HttpRequest, **more: Any) -> HttpResponse:
        viewer = scope.current()
        if "number" in more:
            more["case"] = found(more.pop("number"))
            may = RELEASERS & set(access.acting_posts(viewer, more["case"]))
        else:
            may = RELEASERS & viewer.posts()
        if not may:
            raise PermissionDenied
        return view(request, **more)

    return asked


@require_safe
@for_releasers
def waiting(request: HttpRequest) -> HttpResponse:
    """待看照片."""
    told: dict[str, Any] = {}
    try:
        asked = listing.wanted(request.GET.dict())
        rows = paging.page(
            listing.filtered(asked),
            order=listing.order(asked),
            cursor=request.GET.get("cursor", ""),
            size=SIZE,
        )
        told = {
            "rows": [page.card(row) for row in rows.items],
            "next_cursor": rows.next,
            "asked": asked,
            "states": listing.counts(asked),
            "done": _done_before(request),
        }
    except Refused as no:
        told["refusal"] = no.sentence
    status = 400 if "refusal" in told else 200
    return render(request, "showing/waiting.html", told, status=status)


@require_safe
@for_releasers
def of_case(request: HttpRequest, case: Case) -> HttpResponse:
    """一件的照片: the first that waits, else the first; a sentence where there is none."""
    rows = page.photos_of(case)
    if not rows:
        messages.info(request, _("本案卷没有照片，补充照片后再来"))
        return redirect("case", case.number)
    states = dict(PublicPhoto.everything.filter(case=case).values_list("photo", "state"))
    held = [p for p in rows if states.get(p.pk, "waiting") == PublicPhoto.State.WAITING]
    return redirect("public_photo_page", case.number, (held or rows)[0].pk)


@require_http_methods(["GET", "HEAD", "POST"])
@for_releasers
def photo(request: HttpRequest, case: Case, pk: int) -> HttpResponse:
    """一张照片: GET shows it with its boxes, POST previews or decides; a refusal keeps a draft."""
    one = _photo(case, pk)
    told: dict[str, Any] = {"key": new_key(), "reason": ""}
    drawn = None
    if request.method == "POST":
        drawn = boxes.typed(request.POST)
        told |= {"key": request.POST.get("key", ""), "reason": request.POST.get("reason", "")}
        try:
            if request.POST.get("verb") != "preview":
                return _decided(request, case, one, drawn)
            media.fitting(one, boxes.places(drawn))
        except Refused as no:
            told["refusal"] = no.sentence
    told |= page.context(case, one, drawn)
    told["done"] = _done_before(request)
    status = 422 if "refusal" in told else 200
    return render(request, "showing/photo.html", told, status=status)


def _decided(request: HttpRequest, case: Case, one: Photo, drawn: list[boxes.Box]) -> HttpResponse:
    verb = request.POST.get("verb", "")
    if verb not in {*VERBS, "release_photo"}:
        raise Refused("unknown_verb", _("请选择公开或不公开"), field="verb")
    reason = request.POST.get("reason", "")
    places = boxes.places(drawn) if verb == "release_photo" else []
    act = Act(
        actor=scope.current().name,
        post=post_of(request, case, access.UNHIDES if verb == "put_back_photo" else ""),
        key=request.POST.get("key") or new_key(),
        note=reason,
        digest=digest_of(request, [verb, reason, places]),
    )
    try:
        if verb == "release_photo":
            row = actions.release_photo(case, one, boxes=places, act=act)
        else:
            row = VERBS[verb](case, one, act=act)
        messages.success(request, _("照片现为“%(state)s”") % {"state": row.get_state_display()})
    except Replayed:
        messages.info(request, _("此前已经处理，没有重复记录"))
    if verb == "put_back_photo":
        return redirect("public_photo_page", case.number, one.pk)
    return _onward(case, one)


def _onward(case: Case, one: Photo) -> HttpResponse:
    """下一张 that waits, with a way to take back what was just done."""
    after = listing.next_of(case.pk, after=[one.pk])
    url = reverse("public_photos")
    if after is not None:
        url = reverse("public_photo_page", args=[after.case.number, after.photo_id])
    return redirect(f"{url}?done={case.number}-{one.pk}")


def _done_before(request: HttpRequest) -> dict[str, str]:
    """刚才那张: its address, for the button that takes it back."""
    number, _dash, pk = request.GET.get("done", "").partition("-")
    if not (number.isdecimal() and pk.isdecimal() and 8 <= len(number) <= 16 and len(pk) < 12):
        return {}
    return {"url": reverse("public_photo_page", args=[number, int(pk)]), "key": new_key()}


@require_safe
@for_releasers
def preview(request: HttpRequest, case: Case, pk: int) -> HttpResponse:
    """预览: the public picture as these boxes would make it; nothing is kept."""
    one = _photo(case, pk)
    try:
        data = media.preview(one, boxes.of_line(request.GET.get("boxes", "")))
    except Refused as no:
        return HttpResponse(no.sentence, status=409, content_type="text/plain; charset=utf-8")
    headers = {"X-Content-Type-Options": "nosniff", "Cross-Origin-Resource-Policy": "same-origin"}
    return HttpResponse(data, content_type="image/jpeg", headers=headers)


def _photo(case: Case, pk: int) -> Photo:
    one = next((row for row in page.photos_of(case) if row.pk == pk), None)
    if one is None or not access.may_see_photo(scope.current(), one):
        raise Http404
    return one


def post_of(request: HttpRequest, case: Case, wish: str = "") -> str:
    """公开岗位: the wished one, the one chosen above, else the first that may."""
    held = access.acting_posts(scope.current(), case)
    mine = [post for post in held if post in RELEASERS]
    for post in (wish, str(getattr(request, "acting_post", ""))):
        if post in mine:
            return post
    return (mine or held or [""])[0]
