"""差距任务表单: an answer, a judgement, the choice of shortcomings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from changxiao.evaluation.proving.forms import ProofsForm
from changxiao.ledger.edits import EditForm


class AnswerForm(ProofsForm):
    """答复: what was done, its evidence as files, and where else it lies."""

    proof = forms.CharField(
        label=_("其他证据"),
        required=False,
        max_length=400,
        help_text=_("不便上传的，写明案卷号、文件名称和所在。"),
    )
    field_order = ("note", "files", "proof")

    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files)
        self.fields["note"] = forms.CharField(
            label=_("整改情况"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
        )
        self.order_fields(self.field_order)


class JudgeForm(EditForm):
    """认可或退回."""

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["note"].label = _("办理意见")
        self.fields["note"].help_text = _("退回时必须写明理由。")


class ChooseForm(EditForm):
    """选短板: which ones become tasks."""

    chosen = forms.MultipleChoiceField(
        label=_("短板"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, choices: list[tuple[str, str]], data: Any = None) -> None:
        super().__init__(data)
        self.fields["chosen"].choices = choices  # type: ignore[attr-defined]
        self.fields["note"].label = _("说明")
