"""引导反馈页: the unit's 反馈 with one thumb: the photo before as a guide for the photo after."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from changxiao.cases import access, deadlines, places, story, verbs
from changxiao.cases.actions.base import flow_in_force
from changxiao.cases.flow import Stage
from changxiao.cases.forms import acting
from changxiao.cases.forms.acting import ActForm
from changxiao.cases.models import Case, CasePhoto
from changxiao.cases.views.case import BEFORE, found
from changxiao.kernel import scope
from changxiao.kernel.act import Act
from changxiao.kernel.day import today
from changxiao.kernel.refused import Refused
from changxiao.kernel.scope import Viewer
from changxiao.ledger.refusals import Replayed

STEP = "feed_back"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def feedback(request: HttpRequest, number: str) -> HttpResponse:
    """引导反馈: GET shows the guide, POST feeds back; a refusal keeps text, photos and key."""
    case = found(number)
    step = flow_in_force().step(STEP)
    if step not in access.buttons(flow_in_force(), scope.current(), case):
        return redirect("case_do", case.number, STEP)  # which says why not
    if request.method != "POST":
        return _shown(request, case, short_form(case), 200)
    form = short_form(case, request.POST, request.FILES)
    if not form.is_valid():
        return _shown(request, case, form, 422)
    try:
        return _taken(request, case, form)
    except Replayed:
        messages.info(request, _("%(step)s：此前已经办理，没有重复记录") % {"step": step.title})
        return redirect("mine")
    except Refused as no:
        form.refuse(no)
        case.refresh_from_db()
        return _shown(request, case, form, 422)


def short_form(case: Case, data: Any = None, files: Any = None) -> ActForm:
    """一页表单: the step's own form without what a thumb in the rain is not asked for: standing in
    for somebody, and photos in roles that the case has (the guide takes the one after)."""
    form = acting.of_step(case, flow_in_force().step(STEP), today(), data, files)
    held = {f"photos_{role}" for role in case.photos.values_list("role", flat=True)}
    for name in {"on_behalf", *held} - {"photos_after"}:
        form.fields.pop(name, None)
    return form


def _taken(request: HttpRequest, case: Case, form: ActForm) -> HttpResponse:
    wish = str(getattr(request, "acting_post", ""))
    post = access.post_for(scope.current(), case, form.step, wish=wish)
    photos = form.store_photos(
        Act(actor=scope.current().name, post=post, key=form.cleaned_data["key"])
    )
    act = form.act(request, post=post, photos=photos)
    verbs.VERBS[STEP].call(case, form.body(photos), act)
    case.refresh_from_db(fields=["stage"])
    words = _("%(step)s已记录，案卷现为“%(stage)s”")
    said = words % {"step": form.step.title, "stage": Stage(case.stage).label}
    messages.success(request, said)
    return redirect("mine")


def _shown(request: HttpRequest, case: Case, form: ActForm, status: int) -> HttpResponse:
    told = guide(case, form, scope.current()) | {
        "upload_url": reverse("photo_upload", args=["0" * 64]),
        "back_url": reverse("case", args=[case.number]),
    }
    return render(request, "cases/guided.html", told, status=status)


def guide(case: Case, form: ActForm, viewer: Viewer) -> dict[str, Any]:
    """引导内容: what to photograph and from where, as this viewer may read it."""
    photos = story.photos_of(case)
    return {
        "case": case,
        "form": form,
        "place": places.of_case(case),
        "standing": deadlines.of_case(case, timezone.now()),
        "before": before(photos),
    } | story.texts(case, viewer)


def before(photos: Sequence[CasePhoto]) -> list[CasePhoto]:
    """处置前照片: each picture once, in the order in which they came."""
    rows = {row.photo_id: row for row in reversed(photos) if row.role in BEFORE}
    return list(reversed(rows.values()))
