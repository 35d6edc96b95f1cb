"""设置表单: what an administrator fills in for each kind of row; the verbs say what may be."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from changxiao.catalog.actions import Draft
from changxiao.catalog.editions import by_key
from changxiao.catalog.models import Category, Edition, FilingCriterion, NeedKind, Subcategory
from changxiao.catalog.models.criteria import before_and_after
from changxiao.catalog.models.limited import UNITS
from changxiao.kernel.limits import Limit, parse_amount, parse_unit
from changxiao.ledger.edits import EditForm
from changxiao.orgs.models import ContractSection, Unit

Choices = list[tuple[Any, Any]]


def subject_choices() -> Choices:
    """小类选项: those in use, grouped by category, codes after the names."""
    rows = Subcategory.objects.exclude(edition=Edition.CJT).select_related("category")
    groups: dict[str, Choices] = {}
    for row in rows.order_by("kind", "code", "edition"):
        title = f"{row.category.label}（{row.get_kind_display()}）"
        groups.setdefault(title, []).append((row.key, f"{row.label} {row.code}"))
    return list(groups.items())


class LimitForm(EditForm):
    """带时限的表单: an amount in digits, full-width ones too, and one of the five units."""

    amount = forms.CharField(
        label=_("时限数值"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        help_text=_("写 4 或 1.5 这样的数，最多四位小数。"),
    )
    unit = forms.ChoiceField(
        label=_("时限单位"),
        choices=UNITS,
        help_text=_("紧急工作时、紧急工作日昼夜连续计；工作时、工作日只计工作时间；自然日按日历。"),
    )

    def limit(self) -> Limit:
        """所填时限; Refused names the field."""
        told = self.cleaned_data
        return Limit(parse_amount(told["amount"]), parse_unit(told["unit"]))


class CriterionForm(LimitForm):
    """立案标准表单."""

    subcategory = forms.ChoiceField(label=_("小类"))
    condition = forms.CharField(
        label=_("立案条件"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    grade = forms.ChoiceField(label=_("程度"), choices=FilingCriterion.Grade.choices)
    urgent = forms.BooleanField(
        label=_("紧急"),
        required=False,
        help_text=_("紧急的走快速通道；应急令不停它的计时，系数不放宽它的时限。"),
    )
    closing_condition = forms.CharField(
        label=_("结案条件"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    closing_needs = forms.MultipleChoiceField(
        label=_("结案材料"),
        choices=[(kind.value, kind.label) for kind in NeedKind if kind != NeedKind.READING],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("结案时要有哪些照片或材料。"),
    )
    readings = forms.CharField(
        label=_("结案读数"),
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("每行一项：名称:单位:下限..上限，例如 噪声:dB(A):..55"),
    )
    capture_rule = forms.CharField(
        label=_("采集要求"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("监督员拍照采集时看到的话。"),
    )
    stage = forms.CharField(label=_("阶段名称"), required=False, max_length=40)
    is_first = forms.BooleanField(
        label=_("首阶段"),
        required=False,
        help_text=_("立案时可选的标准；后续阶段不勾，由前一阶段转入。"),
    )
    successor = forms.ChoiceField(
        label=_("后续阶段"),
        required=False,
        help_text=_("分阶段处置时，本阶段完成后转入的标准，例如 围护 → 修复。"),
    )
    condition_en = forms.CharField(
        label=_("立案条件（英文）"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    source = forms.CharField(label=_("出处"), required=False, max_length=200)

    field_order = (
        *("subcategory", "condition", "amount", "unit", "grade", "urgent"),
        *("closing_condition", "closing_needs", "readings", "capture_rule"),
        *("stage", "is_first", "successor", "condition_en", "source", "note"),
    )

    def __init__(self, *args: Any, row: FilingCriterion | None, **more: Any) -> None:
        super().__init__(*args, initial=_initial(row), **more)
        self.fields["subcategory"].choices = [("", _("请选择")), *subject_choices()]  # type: ignore[attr-defined]
        self.fields["successor"].choices = [("", _("没有")), *_later(row)]  # type: ignore[attr-defined]
        # A code stays with its sub-category: cases and rules are found by it.
        self.fields["subcategory"].disabled = row is not None

    def as_draft(self, code: str) -> Draft:
        """立案标准草案."""
        told = self.cleaned_data
        subject = by_key(told["subcategory"])
        assert subject is not None, "the choice was checked"
        return Draft(
            code=code,
            subcategory=subject,
            condition=told["condition"],
            limit=self.limit(),
            grade=told["grade"],
            urgent=told["urgent"],
            closing_condition=told["closing_condition"],
            closing_needs=[*told["closing_needs"], *_readings(told["readings"])],
            capture_rule=told["capture_rule"],
            condition_en=told["condition_en"],
            stage_name=told["stage"],
            is_first=told["is_first"],
            successor=told["successor"],
            source=told["source"],
        )


_READING = f"{NeedKind.READING.value}:"


def _readings(text: str) -> list[str]:
    return [f"{_READING}{line.strip()}" for line in text.splitlines() if line.strip()]


def _initial(row: FilingCriterion | None) -> dict[str, Any]:
    if row is None:
        grade = FilingCriterion.Grade.NORMAL.value
        needs = before_and_after()
        return {"is_first": True, "closing_needs": needs, "unit": "work_hour", "grade": grade}
    return {
        "subcategory": row.subcategory.key,
        "condition": row.condition,
        "amount": f"{row.amount.normalize():f}",
        "unit": row.unit,
        "grade": row.grade,
        "urgent": row.urgent,
        "closing_condition": row.closing_condition,
        "closing_needs": [one for one in row.closing_needs if not one.startswith(_READING)],
        "readings": "\n".join(
            one.removeprefix(_READING) for one in row.closing_needs if one.startswith(_READING)
        ),
        "capture_rule": row.capture_rule,
        "stage": row.stage_name,
        "is_first": row.is_first,
        "successor": row.successor.code if row.successor else "",
        "condition_en": row.condition_en,
        "source": row.source,
    }


def _later(row: FilingCriterion | None) -> Choices:
    """What may follow: other stages of the same sub-category; for a new one, all later stages."""
    rows = FilingCriterion.objects.current()
    if row is None:
        rows = rows.filter(is_first=False)
    else:
        rows = rows.filter(subcategory_id=row.subcategory_id).exclude(code=row.code)
    return [(one.code, f"{one.code} {one.condition}（{one.limit}）") for one in rows]


class ResponsibilityForm(EditForm):
    """责任表单: what × where → who; in an edit the first two stand."""

    subject = forms.CharField(label=_("对象"), max_length=24)
    area = forms.CharField(
        label=_("区域"),
        required=False,
        max_length=80,
        help_text=_("区、街道或社区的名称或代码；全市则留空。"),
    )
    unit = forms.ChoiceField(label=_("责任单位"))
    section = forms.ChoiceField(label=_("标段"), required=False)
    priority = forms.IntegerField(
        label=_("次序"),
        min_value=1,
        max_value=99,
        initial=1,
        help_text=_("同一区域、同一对象有几家时，1 最先。"),
    )
    basis = forms.CharField(
        label=_("依据"), required=False, max_length=200, help_text=_("文件名或会议纪要。")
    )
    since = forms.DateField(
        label=_("起始日期"),
        required=False,
        help_text=_("不填从今天起；可以填以后的日期。"),
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    field_order = ("subject", "area", "unit", "section", "priority", "basis", "since", "note")

    def __init__(self, *args: Any, day: date, fixed: bool = False, **more: Any) -> None:
        super().__init__(*args, **more)
        units = [(one.code, one.name) for one in Unit.objects.on(day).order_by("path")]
        sections = ContractSection.objects.on(day).select_related("contractor")
        contracts = [(str(one.pk), f"{one.contractor.name} · {one.section}") for one in sections]
        self.fields["unit"].choices = [("", _("请选择")), *units]  # type: ignore[attr-defined]
        self.fields["section"].choices = [("", _("没有")), *contracts]  # type: ignore[attr-defined]
        if fixed:
            for name in ("subject", "area", "priority"):
                self.fields[name].disabled = True
            return
        self.fields["subject"] = forms.ChoiceField(
            label=_("对象"),
            choices=[("", _("请选择")), *duty_choices()],
            help_text=_("对象越具体越优先：立案标准、小类、大类。"),
        )
        self.order_fields(self.field_order)


def duty_choices() -> Choices:
    """责任对象: categories, sub-categories, and criteria under their sub-category."""
    categories = Category.objects.exclude(edition=Edition.CJT).order_by("kind", "code")
    whole = [(one.key, f"{one.name} {one.code}（{one.get_kind_display()}）") for one in categories]
    rows = FilingCriterion.objects.current().select_related("subcategory").order_by("code")
    conditions = [
        (one.code, f"{one.subcategory.label}：{one.condition[:30]} {one.code}") for one in rows
    ]
    return [
        (_("大类"), whole),
        *subject_choices(),
        (_("立案标准"), conditions),
    ]
