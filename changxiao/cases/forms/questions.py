"""附加问题的表单: what a sub-category asks besides, as fields of the report form and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from changxiao.cases import subjects
from changxiao.catalog import questions
from changxiao.catalog.models import Question
from changxiao.kernel.day import city_zone

PREFIX = "answer_"
Type = Question.DataType
MOMENT = "%Y-%m-%dT%H:%M"


def fields(key: str) -> dict[str, forms.Field]:
    """附加问题 of a sub-category, by its key; none for a key that means nothing."""
    row = subjects.by_key(key)
    asked = questions.of(row.pk) if row else ()
    return {f"{PREFIX}{one.code}": _field(one) for one in asked}


class QuestionsForm(forms.Form):
    """附加问题 alone, as they come into the form when another sub-category is chosen."""

    def __init__(self, key: str) -> None:
        super().__init__()
        self.fields.update(fields(key))


def given(told: Mapping[str, Any]) -> dict[str, list[str]]:
    """回答, by code, as `questions.answered` reads them; what was left empty is not given."""
    found = {}
    for name, value in told.items():
        if name.startswith(PREFIX) and value:
            found[name.removeprefix(PREFIX)] = _values(value)
    return found


def _values(value: Any) -> list[str]:
    if isinstance(value, datetime):
        return [value.replace(tzinfo=city_zone()).isoformat(timespec="minutes")]
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]


def _field(row: Question) -> forms.Field:
    missing = {"required": _("请回答“%(question)s”") % {"question": row.words}}
    common: dict[str, Any] = {"label": row.words, "help_text": row.hint}
    common |= {"required": row.required, "error_messages": missing}
    choices = [(str(key), str(name)) for key, name in row.choices]
    if row.datatype == Type.ONE:
        return forms.ChoiceField(choices=[("", _("请选择")), *choices], **common)
    if row.datatype == Type.MANY:
        widget: Any = forms.CheckboxSelectMultiple
        return forms.MultipleChoiceField(choices=choices, widget=widget, **common)
    if row.datatype == Type.DATETIME:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT)
        return _Moment(input_formats=[MOMENT], widget=widget, **common)
    area = row.datatype == Type.TEXT
    number = {"inputmode": "decimal"} if row.datatype == Type.NUMBER else {}
    widget = forms.Textarea(attrs={"rows": 2}) if area else forms.TextInput(attrs=number)
    return forms.CharField(max_length=questions.MOST, widget=widget, **common)


class _Moment(forms.DateTimeField):
    """时间, as the clock on the wall says it; the city's zone is put to it afterwards."""

    def to_python(self, value: Any) -> datetime | None:
        if not value:
            return None
        try:
            return datetime.strptime(str(value), MOMENT)
        except ValueError:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None
