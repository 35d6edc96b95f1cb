"""市民上报页: GET the form, POST the report; the same form sent again gives the same receipt."""

from __future__ import annotations

import uuid
from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from changxiao.areas.locate import locator
from changxiao.cases import actions, followed, public, verbs
from changxiao.cases.flow import OPEN
from changxiao.cases.models import Case
from changxiao.catalog import questions, residents
from changxiao.kernel import spoken
from changxiao.kernel.act import NAMESPACE, Act
from changxiao.kernel.api import digest_of
from changxiao.kernel.day import today
from changxiao.kernel.refused import Refused
from changxiao.ledger.refusals import Replayed
from changxiao.surfaces.portal import gates, kinds, work
from changxiao.surfaces.portal.forms import ReportForm
from changxiao.surfaces.portal.views.base import actor_of, draw
from changxiao.surfaces.portal.views.base import public as for_everybody


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_everybody
def report(request: HttpRequest) -> HttpResponse:
    """市民上报."""
    if request.method != "POST":
        asked = {name: request.GET[name] for name in ("lon", "lat", "crs") if request.GET.get(name)}
        return _form(request, ReportForm(initial=asked))
    form = ReportForm(request.POST, request.FILES)
    if form.is_valid():
        code = followed.code_of(form.cleaned_data["key"])
        try:
            _sent(request, form, code)
        except Refused as no:
            form.refuse(no)
            status = 429 if isinstance(no, gates.TooMany) else 422
            return _form(request, form, status=status)
        return redirect("portal_receipt", spoken.grouped(code))
    return _form(request, form, status=422)


def _sent(request: HttpRequest, form: ReportForm, code: str) -> None:
    follow = followed.digest_of(code)
    if Case.everything.filter(follow=follow).exists():
        # Came before: its answer costs nothing, and other content under its key is refused.
        return _taken(request, form, follow)
    with gates.reporting(request, timezone.now()):
        return _taken(request, form, follow)


def _taken(request: HttpRequest, form: ReportForm, follow: str) -> None:
    # The log never holds the form's own key: whoever knows that knows the code.
    key = str(uuid.uuid5(NAMESPACE, f"portal/{form.cleaned_data['key']}"))
    act = Act.system("portal", key)
    actor = actor_of(request)
    form.own_photos(actor)
    stored = form.store_photos(replace(act, actor=actor))
    problem = form.problem(verbs.photos(stored), follow)
    _must_be_open(problem)
    content = [form.draft(), [f"{p.role}:{p.sha256}" for p in stored]]
    act = replace(act, digest=digest_of(request, content))
    try:
        if into := form.cleaned_data["into"]:
            actions.report_into(problem, to=_lead(into), act=act)
        else:
            actions.report(problem, act=act)
    except Replayed:
        pass  # a second tap: the receipt is the same


def _must_be_open(problem: actions.Problem) -> None:
    """管控区: a place, a time or a kind that is not reported here; the sentence says where."""
    place = locator().at(problem.lon, problem.lat)
    found = residents.control(problem.subcategory, place.community_code, today())
    if found is not None:
        raise Refused("controlled", found.sentence, field="address")


def _lead(number: str) -> Case:
    """一起跟进的案卷: only one that a stranger may read, and that is still open."""
    row = public.public_cases().filter(case__number=number, case__stage__in=OPEN).first()
    if row is None:
        message = _("要一起跟进的那件已经办完或不再公开，请直接提交您的上报")
        raise Refused("lead_gone", message, field="into")
    return row.case


def _form(request: HttpRequest, form: ReportForm, status: int = 200) -> HttpResponse:
    now = timezone.now()
    told = {
        "form": form,
        "chips": kinds.chips(),
        "kinds": kinds.choices(),
        "work": work.challenge(now),
        "chosen": form["kind"].value() or "",
        "definitions": questions.definitions(),
    }
    return draw(request, "portal/report.html", told, status=status)
