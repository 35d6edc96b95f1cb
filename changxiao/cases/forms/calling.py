"""来电与回访的字段: what a clerk fills in while somebody is on the line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from changxiao.cases.flow import Stage
from changxiao.cases.forms.halfwidth import PhoneField
from changxiao.cases.models import Satisfaction

if TYPE_CHECKING:
    from changxiao.cases.forms.fields import Asked

YES_NO = (("true", gettext_lazy("是")), ("false", gettext_lazy("否")))
REACHED = (("true", gettext_lazy("已接通")), ("false", gettext_lazy("未接通")))
SAID = {
    "call_again": gettext_lazy("补充内容"),
    "call_back": gettext_lazy("对方的话"),
    "reopen": gettext_lazy("没有解决的情况"),
}
PRIVATE = gettext_lazy("姓名和电话单独保存，处置单位看不到；每次查看都要写明理由并留痕。")


def _said(asked: Asked) -> Mapping[str, forms.Field]:
    verb = asked.step.verb
    hint = _("不满意或没有解决时必填。") if verb == "call_back" else ""
    return {
        "said": forms.CharField(
            label=SAID.get(verb, ""),
            required=verb == "reopen",
            max_length=4000,
            help_text=hint,
            widget=forms.Textarea(attrs={"rows": 3}),
        )
    }


def _name(_asked: Asked) -> Mapping[str, forms.Field]:
    return {"reporter_name": forms.CharField(label=_("来电人姓名"), required=False, max_length=64)}


def _phone(_asked: Asked) -> Mapping[str, forms.Field]:
    label = _("来电人电话")
    return {"reporter_phone": PhoneField(label=label, required=False, max_length=32)}


def asks() -> dict[str, forms.Field]:
    """来电人所求: not to be named, to be rung back."""
    return {
        "wants_callback": forms.BooleanField(label=_("办结后要求回访"), required=False),
        "anonymous": forms.BooleanField(label=_("要求匿名"), required=False),
    }


def _wants(_asked: Asked) -> Mapping[str, forms.Field]:
    return {"wants_callback": asks()["wants_callback"]}


def _anonymous(_asked: Asked) -> Mapping[str, forms.Field]:
    return {"anonymous": asks()["anonymous"]}


def _radio(label: str, choices: Any, *, required: bool, initial: str = "") -> forms.ChoiceField:
    widget = forms.RadioSelect
    return forms.ChoiceField(
        label=label, choices=choices, required=required, initial=initial, widget=widget
    )


def _reached(_asked: Asked) -> Mapping[str, forms.Field]:
    return {"reached": _radio(_("接通情况"), REACHED, required=True, initial="true")}


def _solved(_asked: Asked) -> Mapping[str, forms.Field]:
    return {"solved": _radio(_("问题是否解决"), YES_NO, required=False)}


def _satisfaction(_asked: Asked) -> Mapping[str, forms.Field]:
    return {"satisfaction": _radio(_("对办理是否满意"), Satisfaction.choices, required=False)}


def _again(asked: Asked) -> Mapping[str, forms.Field]:
    if asked.case.stage != Stage.JOINED:
        return {}  # its own road back is the step beside
    label = _("没有解决的，把主案退回值班长重办")
    return {"again": forms.BooleanField(label=label, required=False)}


MAKERS: Mapping[str, Callable[[Asked], Mapping[str, forms.Field]]] = {
    "reached": _reached,
    "solved": _solved,
    "satisfaction": _satisfaction,
    "said": _said,
    "reporter_name": _name,
    "reporter_phone": _phone,
    "wants_callback": _wants,
    "anonymous": _anonymous,
    "again": _again,
}
