"""有地点的设置: rows with a name, an area and sub-categories of their own (时期系数, 管控区)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from changxiao.areas import names
from changxiao.catalog import said, where
from changxiao.catalog.models import Category
from changxiao.ledger.edits import EditForm
from changxiao.ledger.history import Field


def place(code: Any) -> str:
    """区域的说法; the whole city for an empty code."""
    return names.words(str(code)) if code else _("全市")


def subjects(keys: Any) -> str:
    """适用小类的说法; all of them for an empty list."""
    if not keys:
        return _("全部小类")
    kinds = {row.key: row.name for row in Category.objects.exclude(edition="cjt214")}
    return "、".join(kinds.get(key) or said.subject(key) for key in keys)


WHERE = (
    Field("area", gettext_lazy("区域"), place),
    Field("keys", gettext_lazy("适用小类"), subjects),
)


class PlacedForm(EditForm):
    """有地点的设置表单."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=60)
    area = forms.CharField(
        label=gettext_lazy("区域"),
        required=False,
        max_length=80,
        help_text=gettext_lazy("区、街道或社区的名称或代码；全市则留空。"),
    )
    keys = forms.CharField(
        label=gettext_lazy("适用小类"),
        required=False,
        max_length=400,
        help_text=gettext_lazy("小类或大类的代码，如 e0110 或 c01，用空格隔开；全部则留空。"),
    )

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"]).strip()
        if "/" in name:
            raise forms.ValidationError(_("名称里不要用斜线"))
        return name

    def where(self) -> dict[str, Any]:
        """区域与小类 as the verbs take them. Refused where a name means no area."""
        told = self.cleaned_data
        return {
            "area_code": where.area(told["area"]) if told["area"] else "",
            "keys": told["keys"].replace("、", " ").replace(",", " ").split(),
        }
