"""外业巡查 walking: the start and the finish of a patrol as the phone kept them, taken once.

An item like any other of the queue (`sync`): its key, when it was by the phone, and where. A
finish names its patrol by number, or, before the phone has heard one, by the key of its start.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from pydantic import BaseModel, Field

from changxiao.cases import answers, inputs
from changxiao.kernel import scope
from changxiao.kernel.geo import Point
from changxiao.kernel.refused import Refused
from changxiao.ledger.models import Entry
from changxiao.ledger.receipts import receipt
from changxiao.ledger.refusals import Replayed
from changxiao.orgs.posts import Post
from changxiao.patrols import access, actions
from changxiao.patrols.models import Patrol
from changxiao.surfaces.field.sync import door, read

TOLD = ("started_at", "finished_at", "shift_end_at")


class Walked(inputs.Common):
    """开始或结束: degrees WGS-84 where the phone knew; the queue's empty list of photos."""

    lon: float | None = Field(None, ge=-180, le=180)
    lat: float | None = Field(None, ge=-90, le=90)
    photos: list[BaseModel] = Field(default_factory=list, max_length=0)

    @property
    def here(self) -> Point | None:
        """手机所在."""
        return None if self.lon is None or self.lat is None else Point(self.lon, self.lat)


class Started(Walked):
    grid: str = Field(max_length=24)


class Finished(Walked):
    patrol: str = Field("", max_length=16)
    started_by: str = Field("", max_length=64)


@door
@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """开始巡查同步."""
    body = read(request, Started)
    act = answers.act_of(request, body, post=Post.COLLECTOR)
    try:
        row = actions.start_patrol(grid=body.grid, act=act, here=body.here)
    except Replayed as again:
        return _answer(again.entry, again=True)
    return _answer(_head(row))


@door
@require_POST
def finish(request: HttpRequest) -> HttpResponse:
    """结束巡查同步; 425 while its start has not come."""
    body = read(request, Finished)
    act = answers.act_of(request, body, post=Post.COLLECTOR)
    try:
        row = actions.finish_patrol(_patrol(body), act=act, here=body.here)
    except Replayed as again:
        return _answer(again.entry, again=True)
    return _answer(_head(row))


def _patrol(body: Finished) -> Patrol:
    number = body.patrol
    if not number:
        me = scope.current().name
        begun = Entry.objects.filter(act_key=body.started_by, actor=me, verb="start_patrol").first()
        if begun is None:
            raise Refused("too_early", _("这次巡查的开始还没有上传，请稍后自动重试"))
        number = begun.stream.partition(":")[2]
    row = Patrol.objects.filter(number=number).first()
    if row is None:
        message = _("没有巡查%(number)s，请联网打开一次“今天”再结束")
        raise Refused("patrol_unknown", message % {"number": number[:16]}, field="patrol")
    return row


def _head(row: Patrol) -> Entry:
    assert row.head is not None
    return row.head


def _answer(entry: Entry, *, again: bool = False) -> HttpResponse:
    """A function of the entry alone, so that a replay answers the same."""
    told = {name: value for name, value in entry.data["set"].items() if name in TOLD}
    number = entry.stream.partition(":")[2]
    body = {"number": number, **told, "receipt": receipt(entry), "missing": []}
    answer = JsonResponse(body, status=200 if again else 201)
    if again:
        answer["Idempotent-Replayed"] = "true"
    return answer


def today(viewer: scope.Viewer) -> dict[str, Any]:
    """今天的巡查: one's own duty grids, and the walk that goes on by what the server knows."""
    rows = Patrol.objects.filter(collector=viewer.name, finished_at=None)
    running = [
        {"number": number, "duty_grid_code": grid, "started_at": at.isoformat()}
        for number, grid, at in rows.values_list("number", "duty_grid_code", "started_at")[:1]
    ]
    return {"grids": access.grids_of(viewer), "running": running[0] if running else None}
