"""模板标签: whether this city tells its pages of changes."""

from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag
def has_live() -> bool:
    """有无即时更新; without, a page has no strip that would say it was cut off."""
    return bool(settings.LIVE_URL)
