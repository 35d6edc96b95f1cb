"""我的通知: what I want by which channel, when not, and gathered how."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.ledger.keyed import KeyedForm
from changxiao.ledger.refusals import Replayed
from changxiao.notices.actions import set_notice_preference
from changxiao.notices.channels import CHANNELS
from changxiao.notices.channels.base import Side
from changxiao.notices.channels.web_push import sealing
from changxiao.notices.models import NoticePreference
from changxiao.notices.preferring import city_quiet
from changxiao.notices.timing import Digest
from changxiao.notices.whats import Kind
from changxiao.orgs.models import Staff

CITY, OWN, NONE = "city", "own", "none"


class PreferenceForm(KeyedForm):
    """本人通知表单."""

    use_required_attribute = False
    hours = forms.ChoiceField(
        label=gettext_lazy("免打扰"), choices=(), widget=forms.RadioSelect, initial=CITY
    )
    quiet = forms.CharField(
        label=gettext_lazy("自己定的时间"),
        required=False,
        max_length=20,
        help_text=gettext_lazy("例如 21:30-06:30。紧急消息照发。"),
    )
    digest = forms.ChoiceField(
        label=gettext_lazy("怎么发"), choices=Digest.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        city = city_quiet()
        usual = _("按本市规定（%(hours)s）") % {"hours": city}
        told: dict[str, Any] = self.fields
        told["hours"].choices = [(CITY, usual), (OWN, _("自己定")), (NONE, _("不设免打扰"))]

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if told.get("hours") == OWN and not told.get("quiet"):
            self.add_error("quiet", _("请填写免打扰时间，例如 21:30-06:30"))
        return told


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """我的通知."""
    staff = request.user
    assert isinstance(staff, Staff)
    row = NoticePreference.objects.filter(staff=staff).first()
    sent = request.method == "POST"
    form = PreferenceForm(request.POST if sent else None, initial=_initial(row))
    muted = _muted(request) if sent else set(row.muted if row else ())
    if sent and form.is_valid():
        try:
            _save(staff, form, muted)
            messages.success(request, _("已保存，以后的消息按这样发"))
            return redirect("notice_preferences")
        except Replayed:
            return redirect("notice_preferences")
        except Refused as no:
            form.refuse(no)
    push = "" if CHANNELS["web_push"].off() else sealing.public_key()
    context = {"form": form, "push": push, **_grid(staff, muted)}
    return render(request, "notices/preferences.html", context, status=422 if sent else 200)


def _initial(row: NoticePreference | None) -> dict[str, str]:
    quiet = row.quiet if row else ""
    hours = CITY if quiet == "" else NONE if quiet == "-" else OWN
    return {
        "hours": hours,
        "quiet": quiet if hours == OWN else "",
        "digest": row.digest if row else Digest.NOW,
    }


def _offered() -> dict[str, Any]:
    return {key: one for key, one in CHANNELS.items() if Side.STAFF in one.serves}


def _muted(request: HttpRequest) -> set[str]:
    wanted = set(request.POST.getlist("on"))
    return {f"{k}:{c}" for k in Kind.values for c in _offered() if f"{k}:{c}" not in wanted}


def _save(staff: Staff, form: PreferenceForm, muted: set[str]) -> None:
    told = form.cleaned_data
    quiet = {CITY: "", NONE: "-"}.get(told["hours"], told["quiet"])
    act = Act(actor=staff.username, key=str(told["key"]))
    set_notice_preference(staff, muted=muted, quiet=quiet, digest=told["digest"], act=act)


def _grid(staff: Staff, muted: set[str]) -> dict[str, Any]:
    columns = []
    for key, channel in _offered().items():
        # What file is missing is the administrator's business, on his own pages.
        why = _("本市未开通") if channel.off() else ""
        if not why and staff.pk not in channel.reaches([staff.pk]):
            why = _("未登记")
        columns.append({"key": key, "title": channel.title, "why": why})
    rows = [
        {
            "title": label,
            "cells": [
                {
                    "name": f"{kind}:{one['key']}",
                    "on": f"{kind}:{one['key']}" not in muted,
                    "label": f"{label} · {one['title']}",
                }
                for one in columns
            ],
        }
        for kind, label in Kind.choices
    ]
    return {"columns": columns, "rows": rows}
