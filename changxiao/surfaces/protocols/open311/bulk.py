"""成批公开 bulk: the public list as CSV in GeoReport's bulk shape, row by row as it is read."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from itertools import islice

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from changxiao.cases import public
from changxiao.cases.flow import ENDS, Stage
from changxiao.cases.models_public import Publication
from changxiao.cases.public import PublicCase
from changxiao.cases.showing import public as showing
from changxiao.kernel.spreadsheet import neutral
from changxiao.surfaces.protocols.open311 import statuses
from changxiao.surfaces.protocols.open311.keys import reader
from changxiao.surfaces.protocols.open311.operation import answered
from changxiao.surfaces.protocols.open311.reading import queried
from changxiao.surfaces.protocols.open311.requests import addresses, narrowed

CHUNK = 500
COLUMNS = (
    *("service_request_id", "requested_datetime", "updated_datetime", "closed_date"),
    *("status_description", "status_notes", "source", "service_name", "service_subtype"),
    *("description", "agency_responsible", "address", "lat", "long"),
    "media_url",
)


class _Line:
    """What csv writes to: hands each line on instead of keeping it."""

    def write(self, line: str) -> str:
        return line


@csrf_exempt
@login_not_required
def bulk(request: HttpRequest) -> HttpResponseBase:
    """成批公开: the same filters as the list, of 90 days at a time, without an end of rows; what is
    refused is answered in JSON."""
    return answered(request, ("GET",), "json", lambda: _written(request))


def _written(request: HttpRequest) -> StreamingHttpResponse:
    sent = queried(request)
    reader(request)
    rows = narrowed(public.public_cases(), sent, timezone.now())
    found = rows.order_by("reported_at", "case_id").iterator(chunk_size=CHUNK)
    made = StreamingHttpResponse(_lines(found), content_type="text/csv; charset=utf-8")
    made["Content-Disposition"] = 'attachment; filename="requests.csv"'
    return made


def _lines(rows: Iterable[Publication]) -> Iterator[str]:
    write = csv.writer(_Line()).writerow
    yield write(COLUMNS)
    for some in _several(rows):
        for case in showing.told(some):
            yield write([neutral(str(cell)) if cell is not None else "" for cell in _cells(case)])


def _several(rows: Iterable[Publication]) -> Iterator[list[Publication]]:
    left = iter(rows)
    while some := list(islice(left, CHUNK)):
        yield some


def _cells(case: PublicCase) -> Iterable[object]:
    over = case.stage in ENDS
    return (
        *(case.number, case.reported_at.isoformat(), case.updated_at.isoformat()),
        case.ended_at.isoformat() if over and case.ended_at else None,
        *(statuses.plain(case.stage), str(Stage(case.stage).label), None),
        *(case.subcategory.category.name, case.subcategory.label, case.text),
        *(case.unit, case.address, case.lat, case.lon),
        next(iter(addresses(case)), None),
    )
