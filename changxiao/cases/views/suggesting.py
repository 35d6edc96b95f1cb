"""建议模型页: the versions, how often each was right on cases it had not seen; which is used."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from changxiao.cases import subjects
from changxiao.cases.actions.suggesting import LEAST_CASES, STEPS
from changxiao.cases.actions.training import ask_training, cancel_training
from changxiao.cases.models_suggesting import SuggestionModel, Training
from changxiao.cases.suggesting import city
from changxiao.catalog.actions.base import EDITORS, who
from changxiao.kernel import scope
from changxiao.kernel.act import Act
from changxiao.kernel.api import digest_of
from changxiao.kernel.refused import Refused
from changxiao.ledger.edits import acting, for_posts
from changxiao.ledger.refusals import Replayed
from changxiao.ui.deadline import span_words
from changxiao.ui.htmx import is_htmx

NAMES = {
    "subcategory": gettext_lazy("小类"),
    "criterion": gettext_lazy("立案标准"),
    "unit": gettext_lazy("处置单位"),
}
WORST = 12
SAID = {
    "reading": gettext_lazy("读案卷"),
    "subcategory": gettext_lazy("学小类"),
    "criterion": gettext_lazy("学立案标准"),
    "unit": gettext_lazy("学处置单位"),
    "keeping": gettext_lazy("保存新版本"),
}
_UUID = re.compile(r"[0-9a-f-]{36}")


@require_safe
@for_posts(EDITORS)
def suggestions(request: HttpRequest) -> HttpResponse:
    """建议模型: all versions without their files; of the newest the weakest labels."""
    rows = list(SuggestionModel.objects.defer("subcategory", "criterion", "unit")[:20])
    told = {
        "rows": [
            {
                "row": row,
                "by": by_whom(row.trained_by),
                "heads": [
                    {"name": NAMES[name], "told": head, "labels": len(head["each"])}
                    for name, head in row.heads.items()
                ],
            }
            for row in rows
        ],
        "in_force": city.in_force(),
        "missing": bool(city.in_force()) and not city.models(city.in_force()),
        "least": LEAST_CASES,
        "training": latest(),
        "worst": _worst(rows[0]) if rows else [],
    }
    return render(request, "cases/settings/suggestions.html", told)


def latest() -> dict[str, Any] | None:
    """最近一次训练, as its part of the page shows it."""
    row = Training.objects.first()
    if row is None:
        return None
    left = None
    if row.started_at is not None and row.open and row.done:
        spent = (timezone.now() - row.started_at).total_seconds()
        left = span_words(round(spent / row.done * (len(STEPS) - row.done)))
    step = SAID.get(row.step, "")
    return {"row": row, "by": by_whom(row.asked_by), "left": left, "most": len(STEPS), "step": step}


@never_cache
@require_safe
@for_posts(EDITORS)
def training(request: HttpRequest) -> HttpResponse:
    """训练进度: asked again by the page until it is settled; then the page is read anew."""
    told = latest()
    if is_htmx(request) and (told is None or not told["row"].open):
        return HttpResponse(headers={"HX-Refresh": "true"})
    if not is_htmx(request):
        return redirect("case_suggestions")
    return render(request, "cases/settings/_training.html", {"training": told})


@never_cache
@require_POST
@for_posts(EDITORS)
def train(request: HttpRequest) -> HttpResponse:
    """训练: queue one, or take the open one back."""
    key = request.POST.get("key", "")
    if not _UUID.fullmatch(key):
        raise Http404
    verb = "cancel" if "cancel" in request.POST else "ask"
    act = Act(
        actor=scope.current().name,
        post=acting(request, EDITORS),
        key=key,
        digest=digest_of(request, [verb]),
    )
    try:
        if verb == "ask":
            ask_training(act=act)
            messages.success(request, _("已排队训练；学完是新的一版，启用仍要您来定"))
        else:
            _cancel(act)
            messages.success(request, _("训练已取消，什么都没有保存"))
    except Replayed:
        messages.info(request, _("此前已经办理，没有重复"))
    except Refused as no:
        messages.warning(request, no.sentence)
    return redirect("case_suggestions")


def _cancel(act: Act) -> None:
    row = Training.objects.first()
    if row is None:
        raise Http404
    cancel_training(row, act=act)


def by_whom(actor: str) -> str:
    """训练人, in words."""
    return _("命令行") if actor.startswith("system:") else who(actor)


def _worst(row: SuggestionModel) -> list[dict[str, Any]]:
    """最常认错: the pairs by name; a sub-category that is off by now keeps its key."""

    def name(key: str) -> str:
        found = subjects.by_key(key)
        return f"{found.label} {found.code}" if found else key

    pairs = row.heads["subcategory"]["confused"][:WORST]
    return [one | {"true": name(one["true"]), "told": name(one["told"])} for one in pairs]
