"""工单来源设置页: columns, categories, places and the layout of answers, with history and undo."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from changxiao.cases.models import Channel
from changxiao.catalog.actions.base import EDITORS, who
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.ledger import edits
from changxiao.ledger.edits import Kind, Page, answer, for_posts
from changxiao.ledger.history import Field, State
from changxiao.workorders import sources
from changxiao.workorders.actions import drop_source, set_source, source_stream
from changxiao.workorders.forms import SourceForm, initial_of
from changxiao.workorders.mapping import FIELDS
from changxiao.workorders.models import OrderSource, WorkOrder

METHODS = ["GET", "HEAD", "POST"]
TITLES = {
    "set_source": gettext_lazy("设定工单来源"),
    "drop_source": gettext_lazy("恢复预设来源"),
}
for_editors = for_posts(EDITORS)


def _columns(told: Any) -> str:
    rows = (f"{FIELDS.get(n, n)} = {'、'.join(v)}" for n, v in dict(told or {}).items())
    return "；".join(rows)


def _kinds(told: Any) -> str:
    return "；".join(f"{theirs} = {key}" for theirs, key in dict(told or {}).items())


def _answers(told: Any) -> str:
    return "；".join(f"{head} = {sources.ANSWERS.get(what, what)}" for head, what in told or ())


def _channel(told: Any) -> str:
    return str(Channel(told).label) if told in Channel.values else str(told or "")


CONTENT = (
    Field("title", gettext_lazy("名称")),
    Field("channel", gettext_lazy("来源类别"), _channel),
    Field("columns", gettext_lazy("列名对照"), _columns),
    Field("categories", gettext_lazy("类别对照"), _kinds),
    Field("subject", gettext_lazy("其余类别都归入")),
    Field("area", gettext_lazy("看不出位置的归入")),
    Field("crs", gettext_lazy("坐标来自")),
    Field("answers", gettext_lazy("答复列"), _answers),
)


class NewForm(forms.Form):
    """新来源的代码."""

    code = forms.SlugField(label=gettext_lazy("代码"), max_length=20)


@require_safe
@for_editors
def all_sources(request: HttpRequest) -> HttpResponse:
    """工单来源: each with what it has learnt and how many orders it sent."""
    own = set(OrderSource.objects.values_list("code", flat=True))
    rows = [
        {
            "source": one,
            "channel": _channel(one.channel),
            "own": one.code in own,
            "orders": WorkOrder.everything.filter(source=one.code).count(),
        }
        for one in sources.all_of()
    ]
    return render(request, "workorders/sources.html", {"rows": rows, "form": NewForm()})


@require_safe
@for_editors
def new(request: HttpRequest) -> HttpResponse:
    """新来源: on to the page of its code."""
    form = NewForm(request.GET)
    if not form.is_valid():
        raise Http404
    return redirect("order_source", form.cleaned_data["code"])


@require_http_methods(METHODS)
@for_editors
def source(request: HttpRequest, code: str) -> HttpResponse:
    """修改一个来源."""
    shown = page(code)
    start = initial_of(_known(code))
    form = SourceForm(request.POST or None, initial=start, stream=shown.stream)
    return answer(request, form, shown)


def _known(code: str) -> OrderSource:
    try:
        return sources.of(code)
    except Refused:
        return OrderSource(code=code, title=code, channel=Channel.UPPER)


def page(code: str) -> Page:
    """某来源的页面."""
    if len(code) > 20:
        raise Http404
    return Page(
        title=_("工单来源：%(title)s") % {"title": _known(code).title},
        back=reverse("order_sources"),
        stream=source_stream(code),
        fields=CONTENT,
        ends=frozenset({"drop_source"}),
        posts=EDITORS,
        name_of=who,
        do=lambda form, act: set_source(code, told=form.told(), act=act),
        effects=lambda _old, _new: [
            _("下一次收单、下一批回传按新内容"),
            _("已经收的工单不变"),
        ],
        history=reverse("order_settings_history", args=["source", code]),
        undo=reverse("order_settings_undo", args=["source", code]),
        titles=TITLES,
    )


def _put(code: str, state: State | None, act: Act) -> object:
    if state is None:
        drop_source(code, act=act)
        return None
    told = {field.name: state[field.name] for field in CONTENT}
    return set_source(code, told=told, act=act)


KINDS: Mapping[str, Kind] = {"source": Kind(page, _put)}


history, undo = edits.past(KINDS, for_editors)
