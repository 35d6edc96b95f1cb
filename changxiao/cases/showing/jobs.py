"""公开照片作业: ask for a look at the photos of a public case; find people in them beforehand."""

from __future__ import annotations

import uuid
from datetime import datetime

from changxiao.cases.models import Case
from changxiao.cases.models_public import PublicPhoto
from changxiao.cases.showing import actions
from changxiao.catalog import publicity
from changxiao.kernel.act import NAMESPACE, Act
from changxiao.kernel.refused import Refused
from changxiao.ledger.media import public as media
from changxiao.ledger.media import weights
from changxiao.ledger.media.models_public import Detection
from changxiao.ledger.models import Entry
from changxiao.ledger.refusals import Replayed

AT_ONCE = 2  # photos a round, of about a second each: entries are ordered in between


def concerns(entry: Entry) -> bool:
    """相关: of a case that is public, something that may have brought photos."""
    if entry.verb != "publish" and '"media"' not in entry.body:
        return False
    number = entry.stream.partition(":")[2]
    return Case.everything.filter(number=number, publication__isnull=False).exists()


def await_look(entry: Entry) -> int:
    """列入待看: the photos of the entry's case, as far as nobody was asked about them."""
    number = entry.stream.partition(":")[2]
    case = Case.everything.filter(number=number, publication__isnull=False).first()
    return actions.await_look(case) if case else 0


def look(now: datetime) -> int:
    """检测待看照片: two a round; one statement where nothing waits."""
    rows = PublicPhoto.everything.filter(searched=False).select_related("photo", "case")
    return sum(_looked(row, now) for row in rows.order_by("asked_at")[:AT_ONCE])


def look_again(_now: datetime) -> int:
    """重新检测: what waits for a person and was searched without a detector, once there is one."""
    if not weights.installed():
        return 0
    rows = PublicPhoto.everything.filter(
        state=PublicPhoto.State.WAITING,
        searched=True,
        photo__detection__detector="",
        photo__detection__fault="",
    )
    return rows.update(searched=False)


def _looked(row: PublicPhoto, now: datetime) -> int:
    try:
        found = media.detect(row.photo, act=_act("detect", row, now))
    except Replayed:
        found = Detection.objects.get(photo=row.photo_id)
    except Refused:
        return 0  # busy: the next round asks again
    PublicPhoto.everything.filter(pk=row.pk).update(searched=True)
    lets = publicity.of(row.case.subcategory_id).photos == publicity.Photos.SURE
    if found.sure and lets and row.state == PublicPhoto.State.WAITING:
        try:
            actions.pass_photo(row, act=_act("pass", row, now))
        except (Refused, Replayed):
            return 1  # a person was faster, or will look
    return 1


def _act(what: str, row: PublicPhoto, now: datetime) -> Act:
    # `searched` is set after the find: killed in between, the same keys find the same answers. The
    # detector is part of them, since it may come later and then the photo is looked at once more.
    by = f"/{installed}" if (installed := weights.installed()) else ""
    key = uuid.uuid5(NAMESPACE, f"{what}/{row.case.number}/{row.photo.sha256}{by}")
    return Act.system("photos", str(key), at=now)
