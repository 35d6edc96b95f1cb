"""名称: what the codes of facts and of ranked groups are called; one statement a kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from changxiao.areas import names
from changxiao.areas.models import Community, District, DutyGrid, Subdistrict
from changxiao.assets.models import Component
from changxiao.cases.flow import Stage
from changxiao.cases.models import Channel
from changxiao.catalog import known
from changxiao.catalog.models import PlaceKind
from changxiao.orgs.models import Staff, Unit

KINDS: Mapping[str, str | Promise] = {
    "district": gettext_lazy("区"),
    "street": gettext_lazy("街道"),
    "community": gettext_lazy("社区"),
    "duty_grid": gettext_lazy("责任网格"),
    "place_kind": gettext_lazy("场所类型"),
    "junction": gettext_lazy("路口"),
    "class": gettext_lazy("大类"),
    "category": gettext_lazy("小类"),
    "channel": gettext_lazy("来源"),
    "department": gettext_lazy("主办单位"),
    "contractor": gettext_lazy("管养单位"),
    "stage": gettext_lazy("环节"),
    "year": gettext_lazy("年"),
    "quarter": gettext_lazy("季"),
    "month": gettext_lazy("月"),
    "week": gettext_lazy("周"),
    "day": gettext_lazy("日"),
    "weekday": gettext_lazy("星期"),
    "hour": gettext_lazy("钟点"),
}
AREAS: Mapping[str, type[Model]] = {
    "district": District,
    "street": Subdistrict,
    "community": Community,
}
UNITS = frozenset({"department", "contractor", "subject"})
_WEEKDAYS = (
    *(gettext_lazy("周一"), gettext_lazy("周二"), gettext_lazy("周三"), gettext_lazy("周四")),
    *(gettext_lazy("周五"), gettext_lazy("周六"), gettext_lazy("周日")),
)

_CHOICES: Mapping[str, Sequence[tuple[Any, Any]]] = {
    "channel": Channel.choices,
    "place_kind": PlaceKind.Kind.choices,
    "stage": Stage.choices,
}


def names_of(kind: str, codes: Iterable[str]) -> dict[str, str]:
    """名称 by code. A code that nothing is known of stands for itself, none at all for 不明."""
    asked = list(dict.fromkeys(codes))
    return {code: code for code in asked} | {"": str(_("（不明）"))} | _known(kind, asked)


def _known(kind: str, codes: list[str]) -> dict[str, str]:
    if kind in AREAS:
        rows = AREAS[kind]._default_manager.filter(code__in=codes)
        return dict(rows.values_list("code", "name"))
    if kind == "duty_grid":
        grids = DutyGrid.objects.filter(code__in=codes).values_list("code", "community__name")
        return {code: f"{name} {code}" for code, name in grids}
    if kind == "person":
        return dict(Staff.objects.filter(username__in=codes).values_list("username", "name"))
    if kind in UNITS:
        return dict(Unit.objects.filter(code__in=codes).values_list("code", "name"))
    return _worded(kind, codes)


def _junctions(codes: list[str]) -> dict[str, str]:
    """路口 where a component of that code stands: its community; else that unit."""
    rows = Component.everything.filter(code__in=codes).values_list("code", "lon", "lat")
    known = names.in_memory()
    places = {
        code: names.words(known.at(lon, lat).community_code) if known else ""
        for code, lon, lat in rows
    }
    found = {
        code: _("%(place)s路口 %(code)s") % {"place": place, "code": code}
        for code, place in places.items()
    }
    return found or dict(Unit.objects.filter(code__in=codes).values_list("code", "name"))


def _worded(kind: str, codes: list[str]) -> dict[str, str]:
    match kind:
        case "junction":
            return _junctions(codes)
        case "category":
            rows = known.known().by_key
            return {code: rows[code].label for code in codes if code in rows}
        case "class":
            return {key[:3]: row.category.label for key, row in known.known().by_key.items()}
        case "weekday":
            return {str(n): str(name) for n, name in enumerate(_WEEKDAYS)}
    return {str(code): str(name) for code, name in _CHOICES.get(kind, ())}
