"""筛选表单: the address bar's filters as a form, and its plain words as `listing` wants them.

People choose days; the list and the API speak moments. The day ends at midnight in the city.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from changxiao.cases import listing, places, subjects
from changxiao.cases.actions.command import HANDLING_KINDS
from changxiao.cases.flow import Stage
from changxiao.cases.forms.widgets import PlainSelect
from changxiao.cases.models import Channel, Satisfaction
from changxiao.kernel.day import city_zone, today
from changxiao.orgs.models import Unit

ANY = ("", gettext_lazy("不限"))
LATE = (ANY, ("1", gettext_lazy("只看超期")), ("0", gettext_lazy("只看未超期")))

TODAY = (ANY, ("today", gettext_lazy("今天到期")))
SILENT = (ANY, ("1", gettext_lazy("超期未回应")))
WAITING = (ANY, ("waiting", gettext_lazy("督办未答复")))
SAID = (ANY, *Satisfaction.choices)
OWED = (ANY, ("1", gettext_lazy("待补录")))
# Set by a figure of another page, not by hand: a field of the form only where it is in use.
SELDOM = {
    "silent": gettext_lazy("回应"),
    "order": gettext_lazy("督办"),
    "owed": gettext_lazy("补录"),
    "satisfaction": gettext_lazy("回访结果"),
    "reported_on": gettext_lazy("上报日"),
    "dispatched_on": gettext_lazy("派遣日"),
    "closed_on": gettext_lazy("结案日"),
    "reworked_on": gettext_lazy("返工日"),
}


class FilterForm(forms.Form):
    """筛选: one field for each filter that a person would set by hand; all may stay empty."""

    stage = forms.ChoiceField(
        label=gettext_lazy("环节"), widget=PlainSelect, choices=[ANY, *Stage.choices]
    )
    overdue = forms.ChoiceField(label=gettext_lazy("时限"), widget=PlainSelect, choices=LATE)
    due = forms.ChoiceField(label=gettext_lazy("到期"), widget=PlainSelect, choices=TODAY)
    unit = forms.ChoiceField(label=gettext_lazy("承办单位"), widget=PlainSelect)
    subcategory = forms.ChoiceField(label=gettext_lazy("小类"), widget=PlainSelect)
    area = forms.ChoiceField(label=gettext_lazy("区域"), widget=PlainSelect)
    channel = forms.ChoiceField(
        label=gettext_lazy("来源"), widget=PlainSelect, choices=[ANY, *Channel.choices]
    )
    since = forms.DateField(label=gettext_lazy("上报自"))
    until = forms.DateField(label=gettext_lazy("上报至"))

    def __init__(self, asked: QueryDict) -> None:
        super().__init__(asked, auto_id="filter_%s")
        day = today()
        units = Unit.objects.on(day).filter(kind__in=HANDLING_KINDS).order_by("path")
        told = list(units.values_list("code", "name", "path"))
        self._choose("unit", [(code, indented(name, path)) for code, name, path in told])
        self._choose("area", places.area_choices())
        self._choose("subcategory", subjects.choices())
        for name, known in (("stage", Stage), ("channel", Channel)):
            self._keep_several(name, dict(known.choices))
        if "," in self.data.get("unit", ""):
            self._keep_several("unit", {code: name for code, name, _path in told})
        for name in ("unit", "area", "subcategory"):
            self._keep_gone(name)
        self._add_seldom()
        for field in self.fields.values():
            field.required = False
        for name in ("since", "until"):
            self.fields[name].widget = forms.DateInput(attrs={"type": "date"})

    def _add_seldom(self) -> None:
        choices = {"silent": SILENT, "order": WAITING, "owed": OWED, "satisfaction": SAID}
        for name, label in SELDOM.items():
            if not self.data.get(name):
                continue
            if name in choices:
                self.fields[name] = forms.ChoiceField(
                    label=label, widget=PlainSelect, choices=choices[name]
                )
            else:
                day = forms.DateInput(attrs={"type": "date"})
                self.fields[name] = forms.DateField(label=label, widget=day)

    def _keep_several(self, name: str, labels: Mapping[str, Any]) -> None:
        # A number of the home page asks for several at once (`stage=a,b`): that stays chosen.
        value, field = self.data.get(name, ""), self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        if "," in value:
            words = "、".join(str(labels.get(one, one)) for one in value.split(","))
            field.choices = [ANY, (value, words), *labels.items()]

    def _keep_gone(self, name: str) -> None:
        # A filter in force whose value the list no longer offers would silently read 不限.
        value, field = self.data.get(name, ""), self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        if value and "," not in value and not field.valid_value(value):
            gone = _("%(value)s（已不在列表中）") % {"value": value[:24]}
            offered: Any = field.choices
            field.choices = [ANY, (value, gone), *list(offered)[1:]]

    def _choose(self, name: str, choices: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [ANY, *choices]

    @property
    def used(self) -> int:
        """已用条件: how many filters are set."""
        return sum(bool(self.data.get(name)) for name in self.fields)


def narrowed(query: QueryDict) -> list[tuple[str, str]]:
    """已用条件: each filter of the address bar that is set, and its value."""
    known = [*FilterForm.base_fields, *SELDOM]
    return [(name, str(query[name])) for name in known if query.get(name)]


def indented(name: str, path: str) -> str:
    """单位, deeper ones set in, as a tree reads in a select."""
    return "\u3000" * max(0, path.count(".") - 1) + name


def wanted(asked: QueryDict) -> dict[str, str]:
    """筛选条件: what `listing.filtered` is asked; days become moments of the city's midnight."""
    found = {name: ",".join(asked.getlist(name)) for name in asked if name not in NOT_FILTERS}
    for name, more in (("since", 0), ("until", 1)):
        if found.get(name):
            found[name] = _midnight(found[name], more)
    return found


NOT_FILTERS = frozenset({"cursor", "q", "page", "case", "all"})


def _midnight(text: str, more: int) -> str:
    try:
        day = date.fromisoformat(text)
        moment = datetime.combine(day + timedelta(days=more), time.min)
    except (ValueError, OverflowError):
        return text  # a moment, or something that `listing` refuses in words
    return moment.replace(tzinfo=city_zone()).isoformat()


def search(words: str) -> Q:
    """搜索: a number or code from its beginning, other words anywhere in the address."""
    words = words.strip()[:60]
    if not words:
        return Q()
    if words.isdigit():
        return Q(number__startswith=words) | Q(code__startswith=words)
    return Q(address__contains=words)


def told(asked: Mapping[str, str]) -> list[tuple[str, str]]:
    """筛选说明: the filters in words, for the head of an export."""
    known = {**dict(Stage.choices), **dict(Channel.choices), "today": _("今天到期")}
    known |= {"waiting": _("督办未答复")}
    titles = {name: str(field.label) for name, field in FilterForm.base_fields.items()}
    titles |= {name: str(label) for name, label in SELDOM.items()}
    found = []
    for name in listing.FILTERS:
        if asked.get(name):
            values = [str(known.get(value, value)) for value in asked[name].split(",")]
            found.append((titles.get(name, _("号码")), "、".join(values)))
    return found
