"""公开照片页内容: a card of the list, and all that the page of one photo shows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from changxiao.cases import access, public
from changxiao.cases.models import Case, CasePhoto
from changxiao.cases.models_public import PublicPhoto
from changxiao.cases.showing import boxes, listing
from changxiao.catalog import publicity
from changxiao.kernel import scope
from changxiao.ledger.media import public as media
from changxiao.ledger.media import weights
from changxiao.ledger.media.actions import MAY_OPEN
from changxiao.ledger.media.models import Photo
from changxiao.ledger.media.models_public import Detection
from changxiao.ledger.models import Entry
from changxiao.orgs.models import Staff

TITLES: dict[str, str | Promise] = {
    "release_photo": _("看过后公开"),
    "pass_photo": _("自动公开照片"),
    "withhold_photo": _("决定不公开"),
    "hide_photo": _("隐去照片"),
    "put_back_photo": _("放回待看"),
    "hide_clip": _("隐去录音录像"),
    "show_clip": _("恢复录音录像"),
}
BLANK = 2  # rows for who types boxes without a script


@dataclass(frozen=True, slots=True)
class Line:
    """一条经过."""

    title: str | Promise
    who: str
    at: datetime
    boxes: int | None
    reason: str


def photos_of(case: Case) -> list[Photo]:
    """可公开的照片 of a case, each once, in the order in which they came; no documents or clips."""
    rows = case.photos.exclude(role=CasePhoto.Role.DOCUMENT).select_related("photo")
    found = {row.photo_id: row.photo for row in rows.order_by("entry_id", "id")}
    return [photo for photo in found.values() if photo.is_picture]


def card(row: PublicPhoto) -> dict[str, Any]:
    """一张卡片."""
    found = getattr(row.photo, "detection", None)
    return {
        "row": row,
        "words": listing.found_words(found, searched=row.searched),
        "public": hasattr(row.case, "publication"),
    }


def context(case: Case, photo: Photo, drawn: Sequence[boxes.Box] | None) -> dict[str, Any]:
    """照片页内容; `drawn` is a draft that comes back."""
    rows = {
        row.photo_id: row
        for row in PublicPhoto.everything.filter(case=case).select_related("redaction")
    }
    row = rows.get(photo.pk)
    found = Detection.objects.filter(photo=photo).first()
    shown = list(drawn) if drawn is not None else _boxes(row, found)
    photos = photos_of(case)
    state = row.state if row else PublicPhoto.State.WAITING
    posts = set(access.acting_posts(scope.current(), case))
    wide, high = media.size_of(photo)
    preview = reverse("public_photo_preview", args=[case.number, photo.pk])
    return {
        "case": case,
        "photo": photo,
        "row": row,
        "state": state,
        "state_words": PublicPhoto.State(state).label,
        "number": [one.pk for one in photos].index(photo.pk) + 1,
        "siblings": [
            (one, PublicPhoto.State(rows[one.pk].state if one.pk in rows else "waiting"))
            for one in photos
        ],
        "wide": wide,
        "high": high,
        "boxes": shown,
        "blank": range(BLANK),
        "preview": preview,
        "preview_now": f"{preview}?boxes={boxes.line(shown)}",
        "found": listing.found_words(found, searched=bool(found)),
        "detector": found.detector if found else "",
        "installed": bool(weights.installed()),
        "published": hasattr(case, "publication"),
        "shows": hasattr(case, "publication") and public.shows(case),
        "kind_shows": publicity.of(case.subcategory_id).photos != publicity.Photos.NONE,
        "puts_back": state != "hidden" or access.UNHIDES in posts,
        "opens": bool(posts & MAY_OPEN),
        "lines": lines_of(row) if row else [],
    }


def _boxes(row: PublicPhoto | None, found: Detection | None) -> list[boxes.Box]:
    """What a person left, else what was proposed."""
    if row is not None and row.boxes is not None:
        return boxes.of_rows(row.boxes)
    return boxes.of_rows(found.boxes) if found else []


def lines_of(row: PublicPhoto) -> list[Line]:
    """经过, the oldest first."""
    entries = list(Entry.objects.filter(stream=row.stream).order_by("n"))
    actors = {entry.actor for entry in entries}
    names = dict(Staff.objects.filter(username__in=actors).values_list("username", "name"))
    return [_line(entry, names) for entry in entries]


def _line(entry: Entry, names: dict[str, str]) -> Line:
    body = json.loads(entry.body)
    return Line(
        title=TITLES.get(entry.verb, entry.verb),
        who=names.get(entry.actor, ""),
        at=entry.at,
        boxes=len(body["boxes"]) if "boxes" in body else None,
        reason=str(body.get("_act", {}).get("note", "")),
    )
