"""环节时限与区域等级页: how long a desk may take over its step, and where limits are multiplied."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from changxiao.areas import names
from changxiao.catalog import said, timetable, where
from changxiao.catalog.actions import (
    drop_stage_limit,
    end_area_grade,
    set_area_grade,
    set_stage_limit,
)
from changxiao.catalog.actions.base import EDITORS, who
from changxiao.catalog.forms import LimitForm
from changxiao.catalog.models import AreaGrade, ClockStage, StageLimit
from changxiao.catalog.views.base import for_editors, from_now, urls
from changxiao.kernel.act import Act
from changxiao.kernel.api import storable
from changxiao.kernel.limits import parse_amount, parse_limit
from changxiao.kernel.refused import Refused
from changxiao.ledger.edits import EditForm, Kind, Page, answer, confirming
from changxiao.ledger.history import State
from changxiao.orgs.models import Unit

METHODS = ["GET", "HEAD", "POST"]


class StageForm(LimitForm):
    """环节时限表单."""

    window = forms.ChoiceField(
        label=gettext_lazy("作息"),
        choices=Unit.WindowKind.choices,
        help_text=gettext_lazy("工作时、工作日按哪种作息计。"),
    )
    field_order = ("amount", "unit", "window", "note")


@require_safe
@for_editors
def stages(request: HttpRequest) -> HttpResponse:
    """环节时限: each stage, ordinary and urgent."""
    rows = {(row.stage, row.urgent): row for row in StageLimit.objects.all()}
    told = []
    for stage, title in ClockStage.choices:
        for urgent in (False, True):
            limit, window = timetable.stage_limit(stage, urgent=urgent)
            told.append(
                {
                    "title": title,
                    "urgent": urgent,
                    "key": _key(stage, urgent),
                    "limit": limit,
                    "window": said.window(window),
                    "own": (stage, urgent) in rows,
                }
            )
    return render(request, "catalog/stages.html", {"rows": told})


def _key(stage: str, urgent: bool) -> str:
    return f"{stage}:{'urgent' if urgent else 'normal'}"


@require_http_methods(METHODS)
@for_editors
def stage_edit(request: HttpRequest, key: str) -> HttpResponse:
    """修改环节时限."""
    shown = stage_page(key)
    stage, urgent = _read(key)
    limit, window = timetable.stage_limit(stage, urgent=urgent)
    told = {
        "amount": f"{limit.amount.normalize():f}",
        "unit": limit.unit.value,
        "window": window,
    }
    form = StageForm(request.POST or None, initial=told, stream=shown.stream)
    return answer(request, form, shown)


def _read(key: str) -> tuple[str, bool]:
    stage, _colon, kind = key.partition(":")
    if stage not in ClockStage.values or kind not in {"urgent", "normal"}:
        raise Http404
    return stage, kind == "urgent"


def stage_page(key: str) -> Page:
    """某环节的页面; the key is "reported:normal"."""
    stage, urgent = _read(key)
    title = _("%(stage)s环节时限（紧急）") if urgent else _("%(stage)s环节时限")
    return Page(
        title=title % {"stage": ClockStage(stage).label},
        back=reverse("catalog_stages"),
        stream=f"stage_limit:{key}",
        fields=said.STAGE,
        ends=frozenset({"drop_stage_limit"}),
        posts=EDITORS,
        name_of=who,
        do=lambda form, act: set_stage_limit(
            stage,
            limit=form.limit(),
            urgent=urgent,
            window_kind=form.cleaned_data["window"],
            act=act,
        ),
        effects=lambda _old, _new: [
            from_now(),
            _("已经进入这个环节的案卷仍按进入时的时限"),
        ],
        **urls("stage", key),
    )


def _put_stage(key: str, state: State | None, act: Act) -> object:
    stage, urgent = _read(key)
    if state is None:
        for row in StageLimit.objects.filter(stage=stage, urgent=urgent):
            drop_stage_limit(row, act=act)
        return None
    limit = parse_limit(state["limit"])
    return set_stage_limit(stage, limit=limit, urgent=urgent, window_kind=state["window"], act=act)


class GradeForm(EditForm):
    """区域等级表单."""

    area = forms.CharField(
        label=gettext_lazy("区域"),
        max_length=80,
        help_text=gettext_lazy("区、街道或社区的名称或代码；全市写“全市”。"),
    )
    grade = forms.CharField(label=gettext_lazy("等级"), max_length=40)
    factor = forms.CharField(
        label=gettext_lazy("时限系数"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        help_text=gettext_lazy("处置时限乘以它：0.5 减半，1.5 放宽一半；紧急时限不放宽。"),
    )
    field_order = ("area", "grade", "factor", "note")


@require_safe
@for_editors
def grades(request: HttpRequest) -> HttpResponse:
    """区域等级: those in force, whole city first."""
    rows = AreaGrade.objects.filter(until_date__isnull=True).order_by("area_code")
    told = [
        {
            "row": row,
            "key": row.area_code or "*",
            "area": names.words(row.area_code) if row.area_code else _("全市"),
        }
        for row in rows
    ]
    return render(request, "catalog/grades.html", {"rows": told})


@require_http_methods(METHODS)
@for_editors
def grade_edit(request: HttpRequest, key: str = "") -> HttpResponse:
    """设定区域等级: of one area, or of one still to be named."""
    row = _open_grade(key) if key else None
    if key and row is None:
        raise Http404
    shown = grade_page(key)
    told = {"area": key, "grade": row.grade, "factor": f"{row.factor.normalize():f}"} if row else {}
    form = GradeForm(request.POST or None, initial=told, stream=shown.stream)
    form.fields["area"].disabled = row is not None
    return answer(request, form, shown)


@require_http_methods(METHODS)
@for_editors
def grade_end(request: HttpRequest, key: str) -> HttpResponse:
    """取消区域等级."""
    row = _open_grade(key)
    if row is None:
        raise Http404
    return confirming(request, grade_page(key), lambda act: end_area_grade(row, act=act))


def _open_grade(key: str) -> AreaGrade | None:
    area = "" if key == "*" else key
    return AreaGrade.objects.filter(area_code=area, until_date__isnull=True).first()


def grade_page(key: str) -> Page:
    """某区域等级的页面; the key is the area's code, "*" for the whole city, "" for a new one."""
    if key and not storable(key):
        raise Http404
    place = _("全市") if key == "*" else names.words(key)
    return Page(
        title=_("区域等级：%(area)s") % {"area": place} if key else _("新增区域等级"),
        back=reverse("catalog_grades"),
        stream=f"area_grade:{key}" if key else "",
        fields=said.GRADE,
        ends=frozenset({"end_area_grade"}),
        posts=EDITORS,
        name_of=who,
        do=_set_grade,
        effects=lambda _old, _new: [
            from_now(),
            _("已派遣的案卷仍按派遣时的时限；以后派遣的按新系数"),
        ],
        **(urls("grade", key) if key else {}),
    )


def _set_grade(form: GradeForm, act: Act) -> AreaGrade:
    told = form.cleaned_data
    return set_area_grade(
        where.area(told["area"]), grade=told["grade"], factor=factor_of(told["factor"]), act=act
    )


def factor_of(text: str) -> Decimal:
    """时限系数, as a number. Refused `factor_unreadable`."""
    try:
        return parse_amount(text)
    except (Refused, InvalidOperation):
        message = _("时限系数“%(factor)s”不是数字：请写 0.5 或 1.2 这样的数")
        raise Refused("factor_unreadable", message % {"factor": text}, field="factor") from None


def _put_grade(key: str, state: State | None, act: Act) -> object:
    if state is None:
        row = _open_grade(key)
        return end_area_grade(row, act=act) if row else None
    area = "" if key == "*" else key
    return set_area_grade(area, grade=state["grade"], factor=Decimal(state["factor"]), act=act)


STAGE_KIND = Kind(stage_page, _put_stage)
GRADE_KIND = Kind(grade_page, _put_grade)
