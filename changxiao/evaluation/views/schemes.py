"""方案页: the schemes in force, one with its versions, and a new version previewed in words."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from changxiao.evaluation import actions, listing
from changxiao.evaluation.actions.schemes import KEEPERS
from changxiao.evaluation.flow import SEES_PUBLISHED
from changxiao.evaluation.forms import SchemeForm
from changxiao.evaluation.indicators.library import LIBRARY
from changxiao.evaluation.models import SchemeVersion
from changxiao.evaluation.schemes import differences, read_scheme
from changxiao.evaluation.views.common import tried
from changxiao.kernel import scope
from changxiao.kernel.refused import Refused
from changxiao.ledger.edits import acting, for_posts

READERS = frozenset(SEES_PUBLISHED | KEEPERS)


@require_safe
@for_posts(READERS)
def schemes(request: HttpRequest) -> HttpResponse:
    """方案列表."""
    told = {"rows": listing.latest_schemes(), "may": scope.current().holds(*KEEPERS)}
    return render(request, "evaluation/schemes.html", told)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_posts(READERS)
def scheme(request: HttpRequest, key: str) -> HttpResponse:
    """一个方案: its rules and its versions; edited by preview and confirmation."""
    versions = list(SchemeVersion.objects.filter(key=key).order_by("-version"))
    if not versions:
        raise Http404
    last = versions[0]
    may = scope.current().holds(*KEEPERS)
    form = SchemeForm(request.POST or None, initial={"text": last.text}) if may else None
    told: dict[str, Any] = {"row": last, "versions": versions, "form": form}
    told["leaves"] = read_scheme(last.text, LIBRARY).leaves()
    if request.method == "POST" and form is not None and form.is_valid():
        changes = _changes(form, last)
        if changes is not None and request.POST.get("confirm"):
            act = form.act(request, acting(request, frozenset(KEEPERS)))
            text = form.cleaned_data["text"]
            saved = tried(
                request,
                form,
                lambda: actions.save_scheme(text=text, act=act),
                _("方案已保存为新的一版"),
            )
            if saved:
                return redirect("evaluation_scheme", key)
        told["changes"] = changes
    status = 422 if form is not None and form.errors else 200
    return render(request, "evaluation/scheme.html", told, status=status)


def _changes(form: SchemeForm, last: SchemeVersion) -> list[str] | None:
    """改了什么, in words; None where the text is refused, which the form then says."""
    try:
        after = read_scheme(form.cleaned_data["text"], LIBRARY)
        if after.key != last.key:
            sentence = _("key 是方案的代号，不能由“%(old)s”改成“%(new)s”：请另立方案")
            told = {"old": last.key, "new": after.key}
            raise Refused("key_changed", sentence % told, field="text")
        return differences(read_scheme(last.text, LIBRARY), after) or [_("只改了写法，规则不变")]
    except Refused as no:
        form.add_error("text", no.sentence)
        return None
