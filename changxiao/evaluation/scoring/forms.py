"""外部得分表单: which scheme and period, the sheet, its lines once more, a decision."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from changxiao.evaluation.forms import last_month
from changxiao.evaluation.models import SchemeVersion
from changxiao.evaluation.rankings.marks import Line
from changxiao.ledger.edits import EditForm

MOST_SIGNS = 2_000_000
_PARTS = {one.name for one in fields(Line)}


class PickForm(forms.Form):
    """选方案和周期."""

    scheme = forms.ChoiceField(label=_("方案"))
    period = forms.RegexField(
        r"^[0-9A-Za-z-]{4,10}$",
        label=_("考核期"),
        help_text=_("2026-10（月）、2026-Q4（季）、2026-W41（周）、2026（年）"),
    )

    def __init__(self, schemes: list[SchemeVersion], today: date, data: Any = None) -> None:
        super().__init__(data)
        choices = [(one.key, one.title) for one in schemes]
        self.fields["scheme"].choices = choices  # type: ignore[attr-defined]
        self.fields["period"].initial = last_month(today)


class UploadForm(forms.Form):
    """上传分数表."""

    use_required_attribute = False
    file = forms.FileField(
        label=_("分数表（xlsx）"),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        help_text=_("先下载模板填写；上传后先预览，不会马上提交。"),
    )


class SubmitForm(EditForm):
    """提交复核: the lines that were previewed, and the name of their file."""

    lines = forms.CharField(widget=forms.HiddenInput, max_length=MOST_SIGNS)
    file_name = forms.CharField(widget=forms.HiddenInput, max_length=120)

    def __init__(self, data: Any = None, **more: Any) -> None:
        super().__init__(data, **more)
        self.fields["note"].label = _("说明")

    def clean_lines(self) -> list[Line]:
        """各行, as `told` wrote them."""
        try:
            rows = json.loads(self.cleaned_data["lines"])
            lines = [Line(**{name: str(row[name]) for name in _PARTS}) for row in rows]
        except (ValueError, TypeError, KeyError):
            raise forms.ValidationError(_("预览的内容不完整，请重新上传")) from None
        return lines


class DecideForm(EditForm):
    """复核、退回、撤回."""

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["note"].label = _("意见")
        self.fields["note"].help_text = _("退回时必须写明理由。")


def told(lines: Sequence[Line]) -> str:
    """各行 as the preview carries them."""
    return json.dumps([asdict(one) for one in lines], ensure_ascii=False)
