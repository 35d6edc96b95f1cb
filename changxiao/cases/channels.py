"""来源的样子: an icon for each channel, always beside its word."""

from __future__ import annotations

from collections.abc import Mapping

ICONS: Mapping[str, str] = {
    "collector": "user-check",
    "public": "device-mobile",
    "hotline": "phone",
    "inspection": "eye",
    "leader": "star",
    "video": "camera",
    "machine": "current-location",
    "open311": "world",
    "sensor": "alarm",
    "media": "file-text",
    "imported": "upload",
    "wechat": "message-circle",
    "upper": "building",
    "letter": "file-text",
}


def icon_of(channel: str) -> str:
    """来源图标; a channel without one of its own has the inbox's."""
    return ICONS.get(channel, "inbox")
