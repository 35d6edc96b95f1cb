"""巡查的开始与结束 (考勤): with entries, place and time; nobody walks two grids at once.

A phone may have been without a network: what it claims of the time counts where it can be
(`rules.counted`), the server's time of the entry stands beside it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from changxiao.areas.models import DutyGrid
from changxiao.cases.actions.intake import next_serial
from changxiao.cases.written import plain
from changxiao.kernel import scope
from changxiao.kernel.act import Act
from changxiao.kernel.day import local_date, local_time, watch_end, watches_at
from changxiao.kernel.geo import Point
from changxiao.kernel.refused import Refused
from changxiao.kernel.transactions import writing
from changxiao.kernel.watches import ALL_DAY
from changxiao.ledger import actions as ledger
from changxiao.orgs.models import Staff
from changxiao.orgs.posts import Post
from changxiao.patrols import access, rules
from changxiao.patrols.models import Patrol

FIELDS = ("number", "collector", "duty_grid_code", "community_code", "started_at", "shift_end_at")
LATE = "started_recorded_at"


def start_patrol(*, grid: str, act: Act, here: Point | None = None) -> Patrol:
    """开始巡查 of one duty grid, by its collector. Refused: not_yours, grid_unknown, grid_foreign,
    patrol_running, patrol_overlaps."""
    if act.post != Post.COLLECTOR:
        raise Refused("not_yours", _("巡查由监督员开始，您现在的岗位不是监督员"), field="post")
    ledger.recall(stream="patrol:", verb="start_patrol", act=act)
    row = DutyGrid.objects.select_related("community").filter(code=grid).first()
    if row is None:
        message = _("没有代码为“%(code)s”的责任网格，请从列表中选择") % {"code": grid[:24]}
        raise Refused("grid_unknown", message, field="grid")
    if not access.walks(scope.current(), row.code, row.community.code):
        message = _("责任网格%(code)s不在您的任职区域内，请选择自己的网格")
        raise Refused("grid_foreign", message % {"code": row.code}, field="grid")
    with writing():
        # The person is what two phones at once would meet on.
        Staff.objects.select_for_update().get(username=act.actor)
        running = Patrol.everything.filter(collector=act.actor, finished_at=None).first()
        ledger.recall(stream="patrol:", verb="start_patrol", act=act)
        if running is not None:
            message = _("您在责任网格%(code)s的巡查还没有结束，请先结束它")
            raise Refused("patrol_running", message % {"code": running.duty_grid_code})
        at = act.moment()
        begun = rules.counted(at, act.occurred_at, act.skew)
        _must_be_free(act.actor, begun)
        patrol = Patrol(
            number=_number(at),
            collector=act.actor,
            duty_grid_code=row.code,
            community_code=row.community.code,
            started_at=begun,
            started_recorded_at=at if begun != at else None,
            shift_end_at=_shift_end(begun),
            lon=here.lon if here else None,
            lat=here.lat if here else None,
        )
        told = {name: plain(getattr(patrol, name)) for name in (*FIELDS, LATE)}
        told = {name: value for name, value in told.items() if name != LATE or value}
        return _recorded(patrol, "start_patrol", act, at, {"set": told} | _place(here))


def finish_patrol(
    patrol: Patrol, *, act: Act, here: Point | None = None, by_shift: bool = False
) -> Patrol:
    """结束巡查, by whoever began it, or by the sweep at the end of his shift (`by_shift`).
    Refused: not_yours, patrol_over."""
    if not by_shift and patrol.collector != act.actor:
        raise Refused("not_yours", _("这次巡查由本人结束"), field="actor")
    with writing():
        row = Patrol.everything.select_for_update().get(pk=patrol.pk)
        ledger.recall(stream=row.stream, verb="finish_patrol", act=act)
        at = act.moment()
        said = rules.counted(at, act.occurred_at, act.skew)
        # Nobody is on duty beyond his shift, whenever he or the sweep says so.
        end = min(max(said, row.started_at), row.shift_end_at, *_next_start(row))
        if row.finished_at is not None and not _puts_right(row, at, said):
            raise Refused("patrol_over", _("这次巡查已经结束"))
        row.finished_at = end
        row.ended = Patrol.Ended.SHIFT if by_shift else Patrol.Ended.SELF
        told = {"finished_at": plain(end), "ended": str(row.ended)}
        if said != at:
            row.finished_recorded_at = at
            told["finished_recorded_at"] = plain(at)
        return _recorded(row, "finish_patrol", act, at, {"set": told} | _place(here))


def _must_be_free(collector: str, begun: datetime) -> None:
    """A start that comes late may lie in a walk that another phone told of meanwhile."""
    rows = Patrol.everything.filter(collector=collector, started_at__lte=begun)
    other = rows.filter(finished_at__gt=begun).first()
    if other is not None:
        message = _("这个时间您正在责任网格%(code)s巡查（%(number)s），不能同时巡查两个网格")
        values = {"code": other.duty_grid_code, "number": other.number}
        raise Refused("patrol_overlaps", message % values)


def _next_start(row: Patrol) -> list[datetime]:
    """When the next walk of the same collector began: by then this one was over."""
    rows = Patrol.everything.filter(collector=row.collector, started_at__gt=row.started_at)
    return list(rows.order_by("started_at").values_list("started_at", flat=True)[:1])


def _puts_right(row: Patrol, at: datetime, said: datetime) -> bool:
    """补传的结束: the clock ended the walk for want of news, and the phone had ended it before."""
    known = row.finished_at
    told = said != at and row.ended == Patrol.Ended.SHIFT
    return told and known is not None and row.started_at <= said < known


def _recorded(row: Patrol, verb: str, act: Act, at: datetime, body: dict[str, Any]) -> Patrol:
    entry = ledger.append(stream=row.stream, verb=verb, act=act, at=at, head=row.head, body=body)
    row.head, row.n = entry, row.n + 1
    row.save()
    return row


def _place(here: Point | None) -> dict[str, Any]:
    """An entry holds no floats."""
    return {"place": {"lon": f"{here.lon:.7f}", "lat": f"{here.lat:.7f}"}} if here else {}


def _number(at: datetime) -> str:
    day = f"{local_date(at):%Y%m%d}"
    return f"{day}{next_serial(f'patrol:{day}'):04d}"


def _shift_end(at: datetime) -> datetime:
    """下班时刻 of the watch that runs now: the day's or the night's."""
    running = {name: day for name, day in watches_at(at).items() if name != ALL_DAY}
    ends = [watch_end(name, day) for name, day in running.items()]
    return min(ends, default=local_time(at))
