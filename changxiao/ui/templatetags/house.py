"""模板标签: icons from the sprite, moments in words, page links that keep the filter."""

from datetime import date, datetime, time, tzinfo
from functools import cache, lru_cache
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from changxiao.ui.deadline import Standing
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


@register.simple_tag
def menu_link(row: Any) -> SafeString:
    """菜单链接 of a row with url, title, icon and here: every page draws thirty of the same."""
    return _menu_link(_sprite(), row.url, str(row.title), row.icon, bool(row.here))


@lru_cache(512)
def _menu_link(sprite: str, url: str, title: str, picture: str, here: bool) -> SafeString:
    current = SafeString(' aria-current="page"' if here else "")
    return format_html('<a href="{}"{}>{} {}</a>', url, current, _drawn(sprite, picture, ""), title)


@register.simple_tag(takes_context=True)
def moment(context: dict[str, Any], at: datetime | None) -> SafeString:
    """时刻: words for people, the exact moment on hover and for machines; nothing for None."""
    return SafeString("") if at is None else _moment(at, context.get("now") or timezone.now())


def _moment(at: datetime, now: datetime) -> SafeString:
    """A page says the same moment in its facts, its story and its clocks; it is worded once."""
    zone = timezone.get_current_timezone()
    return _worded(at, timezone.localtime(now, zone).date(), zone, get_language())


@lru_cache(4096)
def _worded(at: datetime, day: date, zone: tzinfo, _language: str | None) -> SafeString:
    local, noon = timezone.localtime(at, zone), datetime.combine(day, time(12), zone)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        local.isoformat(timespec="seconds"),
        f"{local:%Y-%m-%d %H:%M:%S %z}",
        moment_words(at, noon),
    )


@register.simple_tag(takes_context=True)
def deadline(context: dict[str, Any], standing: Standing, due: datetime | None) -> SafeString:
    """时限: what is left in words, the share used as a thin bar, and when it is due if that is
    known. In one go, because a list has twenty of them."""
    drawn = _standing(standing, _sprite(), _("已用时限"))
    if due is None:
        return drawn
    at = _moment(due, context.get("now") or timezone.now())
    return format_html('{}<span class="field-hint">{} {}</span>', drawn, _("应于"), at)


@lru_cache(1024)
def _standing(standing: Standing, sprite: str, label: str) -> SafeString:
    return format_html(
        '<span class="deadline state-{}">{}<span>{}</span>'
        '<progress class="limit" max="100" value="{}" aria-label="{}">{}%</progress></span>',
        standing.state,
        _drawn(sprite, standing.icon, ""),
        standing.words,
        standing.percent,
        label,
        standing.percent,
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
