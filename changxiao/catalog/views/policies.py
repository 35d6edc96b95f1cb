"""政策取值页: the numbers that a city sets, with meaning, default and what holds now."""

from __future__ import annotations

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from changxiao.catalog import policy
from changxiao.catalog.actions import set_policy
from changxiao.catalog.actions.base import EDITORS, who
from changxiao.catalog.models import CityPolicy
from changxiao.catalog.views.base import for_editors, from_now, searched, urls
from changxiao.kernel.act import Act
from changxiao.kernel.worktime import Limit
from changxiao.ledger.edits import EditForm, Kind, Page, answer
from changxiao.ledger.history import Field, State

FIELDS = (Field("value", gettext_lazy("取值")),)


class PolicyForm(EditForm):
    """政策取值表单: one value; the domain says what it may be."""

    value = forms.CharField(label=gettext_lazy("取值"), required=False, max_length=80)

    field_order = ("value", "note")


@require_safe
@for_editors
def policies(request: HttpRequest) -> HttpResponse:
    """政策取值: all of them; a city's own is marked."""
    own = dict(CityPolicy.objects.values_list("key", "value"))
    words = searched(request)
    rows = [
        {
            "key": key,
            "setting": one,
            "value": policy.said(policy.value(key)),
            "default": policy.said(one.default),
            "own": key in own and own[key] != policy.written(one.default),
        }
        for key, one in policy.SETTINGS.items()
        if words in f"{key} {one.title} {one.meaning}"
    ]
    return render(request, "catalog/policies.html", {"rows": rows, "q": words})


@require_http_methods(["GET", "HEAD", "POST"])
@for_editors
def policy_edit(request: HttpRequest, key: str) -> HttpResponse:
    """修改政策取值."""
    shown = page(key)
    told = {"value": policy.said(policy.value(key))}
    form = PolicyForm(request.POST or None, initial=told, stream=shown.stream)
    form.fields["value"].help_text = hint(key)
    return answer(request, form, shown)


def hint(key: str) -> str:
    """填写说明: meaning, range and default."""
    one = policy.setting(key)
    words = str(one.meaning)
    if isinstance(one.default, Limit):
        words += _("写成“2 工作时”这样的数值加单位。")
    elif not isinstance(one.default, str | bool):
        words += _("请填 %(lowest)s 至 %(highest)s 之间的数。") % {
            "lowest": one.lowest,
            "highest": one.highest,
        }
    return words + _("默认 %(default)s。") % {"default": policy.said(one.default) or _("（空）")}


def page(key: str) -> Page:
    """某项取值的页面."""
    if key not in policy.SETTINGS:
        raise Http404
    return Page(
        title=str(policy.setting(key).title),
        back=reverse("catalog_policies"),
        **urls("policy", key),
        stream=f"policy:{key}",
        fields=FIELDS,
        posts=EDITORS,
        name_of=who,
        do=lambda form, act: set_policy(key, value=form.cleaned_data["value"], act=act),
        effects=lambda _old, _new: [from_now(), _stays(key)],
        touched_url=reverse(TOUCHED[key]) if key in TOUCHED else "",
    )


# Fragments of a higher room that count what runs by the value now.
TOUCHED = {"day_shift": "cases_watch_touched"}


def _stays(key: str) -> str:
    if key == "day_shift":
        return _("值班电话、值班表和在岗监督员从这一刻起按新的时间；已排的班不用重排。")
    if key == "recheck_percent":
        return _("今天和明天的抽签种子已按原比例封存，从后天起按新比例；已抽中的照常办。")
    return _("已经算好的应处置时间和已经发出的提醒不变；以后每次办理按新取值。")


def _put(key: str, state: State | None, act: Act) -> object:
    value = state["value"] if state else policy.written(policy.setting(key).default)
    return set_policy(key, value=value, act=act)


KIND = Kind(page, _put)
