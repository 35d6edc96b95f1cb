"""时期系数页: 迎检 and festivals: from a day to a day, an area and subjects, a factor on limits."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from changxiao.catalog.actions import drop_overlay, set_overlay
from changxiao.catalog.actions.base import EDITORS, who
from changxiao.catalog.models import PeriodOverlay
from changxiao.catalog.views.base import for_editors, urls
from changxiao.catalog.views.placed import WHERE, PlacedForm, place, subjects
from changxiao.catalog.views.times import factor_of
from changxiao.kernel.act import Act
from changxiao.kernel.day import today
from changxiao.kernel.refused import Refused
from changxiao.ledger.edits import Kind, Page, answer, confirming
from changxiao.ledger.history import Field, State

METHODS = ["GET", "HEAD", "POST"]
FIRST, LAST = date(2000, 1, 1), date(2100, 1, 1)


FIELDS = (
    Field("first", gettext_lazy("开始日期")),
    Field("last", gettext_lazy("结束日期")),
    Field("factor", gettext_lazy("时限系数")),
    *WHERE,
)


class OverlayForm(PlacedForm):
    """时期系数表单."""

    first = forms.DateField(
        label=gettext_lazy("开始日期"), widget=forms.DateInput(attrs={"type": "date"})
    )
    last = forms.DateField(
        label=gettext_lazy("结束日期"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("头尾两天都算在内。"),
    )
    factor = forms.CharField(
        label=gettext_lazy("时限系数"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        help_text=gettext_lazy("处置时限乘以它：0.5 减半，1.5 放宽一半；紧急时限不放宽。"),
    )
    field_order = ("name", "first", "last", "factor", "area", "keys", "note")

    def clean_first(self) -> date:
        return _within(self.cleaned_data["first"])

    def clean_last(self) -> date:
        return _within(self.cleaned_data["last"])


def _within(day: date) -> date:
    if not FIRST <= day < LAST:
        raise forms.ValidationError(_("日期不在 2000 至 2099 年之间，请核对年份"))
    return day


@require_safe
@for_editors
def overlays(request: HttpRequest) -> HttpResponse:
    """时期系数: those that hold and those to come, then those that are over."""
    day = today()
    rows = [
        {
            "row": row,
            "area": place(row.area_code),
            "subjects": subjects(row.keys),
            "standing": _standing(row, day),
        }
        for row in PeriodOverlay.objects.order_by("-to_date", "name")[:200]
    ]
    return render(request, "catalog/overlays.html", {"rows": rows})


def _standing(row: PeriodOverlay, day: date) -> str:
    if row.to_date < day:
        return "over"
    return "coming" if row.from_date > day else "now"


def page(key: str) -> Page:
    """一段时期的页面; "" for a new one."""
    return Page(
        title=_("时期系数：%(name)s") % {"name": key} if key else _("新增时期系数"),
        back=reverse("catalog_overlays"),
        stream=f"overlay:{key}" if key else "",
        fields=FIELDS,
        ends=frozenset({"drop_overlay"}),
        posts=EDITORS,
        name_of=who,
        do=_set,
        effects=lambda _old, new: _effects(key, new),
        **(urls("overlay", key) if key else {}),
    )


def _set(form: OverlayForm, act: Act) -> PeriodOverlay:
    told = form.cleaned_data
    if not form.initial and PeriodOverlay.objects.filter(name=told["name"]).exists():
        message = _("已有时期“%(name)s”，请换个名称或去修改它") % {"name": told["name"]}
        raise Refused("name_taken", message, field="name")
    return set_overlay(
        told["name"],
        days=(told["first"], told["last"]),
        factor=factor_of(told["factor"]),
        **form.where(),
        act=act,
    )


def _effects(key: str, new: State | None) -> list[str]:
    told = [_("已派遣的案卷仍按派遣时的时限；这些日子里派遣的按新系数。")]
    if new is None:
        return told
    first, last = date.fromisoformat(new["first"]), date.fromisoformat(new["last"])
    meets = PeriodOverlay.objects.filter(from_date__lte=last, to_date__gte=first).exclude(name=key)
    for row in meets[:5]:
        if row.area_code.startswith(new["area"]) or new["area"].startswith(row.area_code):
            message = _("与“%(name)s”日子重叠，两个系数相乘：×%(factor)s")
            product = (row.factor * Decimal(new["factor"])).normalize()
            told.append(message % {"name": row.name, "factor": f"{product:f}"})
    return told


@require_http_methods(METHODS)
@for_editors
def overlay_edit(request: HttpRequest, key: str = "") -> HttpResponse:
    """设定时期系数: of one period, or of a new one."""
    row = PeriodOverlay.objects.filter(name=key).first() if key else None
    if key and row is None:
        raise Http404
    shown = page(key)
    form = OverlayForm(request.POST or None, initial=_told(row), stream=shown.stream)
    form.fields["name"].disabled = row is not None
    return answer(request, form, shown)


def _told(row: PeriodOverlay | None) -> dict[str, Any]:
    if row is None:
        return {}
    return {
        "name": row.name,
        "first": row.from_date.isoformat(),
        "last": row.to_date.isoformat(),
        "factor": f"{row.factor.normalize():f}",
        "area": row.area_code,
        "keys": " ".join(row.keys),
    }


@require_http_methods(METHODS)
@for_editors
def overlay_drop(request: HttpRequest, key: str) -> HttpResponse:
    """取消时期系数."""
    row = PeriodOverlay.objects.filter(name=key).first()
    if row is None:
        raise Http404
    return confirming(request, page(key), lambda act: drop_overlay(row, act=act))


def put(key: str, state: State | None, act: Act) -> object:
    """恢复一段时期; None: there was none."""
    if state is None:
        row = PeriodOverlay.objects.filter(name=key).first()
        return drop_overlay(row, act=act) if row else None
    return set_overlay(
        key,
        days=(date.fromisoformat(state["first"]), date.fromisoformat(state["last"])),
        factor=Decimal(state["factor"]),
        area_code=state["area"],
        keys=state["keys"],
        act=act,
    )


KIND = Kind(page, put)
