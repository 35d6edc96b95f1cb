"""公众所见 public: the only way from the outside to a case, for the portal and every protocol.

Three things must agree before a stranger reads anything: a person released the case
(`Publication`), the city's rule for its kind says yes at this stage, and what is told here is all
there is: released words, stage, times, the unit, and a place as exact as the rule allows. Nobody's
name, phone or device, no note, and of its photos those that were released (`showing`).
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Case as Either
from django.db.models import F, FloatField, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Concat, Floor

from changxiao.areas import names
from changxiao.cases.flow import ENDS
from changxiao.cases.models import Case
from changxiao.cases.models_public import Publication
from changxiao.catalog import known, publicity
from changxiao.catalog.models import Subcategory
from changxiao.catalog.publicity import Place, View

CELL = 0.0025  # degrees, about 250 m: a coarse place is the middle of such a cell
METRES = 111_195.0  # a degree of latitude
COLUMNS = (
    *("case_id", "text", "address", "published_at", "reported_at"),
    *("case__number", "case__stage", "case__subcategory_id", "case__lon", "case__lat"),
    *("case__district_code", "case__community_code", "case__handle_due_at", "case__ended_at"),
    *("case__rework_count", "case__filed_at"),
    *("case__confirmation", "case__reported_at"),
)


@dataclass(frozen=True, slots=True)
class PublicPicture:
    """公开的照片: the hash that its address holds, and what it shows in a word."""

    sha256: str
    words: str


@dataclass(frozen=True, slots=True)
class PublicCase:
    """公开的案卷: what a stranger may know of one, and nothing that he may not."""

    number: str
    stage: str
    subcategory: Subcategory
    text: str
    address: str
    lon: float | None
    lat: float | None
    unit: str
    reported_at: datetime
    updated_at: datetime
    due_at: datetime | None
    ended_at: datetime | None
    reworked: bool
    filed: bool
    refuted: bool
    duplicate_of: str
    photos: tuple[PublicPicture, ...] = ()


def public_cases() -> QuerySet[Publication]:
    """公开清单: what the public may read now, in one statement led by one index; unordered."""
    # Said so that no index of kinds or stages answers: led by them, both databases read and sort
    # every case ever published (290 ms for a hundred rows of 95,000) to show the newest.
    rows = Publication.objects.alias(
        kind=F("case__subcategory_id") + 0, standing=Concat("case__stage", Value(""))
    )
    now = Q(kind__in=publicity.viewed(View.LIVE))
    over = Q(kind__in=publicity.viewed(View.CLOSED), standing__in=ENDS)
    # Of unit, last entry and lead one column each: as rows of their own they cost twice as much.
    beside = {
        "moved_at": F("case__head__at"),
        "unit_name": F("case__lead_unit__name"),
        "lead_number": F("case__duplicate_of__number"),
    }
    found = rows.filter(now | over).annotate(**beside)
    return found.select_related("case").only(*COLUMNS)


def standing(rows: QuerySet[Publication], stages: Collection[str]) -> QuerySet[Publication]:
    """所处环节: of the public list, said as there, so that its one index still leads."""
    return rows.filter(Q(**{"standing__in": list(stages)}))


def told(row: Publication, photos: tuple[PublicPicture, ...] = ()) -> PublicCase:
    """告知: one released case in the words and the place that were released; `showing.public`
    brings its pictures."""
    case = row.case
    subject = known.by_id(case.subcategory_id)
    lon, lat, exact = shown_place(case)
    address = row.address if exact else _around(case, lon is not None)
    beside = Beside(row.unit_name, row.moved_at, row.lead_number)  # type: ignore[attr-defined]
    return replace(_told(case, subject, (row.text, address), (lon, lat), beside), photos=photos)


def own(case: Case) -> PublicCase:
    """告知举报人: a case as whoever sent it may follow it; the words are those he wrote himself."""
    place = (case.lon, case.lat)
    beside = Beside(
        case.lead_unit.name if case.lead_unit else None,
        case.head.at if case.head else None,
        case.duplicate_of.number if case.duplicate_of else None,
    )
    words = (case.description, case.address)
    return _told(case, known.by_id(case.subcategory_id), words, place, beside)


@dataclass(frozen=True, slots=True)
class Beside:
    """旁列: what stands in other rows: the unit, the last entry, the case that leads."""

    unit: str | None
    moved_at: datetime | None
    lead: str | None


def _told(
    case: Case,
    subject: Subcategory,
    words: tuple[str, str],
    place: tuple[float | None, float | None],
    beside: Beside,
) -> PublicCase:
    return PublicCase(
        number=case.number,
        stage=case.stage,
        subcategory=subject,
        text=words[0],
        address=words[1],
        lon=place[0],
        lat=place[1],
        unit=beside.unit or "",
        reported_at=case.reported_at,
        updated_at=beside.moved_at or case.reported_at,
        due_at=case.handle_due_at,
        ended_at=case.ended_at,
        reworked=case.rework_count > 0,
        filed=case.filed_at is not None,
        refuted=case.confirmation == "refuted",
        duplicate_of=beside.lead or "",
    )


def shown_place(case: Case) -> tuple[float | None, float | None, bool]:
    """公开位置 of a case by the rule of its kind, and whether it is the exact one."""
    place = publicity.of(case.subcategory_id).place
    if place == Place.EXACT:
        return case.lon, case.lat, True
    if place == Place.COARSE:
        return _middle(case.lon), _middle(case.lat), False
    return None, None, False


def _middle(degrees: float) -> float:
    return round((math.floor(degrees / CELL) + 0.5) * CELL, 5)


def _around(case: Case, coarse: bool) -> str:
    code = case.community_code if coarse else case.district_code
    return names.words(code) if code else ""


def shows(case: Case) -> bool:
    """可见: whether the rule of its kind lets the public read a released case at this stage."""
    view = publicity.of(case.subcategory_id).view
    return view == View.LIVE or (view == View.CLOSED and case.stage in ENDS)


def near(
    rows: QuerySet[Publication], lon: float, lat: float, metres: float
) -> QuerySet[Publication]:
    """附近: within so many metres of the place that is *shown*; one that is only roughly told is
    found by its rough place, so that no row of questions closes in on the exact one."""
    east = (_shown("lon") - lon) * (METRES * math.cos(math.radians(lat)))
    north = (_shown("lat") - lat) * METRES
    return rows.alias(far=east * east + north * north).filter(far__lte=metres * metres)


def _shown(name: str) -> Combinable:
    column = F(f"case__{name}")
    middle = (Floor(column / CELL) + 0.5) * CELL
    return Either(
        When(case__subcategory__in=publicity.placed(Place.EXACT), then=column),
        When(case__subcategory__in=publicity.placed(Place.COARSE), then=middle),
        default=Value(None),
        output_field=FloatField(),
    )
