"""何处 where: an area or a place as an administrator writes it: a name, a code, a grid, a point.

Names are offered where one is nearly right: an officer who types 龙湖区珠池 is not sent away.
"""

from __future__ import annotations

import re
import unicodedata
from difflib import get_close_matches

from django.utils.translation import gettext as _

from changxiao.areas import names
from changxiao.areas.models import UnitGrid
from changxiao.kernel.refused import Refused

_POINT = re.compile(r"(-?\d+(?:\.\d+)?)\s*[,，;；\s]\s*(-?\d+(?:\.\d+)?)")
_CITY = frozenset({"", "全市", "*"})
OFFERED = 3


def area(text: str, *, field: str = "area") -> str:
    """区域代码: of a district, street or community by name or code; "" and 全市 are the whole city.

    Refused `area_unknown`, with the nearest names where there are any.
    """
    wanted = _plain(text)
    if wanted in _CITY:
        return ""
    if wanted in names.names():
        return wanted
    found = _named(wanted)
    if len(found) == 1:
        return found[0]
    raise _unknown(text, found, field)


def place(text: str, *, field: str = "place") -> str:
    """地点所在社区的代码: "116.70,23.36" (WGS-84), a unit grid, a community by name or code.

    Refused `area_unknown`, `outside_city`.
    """
    wanted = _plain(text)
    point = _POINT.fullmatch(wanted)
    known = names.in_memory()
    if point and known is not None:
        return known.at(float(point[1]), float(point[2])).community_code
    grid = UnitGrid.objects.filter(code=wanted).select_related("community").first()
    if grid is not None:
        return grid.community.code
    code = area(wanted, field=field) if wanted else ""
    if code not in set(names.communities()):
        inside = [one for one in names.communities() if code and one.startswith(code)]
        raise _unknown(text, inside[:OFFERED], field)
    return code


def _named(wanted: str) -> list[str]:
    """The codes that the words name: whole names first, then endings, then any part."""
    known = {code: _plain(name) for code, name in names.names().items()}
    for fits in (str.__eq__, str.endswith, str.__contains__):
        found = [code for code, name in known.items() if fits(name, wanted)]
        if found:
            return found
    return []


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip()


def _unknown(text: str, found: list[str], field: str) -> Refused:
    if not found and _plain(text):
        found = [code for code in names.names() if code.startswith(_plain(text))]
    near = [names.words(code) for code in found[:OFFERED]] or get_close_matches(
        _plain(text), list(names.names().values()), OFFERED, 0.4
    )
    if not near:
        message = _("没有叫“%(text)s”的区域：请写区、街道或社区的名称或代码")
        return Refused("area_unknown", message % {"text": text[:40]}, field=field)
    message = _("“%(text)s”不能确定是哪里，是不是：%(near)s")
    values = {"text": text[:40], "near": "、".join(near)}
    return Refused("area_unknown", message % values, field=field)
