"""研判的筛选: an address becomes a question, and a question an address."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from changxiao.areas.models import District, Subdistrict
from changxiao.cases.models import Channel
from changxiao.catalog import known
from changxiao.evaluation.naming import KINDS, names_of
from changxiao.evaluation.outlook.pivot import DIMENSIONS, MEASURES, NONE, Asked
from changxiao.kernel.day import city_zone
from changxiao.kernel.refused import Refused
from changxiao.kernel.sheets import read_day
from changxiao.orgs.models import Unit

MEASURE_WORDS = {
    "reported": gettext_lazy("上报（件）"),
    "filed": gettext_lazy("立案（件）"),
    "closed": gettext_lazy("结案（件）"),
    "overdue": gettext_lazy("处置曾超期（件）"),
    "hours": gettext_lazy("处置用时中位数（小时）"),
}
ANY = ("", gettext_lazy("不限"))
SHAPE = frozenset({"rows", "columns", "measure", "since", "until", "box", "page", "rank"})
MOST_CODES = 50


def asked_of(query: QueryDict) -> Asked:
    """问什么, from the address. Refused `parameter_unknown`, `parameter_unreadable`,
    `day_unreadable`."""
    for name in query:
        if name not in SHAPE and name not in DIMENSIONS:
            known_names = {"name": name[:40], "known": "、".join((*sorted(SHAPE), *DIMENSIONS))}
            sentence = _("没有筛选条件“%(name)s”：可用 %(known)s。") % known_names
            raise Refused("parameter_unknown", sentence, field=name[:40])
    told = {name: str(value) for name, value in query.items()}
    filters = {
        name: tuple(told[name].split(",")[:MOST_CODES]) for name in DIMENSIONS if told.get(name)
    }
    return Asked(
        city_zone(),
        rows=told.get("rows") or "street",
        columns=told.get("columns", "month"),
        measure=told.get("measure") or "reported",
        filters=filters,
        since=_day(told.get("since")),
        until=_day(told.get("until")),
        box=_box(told.get("box", "")),
    )


def _day(written: str | None) -> date | None:
    return read_day(written) if written else None


def _box(told: str) -> tuple[float, float, float, float] | None:
    if not told:
        return None
    try:
        west, south, east, north = (float(edge) for edge in told.split(","))
        if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
            raise ValueError
    except ValueError:
        sentence = _("范围“%(box)s”读不懂：请从热点列表里选。") % {"box": told[:40]}
        raise Refused("parameter_unreadable", sentence, field="box") from None
    return west, south, east, north


class AskForm(forms.Form):
    """研判的筛选: what stands where, what is counted, and of which cases."""

    rows = forms.ChoiceField(label=gettext_lazy("行"))
    columns = forms.ChoiceField(label=gettext_lazy("列"))
    measure = forms.ChoiceField(label=gettext_lazy("数什么"))
    since = forms.DateField(label=gettext_lazy("上报自"))
    until = forms.DateField(label=gettext_lazy("上报至"))
    district = forms.ChoiceField(label=gettext_lazy("区"))
    street = forms.ChoiceField(label=gettext_lazy("街道"))
    category = forms.ChoiceField(label=gettext_lazy("小类"))
    channel = forms.ChoiceField(label=gettext_lazy("来源"))
    department = forms.ChoiceField(label=gettext_lazy("主办单位"))

    def __init__(self, query: QueryDict, asked: Asked) -> None:
        data = query.dict() | {"rows": asked.rows, "columns": asked.columns}
        super().__init__(data | {"measure": asked.measure}, auto_id="ask_%s")
        dimensions = [(name, KINDS[name]) for name in DIMENSIONS]
        self._choose("rows", dimensions)
        self._choose("columns", [("", gettext_lazy("（不分列）")), *dimensions])
        self._choose("measure", [(name, MEASURE_WORDS[name]) for name in MEASURES])
        self._any("district", District.objects.values_list("code", "name"))
        self._any("street", Subdistrict.objects.values_list("code", "name"))
        rows = known.known().by_key
        self._any("category", ((key, rows[key].label) for key in sorted(rows)))
        self._any("channel", Channel.choices)
        self._any("department", Unit.objects.order_by("path").values_list("code", "name"))
        for name in ("since", "until"):
            self.fields[name].widget = forms.DateInput(attrs={"type": "date"})
        for field in self.fields.values():
            field.required = False
            field.widget.attrs["class"] = "form-control"

    def _choose(self, name: str, choices: Iterable[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(choices)

    def _any(self, name: str, choices: Iterable[tuple[str, Any]]) -> None:
        told = [ANY, *choices]
        asked = self.data.get(name, "")
        if asked not in dict(told):  # several, or one that is gone: it stays what was asked
            told.append((asked, asked.replace(",", "、")))
        self._choose(name, told)


def active(asked: Asked) -> list[tuple[str, str, str]]:
    """在用的筛选: name, its word, its values in words."""
    found = []
    for name, codes in asked.filters.items():
        names = names_of(name, ["" if code == NONE else code for code in codes])
        told = "、".join(names["" if code == NONE else code] for code in codes)
        found.append((name, str(KINDS[name]), told))
    for name, day in (("since", asked.since), ("until", asked.until)):
        if day:
            found.append((name, str(_("上报自") if name == "since" else _("上报至")), f"{day}"))
    if asked.box:
        found.append(("box", str(_("范围")), str(_("一个热点格"))))
    return found
