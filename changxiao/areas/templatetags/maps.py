"""地图标签: what a map on a page must know before it can be drawn, as attributes of its box."""

from django import template
from django.conf import settings
from django.forms.utils import flatatt
from django.templatetags.static import static
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from changxiao.areas import navigation, tiles
from changxiao.areas.locate import locator
from changxiao.kernel.refused import Refused

register = template.Library()


@register.simple_tag
def map_box() -> SafeString:
    """地图框: attributes for `ground.js`; none where no city was set up, and then no map is drawn.

    Addresses are told to the script, for the files of a release have hashed names.
    """
    try:
        known = locator()
    except Refused:
        return SafeString("")
    sheet = tiles.sheets(known)
    pattern = reverse("ground_tile", args=[sheet.edition, 0, 0, 0])
    told = {
        "data-map": True,
        "data-library": static("vendor/maplibre-gl/maplibre-gl.mjs"),
        "data-worker": static("vendor/maplibre-gl/maplibre-gl-worker.mjs"),
        "data-tiles": pattern.replace("0/0/0.pbf", "{z}/{x}/{y}.pbf"),
        "data-first": reverse("ground_first", args=[sheet.edition]),
        "data-deepest": tiles.DEEPEST,
        "data-bounds": ",".join(f"{edge:.4f}" for edge in sheet.bounds),
        "data-words": _words(),
    }
    if settings.MAP_TILES:
        told |= {
            "data-pictures": settings.MAP_TILES,
            "data-pictures-crs": settings.MAP_TILES_CRS,
            "data-shift": static("areas/shift.js"),
            "data-credit": settings.MAP_TILES_CREDIT,
        }
    return flatatt(told)


def _words() -> str:
    """Of the map's own buttons, in the order in which `ground.js` reads them."""
    return "|".join((_("放大"), _("缩小"), _("回到正北"), _("地图")))


@register.simple_tag
def map_links(lon: float, lat: float, name: str) -> list[navigation.Link]:
    """导航链接 to a point: 高德, 百度, 腾讯."""
    return navigation.links(lon, lat, name)
