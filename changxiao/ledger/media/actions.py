"""照片的动作 actions: `store` takes a photo in, `open_original` takes its original out.

Steps 1 to 7 of reliability.md §6.3. Blurring faces and plates (step 8) and publishing (step 9) are
not here yet; no picture goes to the public.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import PurePosixPath
from typing import BinaryIO

from django.db import IntegrityError, transaction
from django.utils import timezone

from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.kernel.transactions import writing
from changxiao.kernel.words import gettext as _
from changxiao.ledger import actions as ledger
from changxiao.ledger.media import files, formats, refusals, sandbox, vault
from changxiao.ledger.media.exif import Evidence
from changxiao.ledger.media.models import Photo, uploads_since
from changxiao.ledger.media.sandbox import Cleaned
from changxiao.ledger.refusals import Replayed

MAX_BYTES = 15 * 1024 * 1024
DAILY_QUOTA = 600  # new photos a person in 24 hours: twelve a report, fifty reports
# The posts that may ask for an original; which cases they may ask about is the room's question.
MAY_OPEN = frozenset({"center_director", "auditor"})


def check(data: bytes, *, declared_type: str, name: str) -> formats.Header:
    """查验: size, name, type and header of an upload (steps 1–3), before anything is decoded.

    Raises Refused: photo_empty, photo_too_large, photo_name, photo_type, photo_broken,
    photo_animated, photo_pixels, photo_costly.
    """
    if not data:
        raise refusals.refusal("photo_empty")
    if len(data) > MAX_BYTES:
        raise refusals.refusal("photo_too_large")
    if len(name) > 255 or not name.isprintable():  # NUL, line breaks, right-to-left tricks
        raise refusals.refusal("photo_name")
    said = formats.EXTENSIONS.get(PurePosixPath(name).suffix[1:].lower(), "")
    declared = declared_type.partition(";")[0].strip().lower()
    if not formats.sniff(data) == declared == said:
        raise refusals.refusal("photo_type")
    with refusals.explained():
        return formats.parse(data)


def check_digest(data: bytes, sha256: str) -> None:
    """核对校验值: the bytes that came are those that the manifest named (§6.2, point 4)."""
    if hashlib.sha256(data).hexdigest() != sha256.lower():
        raise refusals.refusal("photo_digest")


def store(
    data: bytes | BinaryIO, *, declared_type: str, name: str, act: Act, quota: int = DAILY_QUOTA
) -> Photo:
    """存照片: take one upload through steps 1–7; the same bytes again give the same photo.

    Best called outside a transaction: cleaning takes up to some seconds. `quota` is how many new
    photos `act.actor` may bring in 24 hours. Raises Refused (see `check`, and photo_quota,
    photo_busy); then nothing is kept.
    """
    content = data if isinstance(data, bytes) else data.read(MAX_BYTES + 1)
    header = check(content, declared_type=declared_type, name=name)
    sha256 = hashlib.sha256(content).hexdigest()
    with files.claim(sha256) as claim:
        known = Photo.objects.filter(sha256=sha256).first()
        if known is not None:
            return known
        at = ledger.legal_time(act)
        if uploads_since(act.actor, at - timedelta(days=1)) >= quota:
            raise refusals.refusal("photo_quota", quota=quota)
        with refusals.explained():
            cleaned = sandbox.clean(content)
        photo = _photo(header, cleaned, act.actor, at)
        photo.sha256, photo.bytes = sha256, len(content)
        claim.lay()
        files.put(files.original_path(sha256), vault.seal(content, sha256, at))
        files.put(photo.file(), cleaned.rendition)
        files.put(photo.file(thumbnail=True), cleaned.thumbnail)
        return _record(photo, cleaned, act)


def _photo(header: formats.Header, cleaned: Cleaned, actor: str, at: datetime) -> Photo:
    evidence = cleaned.evidence
    return Photo(
        type=header.type,
        width=header.width,
        height=header.height,
        rendition_sha256=hashlib.sha256(cleaned.rendition).hexdigest(),
        rendition_bytes=len(cleaned.rendition),
        thumbnail_sha256=hashlib.sha256(cleaned.thumbnail).hexdigest(),
        pipeline=cleaned.pipeline,
        phash=cleaned.phash,
        taken_at=_taken_at(evidence),
        lon=Decimal(evidence.lon) if evidence.lon else None,
        lat=Decimal(evidence.lat) if evidence.lat else None,
        evidence={"source": "exif", **asdict(evidence)},
        uploaded_by=actor,
        created_at=at,
    )


def _taken_at(evidence: Evidence) -> datetime | None:
    # A camera that names no offset is taken to show the city's time; `evidence` tells which it was.
    if not evidence.taken:
        return None
    try:
        moment = datetime.fromisoformat(evidence.taken + evidence.offset)
        return moment if moment.tzinfo else timezone.make_aware(moment)
    except (ValueError, OverflowError):
        return None


def _record(photo: Photo, cleaned: Cleaned, act: Act) -> Photo:
    body = {
        "media": [
            _part("original", photo.sha256, photo.bytes, photo.type),
            _part("rendition", photo.rendition_sha256, photo.rendition_bytes, formats.JPEG),
            _part("thumbnail", photo.thumbnail_sha256, len(cleaned.thumbnail), formats.JPEG),
        ],
        "size": [photo.width, photo.height],
        "pipeline": photo.pipeline,
        "phash": photo.phash,
    }
    try:
        with writing():
            # Where somebody stood and what phone they hold is personal: the log gets a commitment.
            body["evidence"] = ledger.seal(json.dumps(photo.evidence, sort_keys=True))
            photo.head = ledger.append(
                stream=photo.stream,
                verb="store_photo",
                act=act.derive(f"store/{photo.sha256}"),
                body=body,
                head=None,
                at=photo.created_at,
            )
            photo.save(force_insert=True)
            path = files.claim_path(photo.sha256)
            transaction.on_commit(lambda: path.unlink(missing_ok=True))
    except (IntegrityError, Refused, Replayed):
        # Another transaction was storing the same content and has committed first: one photo.
        known = Photo.objects.filter(sha256=photo.sha256).first()
        if known is None:
            raise
        return known
    return photo


def _part(role: str, sha256: str, size: int, kind: str) -> dict[str, str | int]:
    return {"role": role, "sha256": sha256, "bytes": size, "type": kind}


def open_original(photo: Photo, act: Act, reason: str) -> bytes:
    """调阅原件: the original's bytes, after an entry says who opened it and why.

    Raises Refused: not_yours (a post that may not), photo_reason, photo_destroyed, photo_damaged.
    Whether this photo's case is theirs to see, the calling room has asked.
    """
    reason = reason.strip()
    if act.post not in MAY_OPEN:
        raise Refused("not_yours", _("原始照片仅限监督中心主任和审计员调阅，请向其提出申请"))
    if len(reason) < 4:
        raise refusals.refusal("photo_reason")
    with writing():
        locked = Photo.objects.select_for_update(no_key=True).get(pk=photo.pk)
        original = vault.unseal(files.original_path(locked.sha256).read_bytes(), locked.sha256)
        check_digest(original, locked.sha256)
        locked.head = ledger.append(
            stream=locked.stream,
            verb="open_original",
            act=act,
            body={"reason": reason},
            head=locked.head,
        )
        locked.save(update_fields=["head"])
    return original
