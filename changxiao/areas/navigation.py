"""导航: a point as an address that opens it in 高德, 百度 or 腾讯, in the datum each speaks. Pure.

Only the point and a word for it leave the city: no number of a case, nobody's name.
"""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urlencode

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from changxiao.kernel.geo import Crs, from_wgs84_many

DIGITS = 6
SOURCE = "changxiao"


class Link(NamedTuple):
    """导航链接: whose map it opens, and the address."""

    title: str | Promise
    url: str


def links(lon: float, lat: float, name: str) -> list[Link]:
    """导航链接 to a WGS-84 point."""
    east, north = _told(lon, lat, Crs.GCJ02)
    amap = {"to": f"{east},{north},{name}", "mode": "car", "src": SOURCE, "callnative": 1}
    tencent = {"type": "drive", "to": name, "tocoord": f"{north},{east}", "referer": SOURCE}
    x, y = _told(lon, lat, Crs.BD09)
    baidu = {"location": f"{y},{x}", "title": name, "content": name, "coord_type": "bd09ll"}
    baidu |= {"output": "html", "src": f"webapp.{SOURCE}"}
    return [
        Link(_("高德"), f"https://uri.amap.com/navigation?{urlencode(amap)}"),
        Link(_("百度"), f"https://api.map.baidu.com/marker?{urlencode(baidu)}"),
        Link(_("腾讯"), f"https://apis.map.qq.com/uri/v1/routeplan?{urlencode(tencent)}"),
    ]


def _told(lon: float, lat: float, crs: Crs) -> tuple[str, str]:
    x, y = from_wgs84_many([lon], [lat], crs)
    return f"{float(x[0]):.{DIGITS}f}", f"{float(y[0]):.{DIGITS}f}"
