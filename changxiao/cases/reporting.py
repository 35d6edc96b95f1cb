"""上报输入: a report as JSON brings it, and the problem it tells of; API and phones share it."""

from __future__ import annotations

from collections.abc import Mapping

from ninja import Field, Schema

from changxiao.cases import inputs, verbs
from changxiao.cases.actions import Calling, Problem, Reporter
from changxiao.cases.models import Channel
from changxiao.catalog import questions
from changxiao.catalog.models import Subcategory
from changxiao.catalog.questions import Answered
from changxiao.kernel.geo import to_wgs84


class ReporterIn(Schema):
    name: str = Field(default="", max_length=64)
    phone: str = Field(default="", max_length=32)
    email: str = Field(default="", max_length=120)


class ReportIn(inputs.WithPhotos):
    """上报: coordinates in degrees in `crs` (wgs84, gcj02 or bd09)."""

    channel: str = "collector"
    subcategory: str
    criterion: str = ""
    component: str = ""
    lon: float = Field(ge=-180, le=180)
    lat: float = Field(ge=-90, le=90)
    crs: str = "wgs84"
    description: str = ""
    address: str = Field("", max_length=200)
    reporter: ReporterIn = Field(default_factory=ReporterIn)
    external: str = Field("", max_length=64)
    wants_callback: bool = False
    anonymous: bool = False
    join_to: str = Field("", max_length=40)
    on_spot: bool = False
    answers: dict[str, str | list[str]] = Field(default_factory=dict, max_length=40)

    LATER = frozenset({"answers", "wants_callback", "anonymous", "on_spot"})


def problem_of(body: ReportIn, *, asks: bool) -> Problem:
    """问题 of the input: codes become rows, or Refused names the field. `asks`: what the
    sub-category must be told besides is refused where it is missing."""
    lon, lat = to_wgs84(body.lon, body.lat, body.crs)
    kind = verbs.subcategory(body.subcategory)
    told = Calling(body.anonymous, body.wants_callback)
    calling = told if body.channel == Channel.HOTLINE or told != Calling() else None
    return Problem(
        channel=body.channel,
        subcategory=kind,
        criterion=verbs.criterion(body.criterion),
        component=verbs.component(body.component),
        lon=lon,
        lat=lat,
        description=body.description or body.note,
        address=body.address,
        reporter=Reporter(body.reporter.name, body.reporter.phone, body.reporter.email),
        photos=verbs.photos(body.photos),
        external=body.external,
        call=calling,
        details=_answered(kind, body.answers, asks=asks),
    )


def _answered(
    kind: Subcategory, told: Mapping[str, str | list[str]], *, asks: bool
) -> tuple[Answered, ...]:
    given = {code: [v] if isinstance(v, str) else v for code, v in told.items()}
    asked = questions.of(kind.pk)
    if not given and not asked:
        return ()
    return questions.answered([q for q in asked if asks or q.code in given], given)
