"""译入 reading: the XML of a callback into what a follower said; no entities, no DTD (defusedxml).

Coordinates come in GCJ-02: Location_X is the latitude, Location_Y the longitude.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from changxiao.kernel.act import NAMESPACE
from changxiao.kernel.api import storable
from changxiao.surfaces.protocols.wechat.sealing import refused

MOST = 64 * 1024  # bytes


@dataclass(frozen=True, slots=True)
class Said:
    """所说: one message of one follower, or an event."""

    sender: str  # openid
    kind: str
    id: str
    made: str
    text: str = ""
    media: str = ""
    event: str = ""
    event_key: str = ""
    lon: str = ""
    lat: str = ""
    label: str = ""

    def key(self, appid: str) -> str:
        """消息键 (reliability.md §6.2, point 9): AppID ‖ MsgId, for events ‖ who, when, what."""
        told = self.id or f"{self.sender}\n{self.made}\n{self.event}\n{self.event_key}"
        return str(uuid.uuid5(NAMESPACE, f"wechat/{appid}\n{told}"))


def parsed(body: bytes) -> Element:
    """XML, without anything that XML can do beside carrying text. Refused("xml_wrong")."""
    if len(body) > MOST:
        raise refused("body_too_large")
    try:
        root: Element = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        raise refused("xml_wrong") from None
    return root


def said(root: Element) -> Said:
    """所说. Refused("message_wrong") where sender, kind or id is no such thing."""

    def text(name: str, most: int = 4000) -> str:
        found = root.findtext(name) or ""
        if not storable(found):
            raise refused("message_wrong")
        return found.strip()[:most]

    made = Said(
        sender=text("FromUserName", 64),
        kind=text("MsgType", 20).lower(),
        id=text("MsgId", 64),
        made=text("CreateTime", 20),
        text=text("Content") or text("Recognition"),
        media=text("MediaId", 200),
        event=text("Event", 40).lower(),
        event_key=text("EventKey", 64),
        lon=text("Location_Y", 24),
        lat=text("Location_X", 24),
        label=text("Label", 200),
    )
    if not made.sender or not made.kind or not (made.id or (made.event and made.made)):
        raise refused("message_wrong")
    return made
