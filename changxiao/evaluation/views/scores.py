"""外部得分页: sheets of a scheme and period, a sheet read and previewed, its confirmation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from changxiao.evaluation import actions
from changxiao.evaluation.flow import OFFICE, SEES_ALL, SEES_PUBLISHED
from changxiao.evaluation.forms import today
from changxiao.evaluation.indicators.library import LIBRARY
from changxiao.evaluation.models import Evaluation, SchemeVersion
from changxiao.evaluation.models_scores import ScoreSheet
from changxiao.evaluation.periods import read_period
from changxiao.evaluation.proving.forms import AttachForm
from changxiao.evaluation.proving.listing import proofs_of
from changxiao.evaluation.schemes import Scheme, read_scheme
from changxiao.evaluation.scoring import listing
from changxiao.evaluation.scoring.flow import PROVABLE, SHEET_STEPS, open_to
from changxiao.evaluation.scoring.forms import DecideForm, PickForm, SubmitForm, UploadForm, told
from changxiao.evaluation.scoring.groups import contracts_of, groups_of
from changxiao.evaluation.scoring.reading import read
from changxiao.evaluation.scoring.standing import lines_of
from changxiao.evaluation.views.common import tried
from changxiao.kernel import paging, scope, sheets
from changxiao.kernel.day import city_zone
from changxiao.kernel.refused import Refused
from changxiao.ledger.edits import acting, for_posts

SIZE = 30
READERS = frozenset(SEES_ALL)
DOING = {
    "confirm_scores": (actions.confirm_scores, gettext_lazy("已复核，从下次计算起计入")),
    "reject_scores": (actions.reject_scores, gettext_lazy("已退回")),
    "withdraw_scores": (actions.withdraw_scores, gettext_lazy("已撤回")),
}


@never_cache
@require_safe
@for_posts(READERS)
def scores(request: HttpRequest) -> HttpResponse:
    """外部得分: which scheme and period; the sheets, newest first."""
    schemes = listing.scored_schemes()
    form = PickForm(schemes, today(), request.GET if "period" in request.GET else None)
    if form.is_bound and form.is_valid():
        return redirect("scores_of", form.cleaned_data["scheme"], form.cleaned_data["period"])
    rows = ScoreSheet.objects.defer("lines")
    cursor = request.GET.get("cursor", "")
    page = paging.page(rows, order=("-submitted_at", "-id"), cursor=cursor, size=SIZE)
    shown = {"form": form, "schemes": schemes, "rows": listing.told_sheets(page.items)}
    shown["next_cursor"] = page.next
    status = 422 if form.is_bound else 200
    return render(request, "evaluation/scores.html", shown, status=status)


def _found(key: str, period: str) -> tuple[SchemeVersion, Scheme]:
    version = listing.latest(key)
    try:
        read_period(period, city_zone())
    except Refused:
        raise Http404 from None
    if version is None:
        raise Http404
    return version, read_scheme(version.text, LIBRARY)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_posts(READERS)
def scores_of(request: HttpRequest, key: str, period: str) -> HttpResponse:
    """一个方案一期的外部得分: what counts, what waits, what was; upload, preview, submission."""
    version, scheme = _found(key, period)
    may = scope.current().holds(*OFFICE)
    if request.method == "POST" and not may:
        raise PermissionDenied
    shown: dict[str, Any] = {"version": version, "period": period, "may": may}
    status = 200
    if "lines" in request.POST:
        submit = SubmitForm(request.POST)
        if submit.is_valid() and (done := _submitted(request, submit, version, period)):
            return redirect("score_sheet", done)
        lines = submit.cleaned_data.get("lines", [])
        shown |= {"submit": submit, "preview": listing.shown(scheme, lines)}
        status = 422
    elif request.method == "POST":
        status = _read(request, scheme, period, shown)
    shown.setdefault("upload", UploadForm())
    rows = list(ScoreSheet.objects.filter(key=key, period=period).defer("lines"))
    shown |= {"rows": listing.told_sheets(rows), "items": listing.items_of(scheme, period)}
    return render(request, "evaluation/scores_of.html", shown, status=status)


def _submitted(
    request: HttpRequest, form: SubmitForm, version: SchemeVersion, period: str
) -> str | None:
    act = form.act(request, acting(request, frozenset(OFFICE)))
    lines, file = form.cleaned_data["lines"], form.cleaned_data["file_name"]

    def do() -> ScoreSheet:
        return actions.submit_scores(version, period=period, lines=lines, file=file, act=act)

    done = tried(request, form, do, _("已提交，等另一人复核"))
    if done is True:  # it was handed in before
        done = ScoreSheet.objects.filter(key=version.key, period=period).first()
    return done.number if done else None


def _read(request: HttpRequest, scheme: Scheme, period: str, shown: dict[str, Any]) -> int:
    upload = shown["upload"] = UploadForm(request.POST, request.FILES)
    if not upload.is_valid():
        return 422
    file = upload.cleaned_data["file"]
    contracts = contracts_of(scheme, read_period(period, city_zone()))
    try:
        found = read(sheets.read(file), scheme, groups_of(scheme), contracts)
    except Refused as no:
        upload.add_error("file", no.sentence)
        return 422
    shown["faults"] = found.faults
    if found.faults:
        return 422
    carried = {"lines": told(found.lines), "file_name": Path(file.name).name[-120:]}
    shown |= {"submit": SubmitForm(initial=carried), "preview": listing.shown(scheme, found.lines)}
    shown["apart"] = contracts.apart(scheme, found.lines) if contracts else 0
    return 200


@require_safe
@for_posts(READERS)
def template(request: HttpRequest, key: str, period: str) -> HttpResponse:
    """模板下载."""
    version, _scheme = _found(key, period)
    data = listing.template(version, period).read()
    answer = HttpResponse(data, content_type=sheets.XLSX)
    name = f"{version.title}-{period}.xlsx"
    answer["Content-Disposition"] = content_disposition_header(True, name)
    return answer


@require_safe
@for_posts(frozenset(SEES_PUBLISHED))
def counted(request: HttpRequest, number: str) -> HttpResponse:
    """下载计入的外部得分 of an evaluation, as `changxiao evaluate --scores` reads it."""
    row = Evaluation.objects.select_related("scheme").filter(number=number).first()
    if row is None or not row.result.get("outside"):
        raise Http404
    answer = HttpResponse(listing.counted(row).read(), content_type=sheets.XLSX)
    name = f"{row.number}-scores.xlsx"
    answer["Content-Disposition"] = content_disposition_header(True, name)
    return answer


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_posts(READERS)
def score_sheet(request: HttpRequest, number: str) -> HttpResponse:
    """一张分数表: its lines, who handed it in, and what may be done with it."""
    row = ScoreSheet.objects.filter(number=number).first()
    if row is None:
        raise Http404
    viewer = scope.current()
    steps = open_to(row.state, viewer.posts(), own=viewer.name == row.submitted_by)
    version = SchemeVersion.objects.filter(key=row.key).order_by("-version")[0]
    scheme, lines = read_scheme(version.text, LIBRARY), lines_of(row)
    items = [(one.key, one.title) for one in scheme.outside]
    told = [one for one in items if one[0] in {line.item for line in lines}]
    attaching = request.POST.get("verb") == "attach_proofs"
    attach = AttachForm(told, *((request.POST, request.FILES) if attaching else ()))
    form = DecideForm(None if attaching else request.POST or None)
    if request.method == "POST":
        done = _attached(request, attach, row) if attaching else _decided(request, form, row)
        if done:
            return redirect("score_sheet", number)
    may = row.state in PROVABLE and viewer.holds(*OFFICE)
    shown = {"row": row, "version": version, "steps": steps, "form": form}
    shown |= {"lines": listing.shown(scheme, lines), "attach": attach if may else None}
    shown["proofs"] = proofs_of([row.number], dict(items))
    names = listing.people([row.submitted_by, row.decided_by])
    shown |= {"by": names[row.submitted_by], "judge": names.get(row.decided_by, "")}
    status = 422 if form.errors or attach.errors else 200
    return render(request, "evaluation/score_sheet.html", shown, status=status)


def _attached(request: HttpRequest, form: AttachForm, row: ScoreSheet) -> bool:
    if not form.is_valid():
        return False
    act = form.act(request, acting(request, frozenset(OFFICE)))

    def do() -> ScoreSheet:
        files, item = form.store(act), form.cleaned_data["item"]
        return actions.attach_proofs(row, item=item, files=files, act=act)

    return bool(tried(request, form, do, _("证据已附上")))


def _decided(request: HttpRequest, form: DecideForm, row: ScoreSheet) -> bool:
    if not form.is_valid():
        return False
    verb = request.POST.get("verb", "")
    if verb not in DOING:
        raise Http404
    do, said = DOING[verb]
    act = form.act(request, acting(request, SHEET_STEPS[verb].posts))
    return bool(tried(request, form, lambda: do(row, act=act), str(said)))
