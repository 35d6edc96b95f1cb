"""录音录像页: one clip of a case, to hide it from colleagues with a reason, or to give it back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from changxiao.cases import access, story
from changxiao.cases.models import Case
from changxiao.cases.models_public import PublicPhoto
from changxiao.cases.showing import actions, page
from changxiao.cases.showing.views import for_releasers, post_of
from changxiao.kernel import scope
from changxiao.kernel.act import Act, new_key
from changxiao.kernel.api import digest_of
from changxiao.kernel.refused import Refused
from changxiao.ledger.media.models import Photo
from changxiao.ledger.refusals import Replayed

VERBS: dict[str, Callable[..., PublicPhoto]] = {
    "hide_clip": actions.hide_clip,
    "show_clip": actions.show_clip,
}


@require_http_methods(["GET", "HEAD", "POST"])
@for_releasers
def clip(request: HttpRequest, case: Case, pk: int) -> HttpResponse:
    """一段录音录像: GET plays it, POST decides; a refusal keeps what was typed."""
    name, one = _clip(case, pk)
    told: dict[str, Any] = {"key": new_key(), "reason": ""}
    if request.method == "POST":
        told = {k: request.POST.get(k, "") for k in ("key", "reason")}
        try:
            return _decided(request, case, one)
        except Refused as no:
            told["refusal"] = no.sentence
    row = PublicPhoto.everything.filter(case=case, photo=one).first()
    viewer = scope.current()
    told |= {
        "case": case,
        "photo": one,
        "name": name,
        "hears": access.may_hear(viewer, case),
        "hidden": row is not None and row.state == PublicPhoto.State.HIDDEN,
        "gives_back": access.UNHIDES in access.acting_posts(viewer, case),
        "lines": page.lines_of(row) if row else [],
    }
    return render(request, "showing/clip.html", told, status=422 if "refusal" in told else 200)


def _clip(case: Case, pk: int) -> tuple[str, Photo]:
    clips = story.clips_named(story.parted(story.media_of(case))[2])
    found = next(((name, row.photo) for name, row in clips if row.photo_id == pk), None)
    if found is None or not access.may_see_photo(scope.current(), found[1]):
        raise Http404
    return found


def _decided(request: HttpRequest, case: Case, one: Photo) -> HttpResponse:
    verb, reason = request.POST.get("verb", ""), request.POST.get("reason", "")
    if verb not in VERBS:
        raise Refused("unknown_verb", _("请选择隐去或恢复"), field="verb")
    act = Act(
        actor=scope.current().name,
        post=post_of(request, case, access.UNHIDES if verb == "show_clip" else ""),
        key=request.POST.get("key") or new_key(),
        note=reason,
        digest=digest_of(request, [verb, reason]),
    )
    try:
        VERBS[verb](case, one, act=act)
        hidden = _("录音录像已隐去"), _("录音录像已恢复")
        messages.success(request, hidden[verb == "show_clip"])
    except Replayed:
        messages.info(request, _("此前已经处理，没有重复记录"))
    return redirect("case", case.number)
