"""照片的动作 actions: `store` takes a photo, paper or clip in, `open_original` an original out.

Steps 1 to 7 of reliability.md §6.3. Blurring faces and plates (step 8) and publishing (step 9) are
not here yet; no picture goes to the public.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any, BinaryIO

from django.db import IntegrityError, transaction
from django.utils import timezone

from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.kernel.transactions import writing
from changxiao.kernel.words import gettext as _
from changxiao.ledger import actions as ledger
from changxiao.ledger.media import (
    files,
    formats,
    pdf,
    recording,
    refusals,
    sandbox,
    vault,
    workbook,
)
from changxiao.ledger.media.exif import Evidence
from changxiao.ledger.media.models import Photo, uploads_since
from changxiao.ledger.media.recording.clip import Clip
from changxiao.ledger.media.sandbox import Cleaned
from changxiao.ledger.refusals import Replayed

MAX_BYTES = 15 * 1024 * 1024
# What a door may take besides photos.
DOCUMENT, RECORDING, SHEET = "document", "recording", "sheet"
PHOTOS_ONLY: frozenset[str] = frozenset()
PAPERS, CLIPS = frozenset({DOCUMENT}), frozenset({RECORDING})
PROOFS = PAPERS | {SHEET}
_CLIPS = {extension: kind for kind, extension in recording.EXTENSIONS.items()}
_TYPES = formats.EXTENSIONS | {"pdf": pdf.PDF, "xlsx": workbook.XLSX} | _CLIPS
_READERS = {pdf.PDF: pdf.parse, workbook.XLSX: workbook.parse}
DAILY_QUOTA = 600  # new photos a person in 24 hours: twelve a report, fifty reports
# The posts that may ask for an original; which cases they may ask about is the room's question.
MAY_OPEN = frozenset({"center_director", "auditor"})


def check(
    data: bytes, *, declared_type: str, name: str, also: frozenset[str] = PHOTOS_ONLY
) -> formats.Header | Clip | None:
    """查验: size, name, type and header of an upload (steps 1–3), before anything is decoded.

    Nothing is answered for a paper; it and a clip are taken where `also` names them. Raises
    Refused: photo_empty, photo_too_large, photo_name, photo_type, photo_broken, photo_animated,
    photo_pixels, photo_costly; document_…, sheet_… and recording_… of the same kinds.
    """
    declared = declared_type.partition(";")[0].strip().lower()
    family = _family(data, declared, also)
    if not data:
        raise refusals.refusal("recording_empty" if family == RECORDING else "photo_empty")
    if len(data) > MAX_BYTES:
        raise refusals.refusal(f"{family}_too_large")
    if len(name) > 255 or not name.isprintable():  # NUL, line breaks, right-to-left tricks
        raise refusals.refusal("photo_name")
    said = _TYPES.get(PurePosixPath(name).suffix[1:].lower(), "")
    if family == RECORDING:
        return _clip(data, declared, said)
    kind = {DOCUMENT: pdf.PDF, SHEET: workbook.XLSX}.get(family) or formats.sniff(data)
    if not kind == declared == said:
        widest = next((one for one in (SHEET, DOCUMENT) if one in also), "photo")
        raise refusals.refusal(f"{widest}_type")
    with refusals.explained():
        if kind not in _READERS:
            return formats.parse(data)
        _READERS[kind](data)
    return None


def _family(data: bytes, declared: str, also: frozenset[str]) -> str:
    """A clip where it was announced as one (a phone's HEIC begins like an MP4), else what it is by
    its first bytes."""
    if RECORDING in also and declared in recording.EXTENSIONS:
        return RECORDING
    if SHEET in also and workbook.sniff(data):
        return SHEET
    return DOCUMENT if DOCUMENT in also and pdf.sniff(data) else "photo"


def _clip(data: bytes, declared: str, said: str) -> Clip:
    """Sound or picture is known only once the tracks were read."""
    with refusals.explained():
        clip = recording.parse(data)
    if not clip.type == declared == said:
        raise refusals.refusal("recording_type")
    return clip


def check_digest(data: bytes, sha256: str) -> None:
    """核对校验值: the bytes that came are those that the manifest named (§6.2, point 4)."""
    if hashlib.sha256(data).hexdigest() != sha256.lower():
        raise refusals.refusal("photo_digest")


def store(
    data: bytes | BinaryIO,
    *,
    declared_type: str,
    name: str,
    act: Act,
    quota: int = DAILY_QUOTA,
    also: frozenset[str] = PHOTOS_ONLY,
) -> Photo:
    """存照片: take one upload through steps 1–7; the same bytes again give the same photo.

    A paper or a clip where `also` names them: looked at instead of cleaned, kept in the vault only.

    Best called outside a transaction: cleaning takes up to some seconds. `quota` is how many new
    photos `act.actor` may bring in 24 hours. Raises Refused (see `check`, and photo_quota,
    photo_busy, document_encrypted, document_active, document_costly); then nothing is kept.
    """
    content = data if isinstance(data, bytes) else data.read(MAX_BYTES + 1)
    header = check(content, declared_type=declared_type, name=name, also=also)
    sha256 = hashlib.sha256(content).hexdigest()
    with files.claim(sha256) as claim:
        known = Photo.objects.filter(sha256=sha256).first()
        if known is not None:
            return known
        at = ledger.legal_time(act)
        if uploads_since(act.actor, at - timedelta(days=1)) >= quota:
            raise refusals.refusal("photo_quota", quota=quota)
        with refusals.explained():
            photo, shown = _made(header, content)
        photo.sha256, photo.bytes = sha256, len(content)
        photo.uploaded_by, photo.created_at = act.actor, at
        claim.lay()
        sealed = vault.seal(content, sha256, at)
        for path, part in zip(photo.paths, (sealed, *shown), strict=True):
            files.put(path, part)
        return _record(photo, shown, act)


def _made(header: formats.Header | Clip | None, content: bytes) -> tuple[Photo, list[bytes]]:
    """The row as far as the content tells it, and what will be shown: two pictures, or nothing."""
    if isinstance(header, Clip):
        told = {**asdict(header), "pipeline": recording.VERSION}
        return Photo(**told, evidence={"source": "recording"}), []
    if header is not None:
        cleaned = sandbox.clean(content)
        return _photo(header, cleaned), [cleaned.rendition, cleaned.thumbnail]
    kind = workbook.XLSX if workbook.sniff(content) else pdf.PDF
    looked = sandbox.look(content, SHEET if kind == workbook.XLSX else DOCUMENT)
    told = {"type": kind, "pages": looked.pages, "pipeline": looked.pipeline}
    return Photo(**told, evidence={"source": "document"}), []


def _photo(header: formats.Header, cleaned: Cleaned) -> Photo:
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


def _record(photo: Photo, shown: Sequence[bytes], act: Act) -> Photo:
    body = _body(photo, shown)
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


def _body(photo: Photo, shown: Sequence[bytes]) -> dict[str, Any]:
    parts = [_part("original", photo.sha256, photo.bytes, photo.type)]
    if photo.is_document:
        return {"media": parts, "pages": photo.pages, "pipeline": photo.pipeline}
    if photo.is_recording:
        clip = {"duration_ms": photo.duration_ms, "sound": photo.sound}
        return {"media": parts, **clip, "pipeline": photo.pipeline}
    rendition, thumbnail = map(len, shown)
    parts += [
        _part("rendition", photo.rendition_sha256, rendition, formats.JPEG),
        _part("thumbnail", photo.thumbnail_sha256, thumbnail, formats.JPEG),
    ]
    size = [photo.width, photo.height]
    return {"media": parts, "size": size, "pipeline": photo.pipeline, "phash": photo.phash}


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
