"""案卷清单 requests: what the public may read, and what a key's holder has itself reported."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from changxiao.cases import public
from changxiao.cases.flow import ENDS, OPEN, Stage
from changxiao.cases.models import Case
from changxiao.cases.models_public import Publication
from changxiao.cases.public import PublicCase
from changxiao.cases.showing import public as showing
from changxiao.kernel.refused import Refused
from changxiao.kernel.scope import Viewer
from changxiao.surfaces.protocols.open311 import statuses
from changxiao.surfaces.protocols.open311.keys import reader, reported_by
from changxiao.surfaces.protocols.open311.operation import operation
from changxiao.surfaces.protocols.open311.posting import create
from changxiao.surfaces.protocols.open311.reading import (
    MOST_IDS,
    MOST_RADIUS,
    Sent,
    place,
    queried,
    service,
    unreadable,
)
from changxiao.surfaces.protocols.open311.writing import answer, filled

MOST = 1000  # rows of an answer, and what comes without `page_size`
DEEPEST = 10_000  # pages
SPAN = timedelta(days=90)
STAGES = {statuses.OPEN: OPEN, statuses.CLOSED: ENDS}


@operation("GET", "POST")
def requests(request: HttpRequest, fmt: str) -> HttpResponse:
    """GET 清单, POST 上报."""
    return create(request, fmt) if request.method == "POST" else _list(request, fmt)


@operation("GET")
def one(request: HttpRequest, fmt: str, number: str) -> HttpResponse:
    """一件: a list of one, as the standard has it."""
    sent, viewer = queried(request), reader(request)
    found = _named([number], viewer)
    if not found:
        message = _("没有公开的案卷“%(number)s”，请核对号码") % {"number": number[:40]}
        raise Refused("not_found", message, field="service_request_id")
    return answer(fmt, "service_requests", _told(found, Wishes.of(sent)))


def _list(request: HttpRequest, fmt: str) -> HttpResponse:
    sent, viewer = queried(request), reader(request)
    wishes = Wishes.of(sent)
    if numbers := sent.texts("service_request_id"):
        return answer(fmt, "service_requests", _told(_named(numbers, viewer), wishes))
    size = sent.count("page_size", MOST, MOST)
    page = sent.count("page", 1, DEEPEST)
    rows = narrowed(public.public_cases(), sent, timezone.now())
    rows = rows.order_by("-reported_at", "-case_id")
    # One more than asked for tells whether there is another page.
    found = list(rows[(page - 1) * size : page * size + 1])
    told = _told(showing.told(found[:size]), wishes)
    made = answer(fmt, "service_requests", told)
    if len(found) > size:
        made["X-Next-Page-URL"] = _next(request, page)
    return made


def _next(request: HttpRequest, page: int) -> str:
    query = request.GET.copy()
    query.pop("api_key", None)
    query["page"] = str(page + 1)
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")


def _named(numbers: list[str], viewer: Viewer | None) -> list[PublicCase]:
    wanted = numbers[:MOST_IDS]
    rows = public.public_cases().filter(case__number__in=wanted)
    found = {case.number: case for case in showing.told(list(rows))}
    rest = [number for number in wanted if number not in found]
    if viewer is not None and rest:
        own = reported_by(viewer, rest)
        cases = Case.everything.filter(number__in=own)
        related = cases.select_related("lead_unit", "head", "duplicate_of")
        found |= {case.number: public.own(case) for case in related}
    return [found[number] for number in dict.fromkeys(wanted) if number in found]


def narrowed(rows: QuerySet[Publication], sent: Sent, now: datetime) -> QuerySet[Publication]:
    """筛选: by kind, status, times and place; Refused names the parameter."""
    if codes := sent.texts("service_code"):
        rows = rows.filter(case__subcategory__in=[service(code).pk for code in codes])
    if wanted := sent.texts("status"):
        rows = public.standing(rows, _stages(wanted))
    since, until = span(sent, ("updated_after", "updated_before"), None)
    if since is not None:
        rows = rows.filter(case__head__at__gte=since, case__head__at__lte=until)
    asked = sent.moment("start_date") or sent.moment("end_date")
    if asked or since is None:
        begin, end = span(sent, ("start_date", "end_date"), now)
        rows = rows.filter(reported_at__gte=begin, reported_at__lte=end)
    return _near(rows, sent)


def span(
    sent: Sent, names: tuple[str, str], now: datetime | None
) -> tuple[datetime | None, datetime | None]:
    """时间范围 of at most 90 days; one end alone reaches 90 days; neither, the last 90 (or, without
    `now`, no range at all)."""
    begin, end = (sent.moment(name) for name in names)
    if begin is None and end is None:
        return (now - SPAN, now) if now else (None, None)
    if begin is None:
        assert end is not None
        return end - SPAN, end
    if end is None:
        return begin, begin + SPAN
    if end - begin > SPAN + timedelta(days=1):
        message = _("%(begin)s 至 %(end)s 不能超过90天，请分次查询")
        raise Refused("span_long", message % {"begin": names[0], "end": names[1]}, field=names[0])
    return begin, end


def _stages(wanted: Sequence[str]) -> set[Stage]:
    found: set[Stage] = set()
    for word in wanted:
        if word not in STAGES:
            raise unreadable("status", word, _("可用：open、closed"))
        found |= STAGES[word]
    return found


def _near(rows: QuerySet[Publication], sent: Sent) -> QuerySet[Publication]:
    radius = sent.number("radius")
    here = place({name: sent.number(name) for name in ("long", "lat")})
    if here is None and radius is None:
        return rows
    if here is None or radius is None:
        raise Refused(
            "place_half", _("按距离查询须同时给出 lat、long 和 radius（米）"), field="radius"
        )
    if not 0 < radius <= MOST_RADIUS:
        raise unreadable("radius", f"{radius:g}", _("1至50000米"))
    return public.near(rows, *here, radius)


@dataclass(frozen=True, slots=True)
class Wishes:
    """所求扩展."""

    extensions: bool
    extended: bool

    @classmethod
    def of(cls, sent: Sent) -> Wishes:
        return cls(sent.flag("extensions"), sent.flag("extended_statuses"))


def _told(rows: Sequence[PublicCase], wishes: Wishes) -> list[dict[str, Any]]:
    return [_request(row, wishes) for row in rows]


def _request(case: PublicCase, wishes: Wishes) -> dict[str, Any]:
    words = statuses.extended(case)
    told = filled(
        service_request_id=case.number,
        status=words if wishes.extended else statuses.plain(case.stage),
        status_notes=str(Stage(case.stage).label),
        service_name=case.subcategory.label,
        service_code=case.subcategory.key,
        description=case.text,
        agency_responsible=case.unit,
        requested_datetime=case.reported_at,
        updated_datetime=case.updated_at,
        expected_datetime=case.due_at,
        address=case.address,
        lat=case.lat,
        long=case.lon,
        media_url=next(iter(addresses(case)), None),
    )
    if wishes.extensions:
        told["extended_attributes"] = filled(
            title=case.subcategory.label,
            detailed_status=words,
            closed_datetime=case.ended_at,
            duplicate_of=case.duplicate_of,
            media_urls=list(addresses(case)),
        )
    return told


def addresses(case: PublicCase) -> Iterator[str]:
    """照片地址: of ours, which serve a picture only while it is released."""
    for picture in case.photos:
        yield settings.SITE_URL + reverse("public_photo", args=[picture.sha256])
