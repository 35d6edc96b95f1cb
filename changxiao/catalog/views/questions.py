"""附加问题页: what is asked besides of each kind; edit, drop, history."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from changxiao.catalog import said
from changxiao.catalog.actions import QuestionDraft, drop_question, set_question
from changxiao.catalog.actions.base import EDITORS, who
from changxiao.catalog.editions import by_key
from changxiao.catalog.forms import subject_choices
from changxiao.catalog.models import Question, Subcategory
from changxiao.catalog.views.base import for_editors, from_now, listed, searched, urls
from changxiao.kernel.act import Act
from changxiao.ledger.edits import EditForm, Kind, Page, answer, confirming
from changxiao.ledger.history import State

METHODS = ["GET", "HEAD", "POST"]


class QuestionForm(EditForm):
    """附加问题表单."""

    label = forms.CharField(label=gettext_lazy("问题"), max_length=200, required=False)
    datatype = forms.ChoiceField(label=gettext_lazy("回答类型"), choices=Question.DataType.choices)
    choices = forms.CharField(
        label=gettext_lazy("选项"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("单选、多选才填。每行一项：键:名称，例如 yes:是"),
    )
    required = forms.BooleanField(label=gettext_lazy("必答"), required=False)
    hint = forms.CharField(label=gettext_lazy("怎么答"), required=False, max_length=200)
    order = forms.IntegerField(label=gettext_lazy("次序"), min_value=1, max_value=99, initial=1)
    label_en = forms.CharField(label=gettext_lazy("问题（英文）"), required=False, max_length=200)
    field_order: tuple[str, ...] = (
        "label",
        "datatype",
        "choices",
        "required",
        "hint",
        "order",
        "label_en",
        "note",
    )

    def as_draft(self) -> QuestionDraft:
        """附加问题草案."""
        told = self.cleaned_data
        lines = [line for line in told["choices"].replace("：", ":").splitlines() if line.strip()]
        return QuestionDraft(
            label=told["label"].strip(),
            label_en=told["label_en"].strip(),
            hint=told["hint"].strip(),
            datatype=told["datatype"],
            required=told["required"],
            order=told["order"],
            choices=[[part.strip() for part in line.split(":", 1)] for line in lines],
        )


class NewQuestionForm(QuestionForm):
    """新增附加问题: of which sub-category, under which code."""

    subcategory = forms.ChoiceField(label=gettext_lazy("小类"))
    code = forms.CharField(
        label=gettext_lazy("代码"),
        max_length=40,
        help_text=gettext_lazy("程序用的名字，定下后不改：小写字母、数字和下划线，例如 open_cover"),
    )
    field_order = ("subcategory", "code", *QuestionForm.field_order)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["subcategory"].choices = [("", _("请选择")), *subject_choices()]  # type: ignore[attr-defined]


@require_safe
@for_editors
def questions(request: HttpRequest) -> HttpResponse:
    """附加问题清单."""
    words = searched(request)
    rows = Question.objects.select_related("subcategory")
    if words:
        rows = rows.filter(subcategory__name__icontains=words) | rows.filter(label__icontains=words)
    told = listed(request, rows, order=["subcategory_id", "order", "id"])
    return render(request, "catalog/questions.html", told | {"total": rows.count()})


@require_http_methods(METHODS)
@for_editors
def question_new(request: HttpRequest) -> HttpResponse:
    """新增附加问题."""
    shown = _page("", _("新增附加问题"))

    def do(form: NewQuestionForm, act: Act) -> Question:
        told = form.cleaned_data
        return _set(told["subcategory"], told["code"].strip(), form, act)

    return answer(request, NewQuestionForm(request.POST or None), shown.doing(do))


@require_http_methods(METHODS)
@for_editors
def question_edit(request: HttpRequest, key: str) -> HttpResponse:
    """修改附加问题."""
    shown, row = page(key), _row(key)
    if row is None:
        raise Http404
    names = ("label", "label_en", "hint", "datatype", "required", "order")
    told = {name: getattr(row, name) for name in names}
    told["choices"] = "\n".join(":".join(pair) for pair in row.choices)
    return answer(
        request, QuestionForm(request.POST or None, initial=told, stream=shown.stream), shown
    )


@require_http_methods(METHODS)
@for_editors
def question_drop(request: HttpRequest, key: str) -> HttpResponse:
    """删除附加问题."""
    shown, row = page(key), _row(key)
    if row is None:
        raise Http404
    return confirming(request, shown, lambda act: drop_question(row, act=act))


def page(key: str) -> Page:
    """某附加问题的页面; the key is "e0110:open"."""
    subject_key, _sign, code = key.partition(":")
    values = {"subject": said.label_of(_subject(subject_key)), "code": code}
    return _page(key, _("附加问题：%(subject)s · %(code)s") % values)


def _page(key: str, title: str) -> Page:
    subject_key, _sign, code = key.partition(":")
    return Page(
        title=title,
        back=reverse("catalog_questions"),
        stream=f"question:{key}" if key else "",
        fields=said.QUESTION,
        ends=frozenset({"drop_question"}),
        posts=EDITORS,
        name_of=who,
        do=lambda form, act: _set(subject_key, code, form, act),
        effects=lambda _old, _new: [from_now(), _("已经收到的回答不变，仍在案卷里")],
        **(urls("question", key) if key else {}),
    )


def _set(subject_key: str, code: str, form: QuestionForm, act: Act) -> Question:
    return set_question(_subject(subject_key), code, form.as_draft(), act=act)


def _subject(key: str) -> Subcategory:
    row = by_key(key)
    if row is None:
        raise Http404
    return row


def _row(key: str) -> Question | None:
    subject_key, _sign, code = key.partition(":")
    return Question.objects.filter(subcategory=_subject(subject_key), code=code).first()


def _put(key: str, state: State | None, act: Act) -> object:
    if state is None:
        row = _row(key)
        if row is not None:
            drop_question(row, act=act)
        return None
    subject_key, _sign, code = key.partition(":")
    return set_question(_subject(subject_key), code, QuestionDraft(**state), act=act)


KIND = Kind(page, _put)
