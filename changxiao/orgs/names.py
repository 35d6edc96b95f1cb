"""姓名与单位名: finding whom or what somebody wrote; the nearest is offered where nobody is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

from django.db.models import Q
from django.utils.translation import gettext as _

from changxiao.areas.models import Community, District, Subdistrict
from changxiao.kernel.refused import Refused
from changxiao.orgs import rules
from changxiao.orgs.models import Staff, Unit

_LIKE = 0.45  # of two characters one in common is near enough to offer


def nearest(told: str, known: Iterable[str]) -> str:
    """最接近的一个, or "" where nothing is like it."""
    return next(iter(get_close_matches(told, list(known), 1, _LIKE)), "")


def offered(told: str, known: Iterable[str]) -> str:
    """“…，最接近的是…”: the end of a refusal, empty where nothing is near."""
    near = nearest(told, known)
    return _("，最接近的是“%(near)s”") % {"near": near} if near else ""


def person(told: str, *, among: Unit | None = None, field: str = "staff") -> Staff:
    """按姓名或用户名取人: of those who work here; a name borne twice needs unit or user name.

    Refused `person_unknown` (offers the nearest), `person_ambiguous` (lists them).
    """
    words = rules.plain(told)
    rows = Staff.objects.filter(is_active=True).select_related("unit")
    found = list(rows.filter(Q(username__iexact=words) | Q(name=words)))
    own = [one for one in found if one.username.casefold() == words.casefold()]
    inside = [one for one in found if among and one.unit_id == among.pk]
    for choice in (own, inside, found):
        if len(choice) == 1:
            return choice[0]
    if found:
        listed = "、".join(f"{one.name}（{one.username}）" for one in found[:5])
        message = _("有%(n)d人叫“%(name)s”：%(listed)s，请填用户名")
        values = {"n": len(found), "name": words, "listed": listed}
        raise Refused("person_ambiguous", message % values, field=field)
    near = offered(words, rows.values_list("name", flat=True))
    message = _("没有在职人员“%(name)s”%(near)s")
    raise Refused("person_unknown", message % {"name": words[:40], "near": near}, field=field)


def unit(told: str, known: Iterable[Unit], field: str = "unit") -> Unit:
    """按名称或代码取单位. Refused `unit_unknown` (offers the nearest), `unit_ambiguous`."""
    words, rows = rules.plain(told), list(known)
    found = [one for one in rows if words in {one.name, one.code}]
    if len(found) == 1:
        return found[0]
    if found:
        codes = "、".join(one.code for one in found[:5])
        message = _("有几个单位叫“%(name)s”，请填代码：%(codes)s")
        raise Refused("unit_ambiguous", message % {"name": words, "codes": codes}, field=field)
    near = offered(words, (one.name for one in rows))
    message = _("没有单位“%(name)s”%(near)s")
    raise Refused("unit_unknown", message % {"name": words[:40], "near": near}, field=field)


@dataclass(frozen=True)
class Names:
    """名册: codes and user names in words; read when first asked, once a page."""

    @cached_property
    def units(self) -> dict[str, str]:
        return dict(Unit.objects.values_list("code", "name"))

    @cached_property
    def people(self) -> dict[str, str]:
        return dict(Staff.objects.values_list("username", "name"))

    @cached_property
    def areas(self) -> dict[str, str]:
        return {}

    def unit(self, code: object) -> str:
        """单位名称."""
        return self.units.get(str(code), str(code)) if code else ""

    def person(self, username: object) -> str:
        """姓名."""
        return self.people.get(str(username), str(username)) if username else ""

    def area(self, code: object) -> str:
        """区域名称: the whole city for an empty code."""
        told = str(code or "")
        if told not in self.areas:
            self.areas[told] = area_name(told)
        return self.areas[told]


_LEVELS = ((6, District), (9, Subdistrict), (12, Community))


def area_name(code: str) -> str:
    """区域名称: of a district, street or community; the code itself where it is none of them."""
    if not code:
        return _("全市")
    level = next((model for length, model in _LEVELS if length == len(code)), None)
    found = level.objects.filter(code=code).values_list("name", flat=True).first() if level else ""
    return f"{found}（{code}）" if found else code
