"""疑点页: what is odd about evidence, both photos side by side, decided by the centre director."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from changxiao.cases import flag_list
from changxiao.cases.access import SEES_FLAGS
from changxiao.cases.actions.flags import DECIDES, dismiss_flag, uphold_flag
from changxiao.cases.export import XLSX
from changxiao.cases.models_evidence import EvidenceFlag
from changxiao.kernel import paging, scope
from changxiao.kernel.act import Act, new_key
from changxiao.kernel.api import digest_of
from changxiao.kernel.refused import Refused
from changxiao.ledger.refusals import Replayed

SIZE = 20
DECISIONS = {"dismiss_flag": dismiss_flag, "uphold_flag": uphold_flag}


@require_safe
def flags(request: HttpRequest) -> HttpResponse:
    """疑点列表."""
    _must_weigh()
    told: dict[str, Any] = {}
    try:
        asked = flag_list.wanted(request.GET)
        page = paging.page(
            flag_list.filtered(asked),
            order=flag_list.NEWEST,
            cursor=request.GET.get("cursor", ""),
            size=SIZE,
        )
        states, kinds = flag_list.counts(asked)
        told = {
            "rows": flag_list.rows_of(page.items),
            "next_cursor": page.next,
            "asked": asked,
            "states": states,
            "kinds": kinds,
            "units": flag_list.units(),
        }
    except Refused as no:
        told["refusal"] = no.sentence
    return render(request, "cases/flags.html", told, status=400 if "refusal" in told else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def flag(request: HttpRequest, pk: int) -> HttpResponse:
    """一个疑点: GET shows it large, POST dismisses or upholds it; a refusal keeps the reason."""
    _must_weigh()
    row = EvidenceFlag.objects.select_related(*flag_list.WITH).filter(pk=pk).first()
    if row is None:
        raise Http404
    told: dict[str, Any] = {"key": new_key(), "reason": ""}
    if request.method == "POST":
        told |= {"key": request.POST.get("key", ""), "reason": request.POST.get("reason", "")}
        try:
            return _decided(request, row)
        except Refused as no:
            told["refusal"] = no.sentence
            row.refresh_from_db()
    told |= {
        "row": flag_list.rows_of([row])[0],
        "decides": flag_list.decides(scope.current(), row),
    }
    return render(request, "cases/flag.html", told, status=422 if "refusal" in told else 200)


def _decided(request: HttpRequest, row: EvidenceFlag) -> HttpResponse:
    verb = request.POST.get("verb", "")
    if verb not in DECISIONS:
        raise Refused("unknown_verb", _("请选择排除或确认"), field="verb")
    reason = request.POST.get("reason", "")
    posts = scope.current().posts()
    act = Act(
        actor=scope.current().name,
        post=DECIDES if DECIDES in posts else next(iter(sorted(posts)), ""),
        key=request.POST.get("key") or new_key(),
        note=reason,
        digest=digest_of(request, [verb, reason]),
    )
    try:
        done = DECISIONS[verb](row, act=act)
        messages.success(request, _("疑点%(state)s") % {"state": done.get_state_display()})
    except Replayed:
        messages.info(request, _("此前已经处理，没有重复记录"))
    rest = EvidenceFlag.objects.filter(state=EvidenceFlag.State.OPEN)
    after = rest.order_by(*flag_list.NEWEST).values_list("pk", flat=True).first()
    return redirect("flag", after) if after else redirect("flags")


@require_safe
def export_xlsx(request: HttpRequest) -> FileResponse | HttpResponse:
    """疑点导出, as filtered."""
    _must_weigh()
    try:
        asked = flag_list.wanted(request.GET)
    except Refused:
        return redirect(reverse("flags"))
    post = str(getattr(request, "acting_post", ""))
    file = flag_list.write(flag_list.filtered(asked), asked, post)
    name = f"flags-{timezone.localtime():%Y%m%d-%H%M}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


def _must_weigh() -> None:
    if not scope.current().holds(*SEES_FLAGS):
        raise PermissionDenied
