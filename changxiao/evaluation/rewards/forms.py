"""奖惩表单: a decision with its reason, and the second look at it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from changxiao.evaluation.rewards.rules import OUTCOME_WORDS
from changxiao.ledger.edits import EditForm


class DecideHonorForm(EditForm):
    """决定奖惩."""

    outcome = forms.ChoiceField(
        label=_("决定"), choices=list(OUTCOME_WORDS.items()), widget=forms.RadioSelect
    )
    measure = forms.CharField(
        label=_("另作决定的措施"),
        required=False,
        max_length=200,
        help_text=_("选“另作决定”时填写。"),
    )
    field_order = ("outcome", "measure", "note")

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["note"] = forms.CharField(
            label=_("理由"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
        )


class ConfirmHonorForm(EditForm):
    """复核奖惩决定."""

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["note"].label = _("复核意见")
        self.fields["note"].help_text = _("不同意时必须写明理由。")
