"""读入 reading: parameters as strangers send them, into ours; an empty one counts as absent.

Refusals name the parameter, what was sent and what would do. No database but the catalogue's
remembered rows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from changxiao.areas.home import home_city
from changxiao.catalog import known
from changxiao.catalog.models import Subcategory
from changxiao.kernel.api import storable
from changxiao.kernel.refused import Refused

_ATTRIBUTE = re.compile(r"attribute\[(?P<code>[^\]]{1,80})\](?P<many>\[\])?")
FIRST_YEAR, LAST_YEAR = 1970, 2200
MOST_IDS = 200
MOST_RADIUS = 50_000.0


@dataclass(frozen=True, slots=True)
class Sent:
    """所发参数: of the query or the form, trimmed, one value each; the last of several wins."""

    fields: QueryDict

    def text(self, name: str, most: int = 4000) -> str:
        """文字; Refused `parameter_unreadable` where no database could hold it."""
        value = (self.fields.get(name) or "").strip()
        if value and (len(value) > most or not storable(value)):
            raise unreadable(name, value, _("最多%(n)d字，不含控制字符") % {"n": most})
        return value

    def texts(self, name: str) -> list[str]:
        """若干: separated by commas, or sent several times."""
        joined = ",".join(self.fields.getlist(name))
        if not storable(joined):
            raise unreadable(name, joined, _("不含控制字符"))
        return [part.strip() for part in joined.split(",") if part.strip()]

    def flag(self, name: str) -> bool:
        """是否; `extensions` may also be a list of names, which asks for them."""
        return self.text(name).lower() not in {"", "0", "false", "no"}

    def number(self, name: str) -> float | None:
        """数, or None where nothing was sent."""
        value = self.text(name, 40)
        if not value:
            return None
        try:
            found = float(value)
        except ValueError:
            found = float("nan")
        if not abs(found) < 1e9:
            raise unreadable(name, value, _("请填数"))
        return found

    def count(self, name: str, default: int, most: int) -> int:
        """正整数, at most `most`."""
        value = self.text(name, 12)
        if not value:
            return default
        if not value.isascii() or not value.isdecimal() or int(value) < 1:
            raise unreadable(name, value, _("请填正整数"))
        return min(int(value), most)

    def moment(self, name: str) -> datetime | None:
        """时间, W3C form with an offset; a date alone begins at midnight UTC."""
        value = self.text(name, 40)
        if not value:
            return None
        # A plus sign that nobody escaped arrives as a blank.
        told = re.sub(r" (\d\d:?\d\d)$", r"+\1", value)
        try:
            found = datetime.fromisoformat(told)
            found = found if found.tzinfo else found.replace(tzinfo=UTC)
            readable = FIRST_YEAR <= found.astimezone(UTC).year <= LAST_YEAR
        except (ValueError, OverflowError):
            readable = False
        if not readable:
            raise unreadable(name, value, _("请写成 2026-03-02T09:00:00+08:00 的样子"))
        return found

    def attributes(self) -> dict[str, list[str]]:
        """附加回答: `attribute[code]=v`, several as `attribute[code][]=v1&attribute[code][]=v2`."""
        found: dict[str, list[str]] = {}
        for name, values in self.fields.lists():
            if hit := _ATTRIBUTE.fullmatch(name):
                taken = values if hit["many"] else values[-1:]
                found.setdefault(hit["code"], []).extend(str(one) for one in taken)
        return {code: values for code, values in found.items() if any(v.strip() for v in values)}


def unreadable(name: str, value: str, why: str) -> Refused:
    """参数不可用."""
    message = _("参数%(name)s的值“%(value)s”不可用：%(why)s")
    shown = value[:40] if storable(value) else ""
    told = {"name": name, "value": shown, "why": why}
    return Refused("parameter_unreadable", message % told, field=name)


def queried(request: HttpRequest) -> Sent:
    """查询参数; Refused("jurisdiction_unknown") for another city's."""
    return _ours(Sent(request.GET))


def posted(request: HttpRequest) -> Sent:
    """表单参数, as `queried`."""
    return _ours(Sent(request.POST))


def _ours(sent: Sent) -> Sent:
    wanted = sent.text("jurisdiction_id", 80)
    if wanted and wanted not in jurisdictions():
        message = _("本接口只管%(city)s（jurisdiction_id 填 %(code)s 或不填），没有“%(wanted)s”")
        city = home_city()
        told = {"city": city.name, "code": city.code, "wanted": wanted[:40]}
        raise Refused("jurisdiction_unknown", message % told, field="jurisdiction_id")
    return sent


def jurisdictions() -> Sequence[str]:
    """本市的辖区名: code and folder."""
    city = home_city()
    return city.code, city.folder.name


def service(code: str) -> Subcategory:
    """服务, by its code (the key of a sub-category); Refused("service_unknown")."""
    found = known.by_key(code)
    if found is None:
        message = _("没有服务“%(code)s”，请从 services 列表中选择") % {"code": code[:40]}
        raise Refused("service_unknown", message, field="service_code")
    return found


def place(sent: Mapping[str, float | None]) -> tuple[float, float] | None:
    """经纬度: both or none. Refused names the missing one, or says that the two are swapped."""
    lon, lat = sent["long"], sent["lat"]
    if lon is None and lat is None:
        return None
    if lon is None or lat is None:
        missing = "long" if lon is None else "lat"
        raise Refused("place_half", _("lat 和 long 须一起给出，缺少 %s") % missing, field=missing)
    west, south, east, north = home_city().bbox
    if west <= lat <= east and south <= lon <= north:
        message = _("经纬度写反了：lat=%(lat)s 像是经度，long=%(lon)s 像是纬度，请对调后重发")
        raise Refused("place_swapped", message % {"lat": lat, "lon": lon}, field="lat")
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        message = _("lat=%(lat)s、long=%(lon)s 不是经纬度（WGS-84 度）")
        raise Refused("place_unreadable", message % {"lat": lat, "lon": lon}, field="lat")
    return lon, lat
