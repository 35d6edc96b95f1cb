"""照片入卷: a case names photos of the vault, each in a role; the entry lists their hashes.

A photo that is declared and has not arrived keeps its place: it never holds up the words.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _

from changxiao.cases.models import Case, CasePhoto
from changxiao.cases.models_evidence import AwaitedPhoto
from changxiao.kernel.refused import Refused
from changxiao.ledger import actions as ledger
from changxiao.ledger.media.models import Photo
from changxiao.ledger.media.pdf import PDF
from changxiao.ledger.media.recording import EXTENSIONS as CLIPS
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
class Declared:
    """待传照片 as a manifest names it: its bytes are still on the phone."""

    sha256: str
    bytes: int
    type: str


@dataclass(frozen=True, slots=True)
class Shown:
    """照片与作用: a stored photo or a declared one, what it shows of the case (before, after, …),
    where the browser said it was."""

    photo: Photo | Declared
    role: str
    spot: Spot | None = None

    def __post_init__(self) -> None:
        if self.role not in CasePhoto.Role.values:
            message = _("照片作用“%(role)s”不存在，可用：%(known)s")
            values = {"role": self.role[:20], "known": "、".join(CasePhoto.Role.values)}
            raise Refused("photo_role", message % values, field="photos")
        if self.photo.type == PDF and self.role != CasePhoto.Role.DOCUMENT:
            message = _("PDF 只能作为“%(document)s”，不能作为“%(role)s”，请改传照片")
            values = {"document": _title(CasePhoto.Role.DOCUMENT), "role": _title(self.role)}
            raise Refused("photo_role", message % values, field="photos")
        if (self.photo.type in CLIPS) != (self.role == CasePhoto.Role.RECORDING):
            clip = _title(CasePhoto.Role.RECORDING)
            message = _("录音录像的作用须是“%(clip)s”，照片和材料不能用它")
            raise Refused("photo_role", message % {"clip": clip}, field="photos")

    @property
    def is_picture(self) -> bool:
        """是照片: a paper or a clip shows nothing that an act must have shown."""
        return self.photo.type != PDF and self.photo.type not in CLIPS


def _title(role: str) -> str:
    return str(CasePhoto.Role(role).label)


def attach(case: Case, photos: Sequence[Shown], entry: Entry | None) -> None:
    """入卷: link the photos; the same photo in the same role is linked once."""
    if not photos:
        return
    if len(photos) > MOST:
        message = _("一次最多%(most)d张照片，收到%(n)d张，请分次提交")
        raise Refused("photos_many", message % {"most": MOST, "n": len(photos)}, field="photos")
    rows, awaited = [], []
    for p in photos:
        kept: dict[str, Any] = {"case": case, "role": p.role, "entry": entry, **_place(p)}
        if isinstance(p.photo, Photo):
            rows.append(CasePhoto(photo=p.photo, **kept))
        else:
            awaited.append(AwaitedPhoto(**asdict(p.photo), declared_by=_sender(entry), **kept))
    CasePhoto.objects.bulk_create(rows, ignore_conflicts=True)
    AwaitedPhoto.objects.bulk_create(awaited, ignore_conflicts=True)


def _sender(entry: Entry | None) -> str:
    return entry.actor if entry else ""


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


def shown_of(awaited: AwaitedPhoto, photo: Photo) -> Shown:
    """补到的照片 in the role and at the place in which it was declared."""
    spot = None
    if awaited.lon is not None and awaited.lat is not None:
        spot = Spot(awaited.lon, awaited.lat, awaited.accuracy or 0.0)
    return Shown(photo, awaited.role, spot)
