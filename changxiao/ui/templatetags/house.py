"""模板标签: icons from the sprite, moments in words, page links that keep the filter."""

from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from changxiao.ui.moments import moment_words

register = template.Library()


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """图标: decoration unless a label is given; names are listed in ui/icons.txt."""
    return _drawn(_sprite(), name, label)


@cache
def _sprite() -> str:
    return static("vendor/icons.svg")


@lru_cache(512)
def _drawn(sprite: str, name: str, label: str) -> SafeString:
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}#{}"></use></svg>',
            label,
            sprite,
            name,
        )
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>', sprite, name
    )


@register.simple_tag(takes_context=True)
def moment(context: dict[str, Any], at: datetime | None) -> SafeString:
    """时刻: words for people, the exact moment on hover and for machines; nothing for None."""
    if at is None:
        return SafeString("")
    now = context.get("now") or timezone.now()
    local = timezone.localtime(at)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        local.isoformat(timespec="seconds"),
        f"{local:%Y-%m-%d %H:%M:%S %z}",
        moment_words(at, now),
    )


@register.simple_tag(takes_context=True)
def address(context: dict[str, Any], **changes: object) -> str:
    """地址: this page's address with some parameters changed; None takes one out."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        if value is None:
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}"
