"""读对方 parsing: another server's answer, JSON or XML, as rows; what cannot be a case is left out.

As other importers do: a row without an id, without coordinates or with a time that is none is
skipped and counted, never guessed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from defusedxml import DefusedXmlException, ElementTree
from django.utils.translation import gettext as _

from changxiao.kernel.api import storable
from changxiao.kernel.refused import Refused


@dataclass(frozen=True, slots=True)
class Foreign:
    """对方案卷."""

    remote: str
    status: str
    notes: str
    service: str
    description: str
    address: str
    lon: float
    lat: float
    requested_at: datetime | None
    updated_at: datetime | None
    media: str


@dataclass(frozen=True, slots=True)
class Answer:
    """对方的回答: rows, and how many were left out."""

    rows: tuple[Foreign, ...]
    skipped: int


def requests(body: bytes, fmt: str) -> Answer:
    """案卷清单; Refused `answer_unreadable` for what is neither."""
    told = rows(body, fmt)
    found = [row for row in map(_foreign, told) if row is not None]
    return Answer(tuple(found), len(told) - len(found))


def rows(body: bytes, fmt: str) -> list[Mapping[str, Any]]:
    """各行 as plain fields: of a JSON list (or one object), or of an XML list's members."""
    try:
        if fmt == "xml":
            return [
                {one.tag: one.text or "" for one in row} for row in ElementTree.fromstring(body)
            ]
        told = json.loads(body)
    except (ValueError, ElementTree.ParseError, DefusedXmlException, RecursionError) as wrong:
        raise _unreadable(str(wrong)) from None
    told = told if isinstance(told, list) else [told]
    return [row for row in told if isinstance(row, dict)]


def given(row: Mapping[str, Any], *names: str) -> str:
    """字段 as text: the first of these names that holds something that can be stored."""
    for name in names:
        value = row.get(name)
        if value not in (None, "") and storable(str(value)):
            return str(value).strip()
    return ""


def _foreign(row: Mapping[str, Any]) -> Foreign | None:
    remote = given(row, "service_request_id")
    try:
        lon, lat = float(given(row, "long", "lon")), float(given(row, "lat"))
        requested, updated = (
            _moment(given(row, f"{n}_datetime")) for n in ("requested", "updated")
        )
    except (ValueError, OverflowError):
        return None
    if not remote or len(remote) > 40 or not (-180 <= lon <= 180 and -90 <= lat <= 90):
        return None
    return Foreign(
        remote=remote,
        status=given(row, "status").lower() or "open",
        notes=given(row, "status_notes")[:1000],
        service=given(row, "service_code"),
        description=given(row, "description")[:4000],
        address=given(row, "address")[:200],
        lon=lon,
        lat=lat,
        requested_at=requested,
        updated_at=updated,
        media=given(row, "media_url")[:1000],
    )


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    found = datetime.fromisoformat(text)
    found = found if found.tzinfo else found.replace(tzinfo=UTC)
    if not 1970 <= found.astimezone(UTC).year <= 2200:
        raise ValueError(text)
    return found


def _unreadable(why: str) -> Refused:
    message = _("对方的回答读不出：%(why)s") % {"why": why[:200]}
    return Refused("answer_unreadable", message)
