"""公开件的动作: `detect` says where people are in a photo, `redact` makes a public picture of it.

Step 8 of reliability.md §6.3. Both read the original inside the house and hand it to the cleaning
process; whether anybody may see the result, the room above decides (`cases.actions`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from django.db import transaction

from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.kernel.transactions import writing
from changxiao.kernel.words import gettext as _
from changxiao.ledger import actions as ledger
from changxiao.ledger.media import files, formats, private, refusals, vault
from changxiao.ledger.media.formats import BadPicture
from changxiao.ledger.media.models import Photo
from changxiao.ledger.media.models_public import Detection, Redaction
from changxiao.ledger.media.private import Found, Place

LEAST_SIDE = 4  # pixels: less is a slip of the finger
NOTHING: Found = Found([], "", False)


def size_of(photo: Photo) -> tuple[int, int]:
    """公开尺寸: width and height of this photo's public picture; its boxes are in these pixels."""
    size = (photo.width or 1, photo.height or 1)
    return formats.public_size(size, int(photo.evidence.get("orientation") or 1))


def fitting(photo: Photo, places: Sequence[Sequence[int]]) -> list[Place]:
    """框的核对: each inside the picture, cut at its edges; Refused box_unreadable, box_many."""
    wide, high = size_of(photo)
    if len(places) > private.MOST_BOXES:
        message = _("一张照片最多 %(most)s 个遮挡框，请把相邻的并成大框")
        raise Refused("box_many", message % {"most": private.MOST_BOXES}, field="boxes")
    found = []
    for place in places:
        x, y, width, height = place
        left, top = max(0, x), max(0, y)
        right, bottom = min(wide, x + width), min(high, y + height)
        if right - left < LEAST_SIDE or bottom - top < LEAST_SIDE:
            message = _(
                "遮挡框 %(box)s 不在照片内或小于 %(least)s 像素，"
                "照片宽 %(wide)s、高 %(high)s，请重画"
            )
            told: dict[str, str | int] = {"box": "，".join(map(str, place)), "least": LEAST_SIDE}
            told |= {"wide": wide, "high": high}
            raise Refused("box_unreadable", message % told, field="boxes")
        found.append((left, top, right - left, bottom - top))
    return found


def preview(photo: Photo, places: Sequence[Sequence[int]]) -> bytes:
    """预览: the public picture as it would be; nothing is kept. Refused as `redact`."""
    with refusals.explained():
        return private.redact(_original(photo), fitting(photo, places)).picture


def detect(photo: Photo, *, act: Act) -> Detection:
    """检测照片: look once for faces and plates, in a process of its own; what could not be looked
    at is written down too, so that a person decides. Once more where no detector was installed then
    and one is now. Refused photo_busy: try again later."""
    known = Detection.objects.filter(photo=photo).first()
    if known is not None and not known.unlooked:
        return known
    found, fault = _looked(photo)
    with writing():
        locked = Photo.objects.select_for_update(no_key=True).get(pk=photo.pk)
        known = Detection.objects.filter(photo=photo).first()
        if known is not None and not (known.unlooked and found.detector):
            return known
        locked.head = ledger.append(
            stream=locked.stream,
            verb="detect_photo",
            act=act,
            body={"detector": found.detector, "boxes": found.boxes, "sure": found.sure}
            | ({"fault": fault} if fault else {}),
            head=locked.head,
        )
        locked.save(update_fields=["head"])
        told = {
            "boxes": found.boxes,
            "detector": found.detector,
            "sure": found.sure,
            "fault": fault,
            "head": locked.head,
        }
        made, _new = Detection.objects.update_or_create(photo=photo, defaults=told)
        return made


def _looked(photo: Photo) -> tuple[Found, str]:
    try:
        return private.find(_original(photo)), ""
    except BadPicture as bad:
        if bad.code == "photo_busy":
            raise refusals.refusal(bad.code) from None
        return NOTHING, bad.code
    except Refused as no:
        return NOTHING, no.code


def redact(photo: Photo, places: Sequence[Sequence[int]], *, act: Act) -> Redaction:
    """遮挡照片: the public picture of a photo, made from its original, everything in `places` gone.

    Best called outside a transaction. Raises Refused: box_unreadable, box_many, photo_busy,
    photo_destroyed, photo_damaged.
    """
    boxes = fitting(photo, places)
    with refusals.explained():
        made = private.redact(_original(photo), boxes)
    row = Redaction(
        photo=photo,
        sha256=hashlib.sha256(made.picture).hexdigest(),
        bytes=len(made.picture),
        thumbnail_sha256=hashlib.sha256(made.thumbnail).hexdigest(),
        boxes=[list(box) for box in boxes],
        pipeline=made.pipeline,
    )
    with files.claim(row.sha256) as claim:
        known = Redaction.objects.filter(sha256=row.sha256, photo=photo).first()
        if known is not None:
            return known
        claim.lay()
        files.put(row.file(), made.picture)
        files.put(row.file(thumbnail=True), made.thumbnail)
        return _record(row, len(made.thumbnail), act)


def _record(row: Redaction, thumbnail: int, act: Act) -> Redaction:
    parts = [
        _part("public", row.sha256, row.bytes),
        _part("public_thumbnail", row.thumbnail_sha256, thumbnail),
    ]
    with writing():
        locked = Photo.objects.select_for_update(no_key=True).get(pk=row.photo_id)
        row.head = locked.head = ledger.append(
            stream=locked.stream,
            verb="redact_photo",
            act=act.derive(f"redact/{row.sha256}"),
            body={"media": parts, "boxes": row.boxes, "pipeline": row.pipeline},
            head=locked.head,
        )
        locked.save(update_fields=["head"])
        row.save(force_insert=True)
        path = files.claim_path(row.sha256)
        transaction.on_commit(lambda: path.unlink(missing_ok=True))
        return row


def _part(role: str, sha256: str, size: int) -> dict[str, str | int]:
    return {"role": role, "sha256": sha256, "bytes": size, "type": formats.JPEG}


def _original(photo: Photo) -> bytes:
    if not photo.is_picture:
        raise Refused("photo_document", _("材料和录音录像不是照片，不能公开"))
    try:
        sealed = files.original_path(photo.sha256).read_bytes()
    except OSError:
        raise Refused("photo_missing", _("照片原件读不出，请检查磁盘并从备份恢复")) from None
    return vault.unseal(sealed, photo.sha256)
