"""通报页的标签: the map of a bulletin in its page."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from changxiao.evaluation.bulletins import map_drawn
from changxiao.evaluation.bulletins.layout import Map

register = template.Library()


@register.simple_tag
def map_svg(one: Map) -> SafeString:
    """地图 as SVG, its legend apart: `map_drawn` escapes what is written on it."""
    return SafeString(map_drawn.svg(one, legend=False))
