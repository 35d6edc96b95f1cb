"""列疑点 flagging: reads one entry of a case with its photos, asks the rules, raises what is odd.

Called by the worker after the entry is ordered, so that no verb waits for it. Safe to run twice.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import reduce
from operator import or_

from django.db.models import Q

from changxiao.cases import likeness
from changxiao.cases.actions.flags import Found, raise_flag
from changxiao.cases.models import Case, CasePhoto
from changxiao.cases.models_evidence import LastSeen, PhotoPrint
from changxiao.cases.plausible import Claim, FlagKind, Limits, Oddity, Stand, of_pace, of_photo
from changxiao.catalog import policy
from changxiao.kernel.act import NAMESPACE, Act
from changxiao.kernel.geo import Point
from changxiao.ledger.media.models import Photo
from changxiao.ledger.models import Entry
from changxiao.orgs.posts import Post

# A collector who takes one of these stands at the place of the case.
STANDING = frozenset({"report", "confirm", "refute", "verify", "rework", "handle_on_spot"})
SIDES = {CasePhoto.Role.AFTER: CasePhoto.Role.BEFORE, CasePhoto.Role.BEFORE: CasePhoto.Role.AFTER}
NAMES = ("band_a", "band_b", "band_c", "band_d")


def concerns(entry: Entry) -> bool:
    """有关: it brings photos, or a collector says with it where he stands. Asks no database."""
    return entry.stream.startswith("case:") and ("media" in entry.data or _stands(entry))


def _stands(entry: Entry) -> bool:
    return entry.verb in STANDING and entry.act.get("post") == Post.COLLECTOR


def flag(entry: Entry) -> int:
    """列疑点: how many were raised on this entry."""
    case = Case.everything.filter(number=entry.stream.partition(":")[2]).first()
    if case is None:
        return 0
    photos = list(CasePhoto.objects.filter(entry=entry).select_related("photo"))
    limits = _limits()
    found = [*_of_photos(case, entry, photos, limits), *_of_pace(case, entry, photos, limits)]
    return sum(
        raise_flag(case, entry, found=one, act=_act(entry, one)) is not None for one in found
    )


def _act(entry: Entry, found: Found) -> Act:
    key = uuid.uuid5(NAMESPACE, found.stream(entry))
    return Act.system("evidence", str(key))


def _limits() -> Limits:
    return Limits(
        exif_browser_m=policy.number("flag_exif_browser_m"),
        pin_m=policy.number("flag_pin_m"),
        taken_hours=policy.number("flag_taken_hours"),
        speed_kmh=policy.number("flag_speed_kmh"),
        editors=tuple(policy.text("flag_editors").lower().split()),
    )


# -- photos ----------------------------------------------------------------------------------------


def _of_photos(
    case: Case, entry: Entry, photos: Sequence[CasePhoto], limits: Limits
) -> Iterator[Found]:
    seen: set[int] = set()
    for row in photos:
        if row.photo_id in seen:
            continue  # one picture in two roles is odd once
        seen.add(row.photo_id)
        for odd in of_photo(_claim(case, entry, row), limits):
            yield Found(odd, row.photo)
        reused = _elsewhere(case, [row.photo_id])
        if reused:
            yield Found(Oddity(FlagKind.REUSED), row.photo, reused.photo, reused.case)
        elif row.photo.is_picture and row.role != CasePhoto.Role.DOCUMENT:  # papers look alike
            yield from _copies(case, row.photo, entry.at)
        if row.photo.is_picture:  # else no likeness to ask
            yield from _unchanged(case, row)
            remember(row.photo, entry.at)


def _claim(case: Case, entry: Entry, row: CasePhoto) -> Claim:
    photo = row.photo
    paper = row.role == CasePhoto.Role.DOCUMENT
    return Claim(
        pin=None if paper else Point(case.lon, case.lat),
        recorded_at=entry.at,
        camera=_camera(photo),
        browser=None if row.lon is None or row.lat is None else Point(row.lon, row.lat),
        taken_at=photo.taken_at,
        software=str(photo.evidence.get("software", "")),
    )


def _camera(photo: Photo) -> Point | None:
    place = photo.position
    return None if place is None else Point(float(place[0]), float(place[1]))


def _elsewhere(case: Case, photo_ids: Sequence[int]) -> CasePhoto | None:
    rows = CasePhoto.objects.filter(photo_id__in=photo_ids).exclude(case=case)
    return rows.select_related("photo", "case").order_by("id").first()


def _copies(case: Case, photo: Photo, at: datetime) -> Iterator[Found]:
    most = policy.number("flag_copy_bits")
    since = at - timedelta(days=policy.number("flag_copy_days"))
    for bits, key in alike(photo, most=most, since=since):
        known = _elsewhere(case, [key])
        if known is not None:
            odd = Oddity(FlagKind.NEAR_COPY, Decimal(bits), Decimal(most))
            yield Found(odd, photo, known.photo, known.case)
            return


def alike(photo: Photo, *, most: int, since: datetime) -> list[tuple[int, int]]:
    """近似照片: (differing bits, photo id) of the photos known since then, the nearest first."""
    bits = likeness.bits_of(photo.phash)
    if not likeness.telling(bits):
        return []
    values = zip(NAMES, likeness.bands(bits), strict=True)
    meets = (Q(**{f"{name}__in": likeness.near(band)}) for name, band in values)
    rows = PhotoPrint.objects.filter(reduce(or_, meets), at__gte=since).exclude(photo=photo)
    known = ((key, likeness.unsigned(told)) for key, told in rows.values_list("photo_id", "bits"))
    return likeness.closest(bits, known, min(most, likeness.MOST))


def remember(photo: Photo, at: datetime) -> None:
    """记住指纹: once a photo, from the first case it was put into."""
    bits = likeness.bits_of(photo.phash)
    if likeness.telling(bits):
        told = dict(zip(NAMES, likeness.bands(bits), strict=True))
        PhotoPrint.objects.get_or_create(
            photo=photo, defaults={"bits": likeness.signed(bits), "at": at, **told}
        )


def _unchanged(case: Case, row: CasePhoto) -> Iterator[Found]:
    facing = SIDES.get(CasePhoto.Role(row.role))
    if facing is None:
        return
    most = policy.number("flag_unchanged_bits")
    for other in case.photos.filter(role=facing).select_related("photo").order_by("id"):
        bits = row.photo.distance(other.photo)
        if bits <= most:
            odd = Oddity(FlagKind.UNCHANGED, Decimal(bits), Decimal(most))
            yield Found(odd, row.photo, other.photo, case)
            return


# -- people ----------------------------------------------------------------------------------------


def _of_pace(
    case: Case, entry: Entry, photos: Sequence[CasePhoto], limits: Limits
) -> Iterator[Found]:
    if not _stands(entry):
        return
    told = [Point(p.lon, p.lat) for p in photos if p.lon is not None and p.lat is not None]
    place = (told or [Point(case.lon, case.lat)])[0]
    now = Stand(entry.occurred_at or entry.at, place)
    last = LastSeen.objects.filter(actor=entry.actor).first()
    if last is not None and last.entry_id == entry.pk:
        return
    if last is not None:
        before = Stand(last.at, Point(last.lon, last.lat))
        yield from (Found(odd) for odd in of_pace(before, now, limits))
    LastSeen.objects.update_or_create(
        actor=entry.actor,
        defaults={"entry": entry, "at": now.at, "lon": place.lon, "lat": place.lat},
    )
