"""公开规则页: what the public may read of each kind, the city's default first."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from changxiao.catalog import publicity, said
from changxiao.catalog.actions import drop_public_rule, set_public_rule
from changxiao.catalog.actions.base import EDITORS, who
from changxiao.catalog.actions.duties import subject_of
from changxiao.catalog.actions.publicity import body_of, held
from changxiao.catalog.forms import subject_choices
from changxiao.catalog.models import Category, Edition, PublicRule, Subcategory
from changxiao.catalog.views.base import for_editors, urls
from changxiao.kernel.act import Act
from changxiao.ledger.edits import EditForm, Kind, Page, answer, confirming
from changxiao.ledger.history import State

METHODS = ["GET", "HEAD", "POST"]
CITY = "*"


class PublicRuleForm(EditForm):
    """公开规则表单."""

    view = forms.ChoiceField(
        label=gettext_lazy("何时公开"),
        choices=PublicRule.View.choices,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("每一件还要由人逐件公开；这里定的是最早什么时候看得到。"),
    )
    place = forms.ChoiceField(
        label=gettext_lazy("公开位置"),
        choices=PublicRule.Place.choices,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("邻里纠纷、住宅里的问题不要上地图。"),
    )
    photos = forms.ChoiceField(
        label=gettext_lazy("公开照片"),
        choices=PublicRule.Photos.choices,
        widget=forms.RadioSelect,
        initial=PublicRule.Photos.LOOKED,
        help_text=gettext_lazy(
            "照片先遮挡人脸和车牌。“自动公开”只给画面里不会有人的类别；检测会漏，漏掉的没有人看过。"
        ),
    )
    field_order: tuple[str, ...] = ("view", "place", "photos", "note")


class NewRuleForm(PublicRuleForm):
    """新增公开规则: which kind it is for."""

    subject = forms.ChoiceField(label=gettext_lazy("对象"))
    field_order = ("subject", "view", "place", "photos", "note")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        rows = Category.objects.exclude(edition=Edition.CJT).order_by("kind", "code")
        whole = [(row.key, f"{row.label} {row.code}（{row.get_kind_display()}）") for row in rows]
        self.fields["subject"].choices = [  # type: ignore[attr-defined]
            ("", _("请选择")),
            (_("整个大类"), whole),
            *subject_choices(),
        ]


@require_safe
@for_editors
def public_rules(request: HttpRequest) -> HttpResponse:
    """公开规则: the city's, then each category's with the sub-categories that differ."""
    rows = PublicRule.objects.select_related("category", "subcategory__category")
    shown = sorted(rows, key=lambda row: (row.key != CITY, row.key))
    told = [{"row": row, "key": row.key, "title": title(row.key)} for row in shown]
    if not any(one["key"] == CITY for one in told):
        default = PublicRule(**asdict(publicity.DEFAULT))
        told.insert(0, {"row": default, "key": CITY, "title": title(CITY)})
    return render(request, "catalog/public_rules.html", {"rows": told})


def title(key: str) -> str:
    """规则对象的名称."""
    if key == CITY:
        return _("其他各类（全市默认）")
    subject = subject_of(key)
    return said.label_of(subject) if subject else key


@require_http_methods(METHODS)
@for_editors
def public_rule_new(request: HttpRequest) -> HttpResponse:
    """新增公开规则."""
    initial = asdict(publicity.DEFAULT)
    form = NewRuleForm(request.POST or None, initial=initial)
    shown = _page("", _("新增公开规则"))
    return answer(
        request, form, shown.doing(lambda one, act: _set(one.cleaned_data["subject"], one, act))
    )


@require_http_methods(METHODS)
@for_editors
def public_rule_edit(request: HttpRequest, key: str) -> HttpResponse:
    """修改公开规则."""
    shown = page(key)
    row = held(_subject(key))
    told = body_of(row) if row else asdict(publicity.DEFAULT)
    return answer(
        request, PublicRuleForm(request.POST or None, initial=told, stream=shown.stream), shown
    )


@require_http_methods(METHODS)
@for_editors
def public_rule_drop(request: HttpRequest, key: str) -> HttpResponse:
    """删除公开规则."""
    shown, row = page(key), held(_subject(key))
    if row is None:
        raise Http404
    return confirming(request, shown, lambda act: drop_public_rule(row, act=act))


def page(key: str) -> Page:
    """某类的公开规则页; the key is "e0110", "e01" or "*"."""
    _subject(key)
    return _page(key, _("公开规则：%(subject)s") % {"subject": title(key)})


def _page(key: str, words: str) -> Page:
    return Page(
        title=words,
        back=reverse("catalog_public_rules"),
        stream=f"public_rule:{key}" if key else "",
        fields=said.PUBLIC,
        ends=frozenset({"drop_public_rule"}),
        posts=EDITORS,
        name_of=who,
        do=lambda form, act: _set(key, form, act),
        effects=lambda _old, _new: [
            _("确认后立即生效，已经公开的案卷也按新规则显示"),
            _("没有由人公开过的案卷仍不公开"),
        ],
        **(urls("public", key) if key else {}),
    )


def _set(key: str, form: PublicRuleForm, act: Act) -> PublicRule:
    told = form.cleaned_data
    rule = {name: told[name] for name in ("view", "place", "photos")}
    return set_public_rule(_subject(key), **rule, act=act)


def _subject(key: str) -> Subcategory | Category | None:
    found = None if key == CITY else subject_of(key)
    if key != CITY and not isinstance(found, Subcategory | Category):
        raise Http404
    return found  # type: ignore[return-value]


def _put(key: str, state: State | None, act: Act) -> object:
    if state is not None:
        # A rule of before photos could be public said nothing of them.
        rule = {"photos": PublicRule.Photos.LOOKED.value} | dict(state)
        rule = {name: rule[name] for name in ("view", "place", "photos")}
        return set_public_rule(_subject(key), **rule, act=act)
    row = held(_subject(key))
    if row is not None:
        drop_public_rule(row, act=act)
    return None


KIND = Kind(page, _put)
