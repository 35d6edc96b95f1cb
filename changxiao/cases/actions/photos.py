"""照片入卷: a case names photos of the vault, each in a role; the entry lists their hashes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from changxiao.cases.models import Case, CasePhoto
from changxiao.kernel.refused import Refused
from changxiao.ledger import actions as ledger
from changxiao.ledger.media.models import Photo
from changxiao.ledger.models import Entry

MOST = 12  # a report, reliability.md §6.3 step 1


@dataclass(frozen=True, slots=True)
class Spot:
    """拍摄位置 as the browser told it: degrees WGS-84, metres of accuracy. A claim, not a fact."""

    lon: float
    lat: float
    accuracy: float = 0.0

    def __post_init__(self) -> None:
        if not (-180 <= self.lon <= 180 and -90 <= self.lat <= 90 and self.accuracy >= 0):
            message = _("拍摄位置%(lon)s，%(lat)s不可用，请重新定位或不带位置提交")
            values = {"lon": f"{self.lon:.5f}", "lat": f"{self.lat:.5f}"}
            raise Refused("place_unreadable", message % values, field="photos")


@dataclass(frozen=True, slots=True)
class Shown:
    """照片与作用: a stored photo, what it shows of the case (before, after, …), where the browser
    said it was."""

    photo: Photo
    role: str
    spot: Spot | None = None

    def __post_init__(self) -> None:
        if self.role not in CasePhoto.Role.values:
            message = _("照片作用“%(role)s”不存在，可用：%(known)s")
            values = {"role": self.role[:20], "known": "、".join(CasePhoto.Role.values)}
            raise Refused("photo_role", message % values, field="photos")


def attach(case: Case, photos: Sequence[Shown], entry: Entry | None) -> None:
    """入卷: link the photos; the same photo in the same role is linked once."""
    if not photos:
        return
    if len(photos) > MOST:
        message = _("一次最多%(most)d张照片，收到%(n)d张，请分次提交")
        raise Refused("photos_many", message % {"most": MOST, "n": len(photos)}, field="photos")
    rows = [
        CasePhoto(case=case, photo=p.photo, role=p.role, entry=entry, **_place(p)) for p in photos
    ]
    CasePhoto.objects.bulk_create(rows, ignore_conflicts=True)


def listed(photos: Sequence[Shown]) -> dict[str, Any]:
    """照片清单: what the entry says of them: hash, size, type, role; else nothing."""
    told: list[dict[str, Any]] = [
        {"sha256": p.photo.sha256, "bytes": p.photo.bytes, "type": p.photo.type, "role": p.role}
        for p in photos
    ]
    placed = [number for number, p in enumerate(photos) if p.spot is not None]
    # Where somebody stood is personal: the log gets a commitment.
    sealed = ledger.seal_many([json.dumps(_place(photos[n]), sort_keys=True) for n in placed])
    for number, commit in zip(placed, sealed, strict=True):
        told[number]["place"] = commit
    return {"media": told} if told else {}


def _place(shown: Shown) -> dict[str, float]:
    spot = shown.spot
    if spot is None:
        return {}
    return {"lon": spot.lon, "lat": spot.lat, "accuracy": spot.accuracy}
