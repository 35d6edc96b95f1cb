"""公众所见照片: the pictures of public cases that were released, and the file behind an address."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from django.db.models import QuerySet

from changxiao.cases import public
from changxiao.cases.models import Case, CasePhoto
from changxiao.cases.models_public import Publication, PublicPhoto
from changxiao.cases.public import PublicCase, PublicPicture
from changxiao.catalog import publicity
from changxiao.ledger.media.models_public import Redaction

BEFORE, AFTER = ("before", "near", "far", "confirm"), ("after", "verify")
ORDER = ("before", "near", "far", "confirm", "reading", "after", "verify")


def told(rows: Sequence[Publication]) -> list[PublicCase]:
    """告知, with pictures: one statement more for the whole list."""
    pictures = _of_cases([row.case_id for row in rows])
    return [public.told(row, pictures.get(row.case_id, ())) for row in rows]


def of_case(case: Case) -> tuple[PublicPicture, ...]:
    """一件的公开照片; none while the case itself is not public."""
    if not public.public_cases().filter(case=case).exists():
        return ()
    return _of_cases([case.pk]).get(case.pk, ())


def before_after(numbers: Iterable[str]) -> dict[str, tuple[str, str]]:
    """处置前后: released pictures of those cases, by number; of the public ones that have both."""
    rows = _released().filter(case__number__in=list(numbers))
    rows = rows.filter(case__in=public.public_cases().values("case")).order_by("-id")
    found: dict[str, dict[bool, str]] = {}
    for number, role, sha256 in rows.values_list("case__number", "role", "redaction__sha256"):
        if role in (*BEFORE, *AFTER):  # the earliest of each stands last
            found.setdefault(number, {})[role in AFTER] = sha256
    return {number: (one[False], one[True]) for number, one in found.items() if len(one) == 2}


def _released() -> QuerySet[PublicPhoto]:
    rows = PublicPhoto.everything.filter(state=PublicPhoto.State.RELEASED)
    return rows.exclude(case__subcategory__in=publicity.without_photos())


def _of_cases(keys: Iterable[int]) -> dict[int, tuple[PublicPicture, ...]]:
    rows = _released().filter(case__in=list(keys))
    columns = ("case", "role", "redaction__sha256")
    found: dict[int, list[tuple[int, PublicPicture]]] = {}
    for case, role, sha256 in rows.order_by("id").values_list(*columns):
        words = str(CasePhoto.Role(role).label)
        found.setdefault(case, []).append((ORDER.index(role), PublicPicture(sha256, words)))
    return {
        case: tuple(picture for _place, picture in sorted(some, key=lambda one: one[0]))
        for case, some in found.items()
    }


def file_of(sha256: str, *, thumbnail: bool = False) -> Path | None:
    """公开件 behind an address: only while its photo is released and its case is public."""
    made = Redaction.objects.filter(sha256=sha256).first()
    if made is None:
        return None
    rows = _released().filter(redaction=made)
    shown = public.public_cases().filter(case__in=rows.values("case"))
    return made.file(thumbnail=thumbnail) if shown.exists() else None
