"""大类小类页: the national catalogue as it stands, and the city's own beside it, down from 99."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from changxiao.catalog import said
from changxiao.catalog.actions import set_category, set_subcategory, switch_subcategory
from changxiao.catalog.actions.base import EDITORS, who
from changxiao.catalog.actions.duties import subject_of
from changxiao.catalog.editions import by_key
from changxiao.catalog.models import Category, Edition, Kind, Subcategory
from changxiao.catalog.views.base import for_editors, from_now, listed, searched, urls
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.ledger import edits
from changxiao.ledger.edits import EditForm, Page, answer, confirming
from changxiao.ledger.history import State

METHODS = ["GET", "HEAD", "POST"]


class CategoryForm(EditForm):
    """大类表单; the kind only where one is added."""

    kind = forms.ChoiceField(label=gettext_lazy("类型"), choices=Kind.choices)
    name = forms.CharField(label=gettext_lazy("名称"), max_length=80, required=False)
    name_en = forms.CharField(label=gettext_lazy("英文名称"), max_length=160, required=False)
    field_order = ("kind", "name", "name_en", "note")


class SubcategoryForm(EditForm):
    """小类表单; the category only where one is added."""

    category = forms.ChoiceField(label=gettext_lazy("大类"))
    name = forms.CharField(label=gettext_lazy("名称"), max_length=80, required=False)
    name_en = forms.CharField(label=gettext_lazy("英文名称"), max_length=160, required=False)
    source = forms.CharField(label=gettext_lazy("出处"), max_length=200, required=False)
    field_order = ("category", "name", "name_en", "source", "note")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        rows = Category.objects.exclude(edition=Edition.CJT).order_by("kind", "code")
        self.fields["category"].choices = [  # type: ignore[attr-defined]
            (row.key, f"{row.label} {row.code}（{row.get_kind_display()}）") for row in rows
        ]


@require_safe
@for_editors
def subjects(request: HttpRequest) -> HttpResponse:
    """小类清单, with the categories above it; `?category=` narrows it."""
    words, chosen = searched(request), request.GET.get("category", "")[:8]
    categories = Category.objects.exclude(edition=Edition.CJT).order_by("kind", "code")
    rows = Subcategory.objects.exclude(edition=Edition.CJT).select_related("category")
    if words:
        found = Q(name__icontains=words) | Q(code__startswith=words) | Q(name_en__icontains=words)
        rows = rows.filter(found)
    found_category = subject_of(chosen) if len(chosen) == 3 else None
    if isinstance(found_category, Category):
        rows = rows.filter(category=found_category)
    current = Q(criteria__until_date__isnull=True, criteria__isnull=False)
    counted = rows.annotate(criterion_count=Count("criteria", filter=current))
    told = listed(request, counted, order=["kind", "code", "id"])
    told |= {
        "categories": categories,
        "chosen": chosen,
        "category": found_category,
        "total": rows.count(),
    }
    return render(request, "catalog/subjects.html", told)


@require_http_methods(METHODS)
@for_editors
def category_edit(request: HttpRequest, key: str = "") -> HttpResponse:
    """设定大类: a local one of the city, or a new one."""
    row = _own_category(key) if key else None
    shown = category_page(key)
    told = {"kind": row.kind, "name": row.name, "name_en": row.name_en} if row else {}
    form = CategoryForm(request.POST or None, initial=told, stream=shown.stream)
    form.fields["kind"].disabled = row is not None
    return answer(request, form, shown)


def category_page(key: str) -> Page:
    """某地方大类的页面; "" for a new one."""
    row = _own_category(key) if key else None
    return Page(
        title=_("大类：%(name)s") % {"name": said.label_of(row)} if row else _("新增大类"),
        back=reverse("catalog_subjects"),
        stream=row.stream if row else "",
        fields=said.CATEGORY,
        posts=EDITORS,
        name_of=who,
        do=lambda form, act: set_category(
            form.cleaned_data["kind"],
            name=form.cleaned_data["name"],
            name_en=form.cleaned_data["name_en"],
            code=row.code if row else "",
            act=act,
        ),
        effects=lambda old, _new: [from_now(), *([] if old else [_code_hint()])],
        **(urls("category", key) if key else {}),
    )


def _code_hint() -> str:
    return _("代码取现有的下一个：地方自定的从 99 往下编")


def _own_category(key: str) -> Category:
    found = subject_of(key) if len(key) == 3 else None
    if not isinstance(found, Category) or found.edition != Edition.LOCAL:
        raise Http404
    return found


def _put_category(key: str, state: State | None, act: Act) -> object:
    row = _own_category(key)
    if state is None:
        raise Refused("category_stays", _("大类的代码编出后不再收回，请改名或停用其中的小类"))
    return set_category(
        row.kind, name=state["name"], name_en=state["name_en"], code=row.code, act=act
    )


@require_http_methods(METHODS)
@for_editors
def subcategory_edit(request: HttpRequest, key: str = "") -> HttpResponse:
    """设定小类: a local one, or a new one; a national one is what the standard says."""
    row = by_key(key) if key else None
    if key and (row is None or row.edition != Edition.LOCAL):
        raise Http404
    shown = subcategory_page(key)
    told = {"category": request.GET.get("category", "")}
    if row:
        told = {"category": row.category.key, "name": row.name}
        told |= {"name_en": row.name_en, "source": row.source}
    form = SubcategoryForm(request.POST or None, initial=told, stream=shown.stream)
    form.fields["category"].disabled = row is not None
    return answer(request, form, shown)


@require_http_methods(METHODS)
@for_editors
def subcategory_switch(request: HttpRequest, key: str) -> HttpResponse:
    """启停小类."""
    row = by_key(key)
    if row is None:
        raise Http404
    return confirming(
        request,
        subcategory_page(key),
        lambda act: switch_subcategory(row, enabled=not row.enabled, act=act),
    )


def subcategory_page(key: str) -> Page:
    """某小类的页面; "" for a new one."""
    row = by_key(key) if key else None
    if key and row is None:
        raise Http404
    return Page(
        title=_("小类：%(name)s") % {"name": said.label_of(row)} if row else _("新增小类"),
        back=reverse("catalog_subjects"),
        stream=row.stream if row else "",
        fields=said.SUBCATEGORY,
        posts=EDITORS,
        name_of=who,
        do=lambda form, act: _set_subcategory(form, row, act),
        effects=_effects,
        **(urls("subcategory", key) if key else {}),
    )


def _set_subcategory(form: SubcategoryForm, row: Subcategory | None, act: Act) -> Subcategory:
    told = form.cleaned_data
    category = subject_of(told["category"])
    assert isinstance(category, Category), "the choice was checked"
    if row is None and Subcategory.objects.filter(
        category=category, edition=Edition.LOCAL, name=told["name"].strip()
    ):
        message = _("已有同名的“%(name)s”，请换一个名称或修改原有的")
        raise Refused("name_taken", message % {"name": told["name"].strip()}, field="name")
    return set_subcategory(
        category,
        name=told["name"],
        name_en=told["name_en"],
        source=told["source"],
        code=row.code if row else "",
        act=act,
    )


def _effects(old: State | None, new: State | None) -> list[str]:
    if old is None:
        return [from_now(), _code_hint()]
    if new is not None and old["enabled"] and not new["enabled"]:
        return [_("从现在起上报和受理时不再可选"), _("在办案卷照旧办完")]
    return [from_now(), _("在办案卷不受影响")]


def _put_subcategory(key: str, state: State | None, act: Act) -> object:
    row = by_key(key)
    if row is None:
        raise Http404
    if state is None:
        # A code that was given out stays: reports and cases may name it already.
        return switch_subcategory(row, enabled=False, act=act)
    if state["enabled"] != row.enabled:
        return switch_subcategory(row, enabled=state["enabled"], act=act)
    told = {name: state[name] for name in ("name", "name_en", "source")}
    return set_subcategory(row.category, code=row.code, act=act, **told)


CATEGORY_KIND = edits.Kind(category_page, _put_category)
SUBCATEGORY_KIND = edits.Kind(subcategory_page, _put_subcategory)
