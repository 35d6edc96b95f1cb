"""差距任务表单: an answer, a judgement, the choice of shortcomings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from changxiao.ledger.edits import EditForm


class AnswerForm(EditForm):
    """答复: what was done, and where its evidence lies."""

    proof = forms.CharField(
        label=_("整改证据"),
        required=False,
        max_length=400,
        help_text=_("案卷号、照片或文件的名称和所在，如 2026-10 整改照片 3 张。"),
    )
    field_order = ("note", "proof")

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
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
