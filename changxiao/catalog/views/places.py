"""场所类型页: the communities that have a kind, and where one is given."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from changxiao.areas import names
from changxiao.catalog import said, where
from changxiao.catalog.actions.base import EDITORS, who
from changxiao.catalog.actions.places import drop_place_kind, set_place_kind
from changxiao.catalog.models import PlaceKind
from changxiao.catalog.views.base import for_editors, from_now, searched, urls
from changxiao.kernel.act import Act
from changxiao.ledger.edits import EditForm, Kind, Page, answer, confirming
from changxiao.ledger.history import State

METHODS = ["GET", "HEAD", "POST"]
MOST = 500


class PlaceKindForm(EditForm):
    """场所类型表单."""

    area = forms.CharField(
        label=gettext_lazy("社区"), max_length=80, help_text=gettext_lazy("社区的名称或代码。")
    )
    kind = forms.ChoiceField(label=gettext_lazy("场所类型"), choices=PlaceKind.Kind.choices)
    field_order = ("area", "kind", "note")


@require_safe
@for_editors
def place_kinds(request: HttpRequest) -> HttpResponse:
    """场所类型: those that were said, by community; how many were not."""
    asked = {"kind": request.GET.get("kind", ""), "q": searched(request)}
    rows = PlaceKind.objects.order_by("community_code")
    told = [(row, names.words(row.community_code)) for row in rows]
    found = [
        {"row": row, "name": name}
        for row, name in told
        if asked["kind"] in {"", row.kind} and asked["q"] in f"{row.community_code} {name}"
    ]
    context: dict[str, Any] = {"rows": found[:MOST], "more": max(0, len(found) - MOST)}
    context |= {**asked, "kinds": PlaceKind.Kind.choices, "any": bool(told)}
    context["unsaid"] = len(names.communities()) - len(told)
    return render(request, "catalog/place_kinds.html", context)


@require_http_methods(METHODS)
@for_editors
def place_kind_edit(request: HttpRequest, key: str = "") -> HttpResponse:
    """设定场所类型: of one community, or of one still to be named."""
    row = _row(key) if key else None
    if key and row is None:
        raise Http404
    shown = page(key)
    told = {"area": names.words(key), "kind": row.kind} if row else {}
    form = PlaceKindForm(request.POST or None, initial=told, stream=shown.stream)
    form.fields["area"].disabled = row is not None
    return answer(request, form, shown)


@require_http_methods(METHODS)
@for_editors
def place_kind_drop(request: HttpRequest, key: str) -> HttpResponse:
    """取消场所类型."""
    row = _row(key)
    if row is None:
        raise Http404
    return confirming(request, page(key), lambda act: drop_place_kind(row, act=act))


def _row(key: str) -> PlaceKind | None:
    return PlaceKind.objects.filter(community_code=key).first()


def page(key: str) -> Page:
    """某社区的页面, "" for one still to be named."""
    if key and key not in names.communities():
        raise Http404
    title = _("场所类型：%(area)s") % {"area": names.words(key)} if key else _("新增场所类型")
    return Page(
        title=title,
        back=reverse("catalog_place_kinds"),
        stream=f"place_kind:{key}" if key else "",
        fields=said.PLACE_KIND,
        ends=frozenset({"drop_place_kind"}),
        posts=EDITORS,
        name_of=who,
        do=lambda form, act: _set(form, key, act),
        effects=lambda _old, _new: [from_now(), _("长效指数按场所类型看时，以前的案卷也按新类型")],
        **(urls("place_kind", key) if key else {}),
    )


def _set(form: PlaceKindForm, key: str, act: Act) -> PlaceKind:
    told = form.cleaned_data
    return set_place_kind(
        key or where.place(told["area"], field="area"), kind=told["kind"], act=act
    )


def _put(key: str, state: State | None, act: Act) -> object:
    if state is None:
        if row := _row(key):
            drop_place_kind(row, act=act)
        return None
    return set_place_kind(key, kind=state["kind"], act=act)


KIND = Kind(page, _put)
