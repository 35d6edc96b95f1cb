"""照片入卷: a case names photos of the vault, each in a role; the entry lists their hashes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from changxiao.cases.actions.base import admitted, record
from changxiao.cases.models import Case, CasePhoto
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.ledger.media.models import Photo
from changxiao.ledger.models import Entry

MOST = 12  # a report, reliability.md §6.3 step 1


@dataclass(frozen=True, slots=True)
class Shown:
    """照片与作用: a stored photo and what it shows of the case (before, after, …)."""

    photo: Photo
    role: str

    def __post_init__(self) -> None:
        if self.role not in CasePhoto.Role.values:
            message = _("照片作用“%(role)s”不存在，可用：%(known)s")
            values = {"role": self.role[:20], "known": "、".join(CasePhoto.Role.values)}
            raise Refused("photo_role", message % values, field="photos")


def add_photo(case: Case, *, photos: Sequence[Shown], act: Act) -> Case:
    """补充照片: more evidence at any open stage, by anyone who may act on the case."""
    if not photos:
        raise Refused("photos_missing", _("请至少选择一张照片"), field="photos")
    with admitted(case, "add_photo", act) as done:
        row = record(done, body=listed(photos))
        attach(row, photos, row.head)
        return row


def attach(case: Case, photos: Sequence[Shown], entry: Entry | None) -> None:
    """入卷: link the photos; the same photo in the same role is linked once."""
    if not photos:
        return
    if len(photos) > MOST:
        message = _("一次最多%(most)d张照片，收到%(n)d张，请分次提交")
        raise Refused("photos_many", message % {"most": MOST, "n": len(photos)}, field="photos")
    rows = [CasePhoto(case=case, photo=p.photo, role=p.role, entry=entry) for p in photos]
    CasePhoto.objects.bulk_create(rows, ignore_conflicts=True)


def listed(photos: Sequence[Shown]) -> dict[str, Any]:
    """照片清单: what the entry says of them: hash, size, type, role; else nothing."""
    told = [
        {"sha256": p.photo.sha256, "bytes": p.photo.bytes, "type": p.photo.type, "role": p.role}
        for p in photos
    ]
    return {"media": told} if told else {}


def roles_of(case: Case) -> set[str]:
    """已有材料: the roles in which the case already has a photo."""
    return set(case.photos.values_list("role", flat=True))
