"""对市民的设置页: templates of answers, and control areas."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from changxiao.catalog import residents, said
from changxiao.catalog.actions import (
    drop_answer_template,
    drop_control_area,
    set_answer_template,
    set_control_area,
)
from changxiao.catalog.actions.base import EDITORS, who
from changxiao.catalog.actions.residents import ALL, ControlDraft
from changxiao.catalog.forms import subject_choices
from changxiao.catalog.models import AnswerTemplate, Category, ControlArea, Edition
from changxiao.catalog.views.base import for_editors, urls
from changxiao.catalog.views.placed import WHERE, PlacedForm, place, subjects
from changxiao.catalog.views.publicity import title as subject_title
from changxiao.kernel.act import Act
from changxiao.kernel.day import today
from changxiao.kernel.refused import Refused
from changxiao.ledger.edits import EditForm, Kind, Page, answer, confirming
from changxiao.ledger.history import Field, State

METHODS = ["GET", "HEAD", "POST"]
DAY = {"type": "date"}
FIELDS = (
    Field("first", gettext_lazy("开始日期")),
    Field("last", gettext_lazy("结束日期")),
    *WHERE,
    Field("sentence", gettext_lazy("告知")),
)


# -- 答复模板 --------------------------------------------------------------------------------------


class AnswerForm(EditForm):
    """答复模板表单."""

    subject = forms.ChoiceField(label=gettext_lazy("对象"))
    result = forms.ChoiceField(
        label=gettext_lazy("结果"), choices=AnswerTemplate.Result.choices, widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=gettext_lazy("答复文字"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=1000,
        help_text=gettext_lazy(
            "可以写 {类别} {地点} {单位} {受理号}，结案时自动填上；发出前还可以改。"
        ),
    )
    field_order = ("subject", "result", "text", "note")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        rows = Category.objects.exclude(edition=Edition.CJT).order_by("kind", "code")
        whole = [(row.key, f"{row.label} {row.code}（{row.get_kind_display()}）") for row in rows]
        self.fields["subject"].choices = [  # type: ignore[attr-defined]
            (ALL, subject_title(ALL)),
            (_("整个大类"), whole),
            *subject_choices(),
        ]


@require_safe
@for_editors
def answers(request: HttpRequest) -> HttpResponse:
    """答复模板: the city's first, then each kind's."""
    rows = [
        {"row": row, "title": subject_title(row.subject)} for row in AnswerTemplate.objects.all()
    ]
    return render(request, "catalog/answer_templates.html", {"rows": rows})


@require_http_methods(METHODS)
@for_editors
def answer_edit(request: HttpRequest, key: str = "") -> HttpResponse:
    """设定答复模板: of one kind and result, or of a new one."""
    row = _template(key) if key else None
    told = {"subject": row.subject, "result": row.result, "text": row.text} if row else {}
    shown = answer_page(key)
    form = AnswerForm(request.POST or None, initial=told or {"subject": ALL}, stream=shown.stream)
    if row is not None:
        form.fields["subject"].disabled = form.fields["result"].disabled = True
    return answer(request, form, shown)


@require_http_methods(METHODS)
@for_editors
def answer_drop(request: HttpRequest, key: str) -> HttpResponse:
    """删除答复模板."""
    row = _template(key)
    return confirming(request, answer_page(key), lambda act: drop_answer_template(row, act=act))


def answer_page(key: str) -> Page:
    """一个答复模板的页面; "" for a new one."""
    return Page(
        title=_("答复模板：%(name)s") % {"name": _title(key)} if key else _("新增答复模板"),
        back=reverse("catalog_answers"),
        stream=f"answer_template:{key}" if key else "",
        fields=said.ANSWER,
        ends=frozenset({"drop_answer_template"}),
        posts=EDITORS,
        name_of=who,
        do=_set_answer,
        effects=lambda _old, new: _sample(new),
        **(urls("answer", key) if key else {}),
    )


def _set_answer(form: AnswerForm, act: Act) -> AnswerTemplate:
    told = form.cleaned_data
    return set_answer_template(told["subject"], told["result"], text=told["text"], act=act)


def _sample(new: State | None) -> list[str]:
    if new is None:
        return [_("以后用上一级的模板；已发出的答复不变")]
    words = {
        "类别": _("道路破损"),
        "地点": _("金砂东路12号"),
        "单位": _("市政道路处"),
        "受理号": "202603020001",
    }
    return [_("例如：%(text)s") % {"text": residents.filled(new["text"], words)}]


def _template(key: str) -> AnswerTemplate:
    subject, _colon, result = key.partition(":")
    row = AnswerTemplate.objects.filter(subject=subject, result=result).first()
    if row is None:
        raise Http404
    return row


def _title(key: str) -> str:
    subject, _colon, result = key.partition(":")
    label = dict(AnswerTemplate.Result.choices).get(result, result)
    return f"{subject_title(subject)} · {label}"


def _put_answer(key: str, state: State | None, act: Act) -> object:
    subject, _colon, result = key.partition(":")
    if state is not None:
        return set_answer_template(subject, result, text=state["text"], act=act)
    row = AnswerTemplate.objects.filter(subject=subject, result=result).first()
    if row is not None:
        drop_answer_template(row, act=act)
    return None


ANSWER_KIND = Kind(answer_page, _put_answer)


# -- 管控区 ----------------------------------------------------------------------------------------


class ControlForm(PlacedForm):
    """管控区表单."""

    first = forms.DateField(label=gettext_lazy("开始日期"), widget=forms.DateInput(attrs=DAY))
    last = forms.DateField(
        label=gettext_lazy("结束日期"),
        required=False,
        widget=forms.DateInput(attrs=DAY),
        help_text=gettext_lazy("头尾两天都算在内；长期有效则留空。"),
    )
    sentence = forms.CharField(
        label=gettext_lazy("告知"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("市民上报时看到这句话：为什么不在这里报，该去哪里。"),
    )
    field_order = ("name", "first", "last", "area", "keys", "sentence", "note")


@require_safe
@for_editors
def controls(request: HttpRequest) -> HttpResponse:
    """管控区: the newest first, with what holds today."""
    day = today()
    rows = [
        {
            "row": row,
            "area": place(row.area_code),
            "subjects": subjects(row.keys),
            "now": row.from_date <= day and (row.to_date is None or day <= row.to_date),
        }
        for row in ControlArea.objects.all()[:200]
    ]
    return render(request, "catalog/control_areas.html", {"rows": rows})


@require_http_methods(METHODS)
@for_editors
def control_edit(request: HttpRequest, key: str = "") -> HttpResponse:
    """设定管控区: one, or a new one."""
    row = _control(key) if key else None
    shown = control_page(key)
    form = ControlForm(request.POST or None, initial=_told(row), stream=shown.stream)
    form.fields["name"].disabled = row is not None
    return answer(request, form, shown)


def _told(row: ControlArea | None) -> dict[str, Any]:
    if row is None:
        return {}
    return {
        "name": row.name,
        "first": row.from_date.isoformat(),
        "last": row.to_date.isoformat() if row.to_date else "",
        "area": row.area_code,
        "keys": " ".join(row.keys),
        "sentence": row.sentence,
    }


@require_http_methods(METHODS)
@for_editors
def control_drop(request: HttpRequest, key: str) -> HttpResponse:
    """取消管控区."""
    row = _control(key)
    return confirming(request, control_page(key), lambda act: drop_control_area(row, act=act))


def control_page(key: str) -> Page:
    """一个管控区的页面; "" for a new one."""
    return Page(
        title=_("管控区：%(name)s") % {"name": key} if key else _("新增管控区"),
        back=reverse("catalog_controls"),
        stream=f"control_area:{key}" if key else "",
        fields=FIELDS,
        ends=frozenset({"drop_control_area"}),
        posts=EDITORS,
        name_of=who,
        do=_set_control,
        effects=lambda _old, _new: [_("只管以后的市民上报；已收到的照常办理")],
        **(urls("control", key) if key else {}),
    )


def _set_control(form: ControlForm, act: Act) -> ControlArea:
    told = form.cleaned_data
    if not form.initial and ControlArea.objects.filter(name=told["name"]).exists():
        message = _("已有管控区“%(name)s”，请换个名称或去修改它") % {"name": told["name"]}
        raise Refused("name_taken", message, field="name")
    draft = ControlDraft(
        first=told["first"],
        last=told["last"],
        sentence=told["sentence"],
        **form.where(),
    )
    return set_control_area(told["name"], draft, act=act)


def _control(key: str) -> ControlArea:
    row = ControlArea.objects.filter(name=key).first()
    if row is None:
        raise Http404
    return row


def _put_control(key: str, state: State | None, act: Act) -> object:
    if state is None:
        row = ControlArea.objects.filter(name=key).first()
        if row is not None:
            drop_control_area(row, act=act)
        return None
    draft = ControlDraft(
        first=date.fromisoformat(state["first"]),
        last=date.fromisoformat(state["last"]) if state["last"] else None,
        sentence=state["sentence"],
        area_code=state["area"],
        keys=state["keys"],
    )
    return set_control_area(key, draft, act=act)


CONTROL_KIND = Kind(control_page, _put_control)
