"""更正类字段: how the inputs of 更正, 拆分, 并案, 撤回 and 补录 are asked for on a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from changxiao.cases import near, public, rules, subjects
from changxiao.cases.models import CasePhoto
from changxiao.cases.models_public import Publication
from changxiao.cases.near import Near
from changxiao.catalog.models import FilingCriterion

if TYPE_CHECKING:
    from changxiao.cases.forms.fields import Asked

Fields = Mapping[str, forms.Field]
SPLITS = "split"


class AnyChoice(forms.ChoiceField):
    """选择框 whose options htmx may have changed: the domain says what is wrong with a choice."""

    def valid_value(self, value: object) -> bool:
        return isinstance(value, str) and len(value) <= 64


class Suggesting(forms.TextInput):
    """带建议的输入框: a datalist beside the field, without script."""

    template_name = "cases/_suggesting.html"

    def __init__(self, rows: list[tuple[str, str]]) -> None:
        super().__init__(attrs={"list": "suggested", "inputmode": "numeric", "autocomplete": "off"})
        self.rows = rows

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        return super().get_context(name, value, attrs) | {"rows": self.rows}


def subcategory(asked: Asked) -> Fields:
    """小类: of the second problem, or the right one in place of the present."""
    splits = asked.step.verb == SPLITS
    field = AnyChoice(
        label=_("另一问题的小类") if splits else _("小类"),
        choices=[("", _("请选择")), *subjects.choices()],
        initial="" if splits else asked.case.subcategory.key,
        required=splits,
    )
    field.widget.attrs |= {
        "hx-get": reverse("case_criteria"),
        "hx-trigger": "change",
        "hx-target": "#id_criterion",
    }
    return {"subcategory": field}


def criterion(asked: Asked) -> Fields:
    """立案标准 of whatever sub-category is chosen."""
    case = asked.case
    rows = FilingCriterion.objects.of(case.subcategory).select_related("subcategory")
    known = [] if asked.step.verb == SPLITS else list(rows)
    choices = [("", _("不选")), *((row.code, subjects.criterion_words(row)) for row in known)]
    chosen = case.criterion.code if case.criterion and known else ""
    return {
        "criterion": AnyChoice(label=_("立案标准"), choices=choices, initial=chosen, required=False)
    }


def address(asked: Asked) -> Fields:
    """地址; what is published begins without numbers, and empty where the place stays vague."""
    label, initial, help_text = _("地址"), asked.case.address, ""
    if asked.step.verb == "publish":
        label = _("公开地址")
        exact = public.shown_place(asked.case)[2]
        initial = rules.redacted(initial) if exact else ""
        help_text = "" if exact else _("这类问题不公开准确位置，公众只看到街道社区。")
    return {
        "address": forms.CharField(
            label=label, required=False, max_length=200, initial=initial, help_text=help_text
        )
    }


def text(asked: Asked) -> Fields:
    """公开文字: the description to begin with, to be cleared of names and door numbers."""
    held = Publication.objects.filter(case=asked.case).first()
    area = forms.Textarea(attrs={"rows": 3})
    return {
        "text": forms.CharField(
            label=_("公开文字"),
            required=False,
            max_length=4000,
            widget=area,
            initial=held.text if held else rules.redacted(asked.case.description),
            help_text=_("公众看到的就是这段话：请删去姓名、门牌、车牌等能认出人的内容。"),
        )
    }


def lon(asked: Asked) -> Fields:
    """经度."""
    return {"lon": _degrees(_("经度"), asked.case.lon)}


def lat(asked: Asked) -> Fields:
    """纬度."""
    return {"lat": _degrees(_("纬度"), asked.case.lat)}


def _degrees(label: str, initial: float) -> forms.FloatField:
    widget = forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"})
    return forms.FloatField(label=label, required=False, initial=initial, widget=widget)


def description(_asked: Asked) -> Fields:
    """另一问题的描述."""
    area = forms.Textarea(attrs={"rows": 3})
    return {
        "description": forms.CharField(
            label=_("另一问题的描述"), max_length=rules.MOST_DESCRIPTION, widget=area
        )
    }


def shared(asked: Asked) -> Fields:
    """共用照片: those of this case that show the second problem too."""
    rows = asked.case.photos.select_related("photo").order_by("entry_id", "id")
    choices = [(row.photo.sha256, _photo_words(row)) for row in rows]
    if not choices:
        return {}
    return {
        "shared": forms.MultipleChoiceField(
            label=_("一并带去的照片"),
            choices=choices,
            required=False,
            initial=[value for value, _label in choices],
            widget=forms.CheckboxSelectMultiple,
        )
    }


def _photo_words(row: CasePhoto) -> str:
    """The picture itself: four photos of one role have no other name."""
    role = CasePhoto.Role(row.role).label
    picture = '<img class="choice-photo" src="{}" alt="" width="96" loading="lazy"> {}'
    return format_html(picture, row.photo.thumbnail_url, role)


def to(asked: Asked) -> Fields:
    """主案: one of the like cases nearby, or any number typed in."""
    words = _("%(number)s，相距 %(metres)d 米，相似 %(score)d%%")
    rows = [
        (one.case.number, words % _numbers(one)) for one in near.leads(asked.case, timezone.now())
    ]
    return {
        "to": forms.CharField(
            label=_("主案的受理号或案卷号"),
            max_length=32,
            help_text=_("本案卷并入主案后不再单独计时，举报人会收到主案的答复。"),
            widget=Suggesting(rows),
        )
    }


def _numbers(one: Near) -> dict[str, object]:
    return {"number": one.case.number, "metres": one.metres, "score": one.score}


def items(asked: Asked) -> Fields:
    """补录了哪几项."""
    held = asked.case.owed.split(",") if asked.case.owed else []
    choices = [(item.value, item.label) for item in rules.Owed if item.value in held]
    return {
        "items": forms.MultipleChoiceField(
            label=_("补录了哪几项"),
            choices=choices,
            initial=held,
            widget=forms.CheckboxSelectMultiple,
        )
    }


def since(_asked: Asked) -> Fields:
    """从哪一步起撤回, as the undo of several steps at once sends it."""
    return {"since": forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)}


MAKERS: Mapping[str, Callable[[Asked], Fields]] = {
    "subcategory": subcategory,
    "address": address,
    "text": text,
    "lon": lon,
    "lat": lat,
    "description": description,
    "shared": shared,
    "to": to,
    "items": items,
    "since": since,
}
