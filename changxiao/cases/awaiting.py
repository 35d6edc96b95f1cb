"""照片补到 awaiting: brings together what a manifest declared and what the phone has sent.

Whichever came first, the pipeline runs once both are there; safe to run twice, and swept by the
worker for whatever a crash left between the two.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q

from changxiao.cases import actions
from changxiao.cases.models_evidence import AwaitedPhoto
from changxiao.kernel import scope
from changxiao.kernel.act import NAMESPACE, Act
from changxiao.kernel.refused import Refused
from changxiao.ledger.media import actions as media
from changxiao.ledger.media import formats, incoming, recording, refusals
from changxiao.ledger.media.models import Photo
from changxiao.ledger.refusals import Replayed

BATCH = 200
# Not the picture's fault: its bytes stay where they are and are tried again.
PASSING = frozenset({"photo_busy", "photo_quota"})
_NAMES = {kind: name for name, kind in formats.EXTENSIONS.items()} | recording.EXTENSIONS


def waiting(owner: str, sha256: str) -> list[AwaitedPhoto]:
    """等着的: the places in cases for which this person declared this content."""
    rows = AwaitedPhoto.objects.filter(
        declared_by=owner, sha256=sha256, state=AwaitedPhoto.State.WAITING
    )
    return list(rows.select_related("case", "case__head").order_by("id"))


def stored(owner: str, sha256: str) -> int:
    """已存: bytes of a photo that this person has brought before, or 0; whoever still waits for it
    gets it."""
    photo = Photo.objects.filter(sha256=sha256, uploaded_by=owner).first()
    if photo is None:
        return 0
    complete(waiting(owner, sha256), photo)
    return photo.bytes


def settle(owner: str, sha256: str) -> None:
    """补到: if the content lies whole with us, store it and give it its places.

    A refusal by the pipeline is kept with the places, which go on waiting: no error leaves here.
    """
    rows = waiting(owner, sha256)
    data = incoming.take(owner, sha256) if rows else None
    if data is None:
        return
    try:
        photo = _stored(rows[0], data)
    except Refused as no:
        _refused(rows, no)
        return
    complete(rows, photo)
    incoming.drop(owner, sha256)


def _stored(row: AwaitedPhoto, data: bytes) -> Photo:
    # The key that an upload by hash has everywhere: a photo is stored once, however it came.
    key = str(uuid.uuid5(NAMESPACE, f"photo/{row.sha256}"))
    act = Act(actor=row.declared_by, key=key)
    name = f"upload.{_NAMES.get(row.type, 'bin')}"
    return media.store(data, declared_type=row.type, name=name, act=act, also=media.CLIPS)


def _refused(rows: Iterable[AwaitedPhoto], no: Refused) -> None:
    for row in rows:
        AwaitedPhoto.objects.filter(pk=row.pk).update(why=no.code)
        if no.code not in PASSING:
            incoming.drop(row.declared_by, row.sha256)


def complete(rows: Iterable[AwaitedPhoto], photo: Photo) -> None:
    """入卷: each place gets its photo; one that was settled meanwhile is left alone."""
    for row in rows:
        act = Act.system("sync", str(uuid.uuid5(NAMESPACE, f"awaited/{row.pk}")))
        try:
            with scope.viewing(scope.system("sync")):
                actions.complete_photo(row, photo=photo, act=act)
        except (Refused, Replayed):
            continue


def missing(number: str) -> list[dict[str, Any]]:
    """还缺的照片 of a case, for whoever sent it: hash, role, and why the last try was refused."""
    rows = AwaitedPhoto.objects.filter(case__number=number, state=AwaitedPhoto.State.WAITING)
    return [
        {"sha256": r.sha256, "role": r.role, "code": r.why, "why": _sentence(r.why)}
        for r in rows.order_by("id")
    ]


def _sentence(code: str) -> str:
    return refusals.refusal(code, quota=media.DAILY_QUOTA).sentence if code else ""


def sweep(now: datetime) -> int:
    """补到清扫: places whose photo is in the vault already, or whose bytes lie whole."""
    rows = AwaitedPhoto.objects.filter(state=AwaitedPhoto.State.WAITING)
    same = {"sha256": OuterRef("sha256"), "uploaded_by": OuterRef("declared_by")}
    there = Q(Exists(Photo.objects.filter(**same))) | Q(sha256__in=incoming.whole())
    pairs = list(rows.filter(there).values_list("declared_by", "sha256").distinct()[:BATCH])
    for owner, sha256 in pairs:
        if not stored(owner, sha256):
            settle(owner, sha256)
    incoming.sweep(now)
    return len(pairs)
