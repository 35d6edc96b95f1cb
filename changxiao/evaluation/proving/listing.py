"""证据文件的样子: each under a name of ours, with who put it there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath

from django.utils.translation import gettext as _

from changxiao.evaluation.models_proofs import Proof
from changxiao.evaluation.scoring.listing import people
from changxiao.ledger.media.models import Photo


@dataclass(frozen=True, slots=True)
class Shown:
    """一份证据, in words."""

    photo: Photo
    item: str
    name: str
    by: str
    at: datetime


def shown(proofs: Iterable[Proof]) -> list[Shown]:
    """各份证据, in the order they came; one statement beside that of the rows."""
    rows = list(proofs)
    names = people(one.added_by for one in rows)
    return [
        Shown(one.photo, one.item, _name(n, one.photo), names[one.added_by], one.added_at)
        for n, one in enumerate(rows, 1)
    ]


def _name(n: int, photo: Photo) -> str:
    kind = PurePosixPath(photo.url).suffix if photo.is_document else ""
    return _("证据 %(n)d") % {"n": n} + kind


def proofs_of(sheets: Collection[str], titles: Mapping[str, str]) -> list[tuple[str, list[Shown]]]:
    """各项的证据 of these sheets: the item's title, and its files."""
    rows = Proof.objects.filter(sheet__number__in=sheets, item__in=list(titles))
    found: dict[str, list[Shown]] = {}
    for one in shown(rows.select_related("photo").order_by("item", "id")):
        found.setdefault(one.item, []).append(one)
    return [(titles[item], files) for item, files in found.items()]
