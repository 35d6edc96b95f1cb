"""导入观测的表单: a file to look through, then what was read of it, to be imported."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from changxiao.ledger.edits import EditForm

MOST_SIGNS = 2_000_000


class FileForm(forms.Form):
    """选表."""

    use_required_attribute = False
    file = forms.FileField(
        label=_("观测表（xlsx 或 CSV）"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        help_text=_("先下载模板填写；上传后先预览，不会马上导入。"),
    )


class ImportForm(EditForm):
    """导入: carries the cells that were previewed; they are read once more."""

    cells = forms.CharField(widget=forms.HiddenInput, max_length=MOST_SIGNS, strip=False)
    file_name = forms.CharField(widget=forms.HiddenInput, max_length=120)

    def __init__(self, data: Any = None, **more: Any) -> None:
        super().__init__(data, **more)
        self.fields["note"].label = _("说明")
        self.fields["note"].help_text = _("哪一轮抽签、哪家第三方、怎样观测的。")

    def clean_cells(self) -> list[list[str]]:
        """各格, as the preview wrote them."""
        try:
            rows = json.loads(self.cleaned_data["cells"])
            return [[str(cell) for cell in row] for row in rows]
        except (ValueError, TypeError):
            raise forms.ValidationError(_("预览的内容不完整，请重新上传")) from None
