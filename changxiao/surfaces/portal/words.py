"""市民端用词: a released case as a line for a neighbour, and a place as it was asked."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.utils.translation import gettext as _

from changxiao.cases.flow import ENDS, Stage
from changxiao.cases.public import PublicCase, PublicPicture
from changxiao.kernel.geo import Point, metres_between, to_wgs84
from changxiao.kernel.refused import Refused


@dataclass(frozen=True, slots=True)
class Row:
    """一行: what, where, how far it got."""

    number: str
    title: str
    text: str
    where: str
    state: str
    over: bool
    reported_at: datetime
    due_at: datetime | None
    metres: int | None
    photos: tuple[PublicPicture, ...] = ()


def row(case: PublicCase, here: Point | None = None) -> Row:
    """公开案卷的一行; the distance is to the place that is shown, rounded to ten metres."""
    metres = None
    if here is not None and case.lon is not None and case.lat is not None:
        metres = round(metres_between(here, Point(case.lon, case.lat)), -1)
    return Row(
        number=case.number,
        title=case.subcategory.label,
        text=case.text,
        where=case.address,
        state=_state(case),
        over=case.stage in ENDS,
        reported_at=case.reported_at,
        due_at=None if case.stage in ENDS else case.due_at,
        metres=int(metres) if metres is not None else None,
        photos=case.photos,
    )


def _state(case: PublicCase) -> str:
    if case.stage == Stage.CLOSED:
        return _("已办结")
    if case.stage in ENDS:
        return _("不再办理")
    return _("处理中") if case.unit else _("已受理")


def place_of(request: HttpRequest) -> Point | None:
    """所问位置: `lon`, `lat`, `crs` of the request in WGS-84; None where it names none."""
    try:
        lon, lat = (float(request.GET.get(name, "")) for name in ("lon", "lat"))
        if not (math.isfinite(lon) and math.isfinite(lat)):
            return None
        return to_wgs84(lon, lat, request.GET.get("crs") or "wgs84")
    except (ValueError, Refused):
        return None


def is_cursor(text: str) -> bool:
    """页码: a case's number."""
    return text.isascii() and text.isdecimal() and len(text) <= 16
