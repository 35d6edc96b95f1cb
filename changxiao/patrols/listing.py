"""巡查的列表: who walks now, what was attended today, which finds were missed; within reach."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from changxiao.areas.models import DutyGrid
from changxiao.cases.access import in_area as case_in_area
from changxiao.kernel import scope
from changxiao.kernel.day import city_zone, local_date
from changxiao.kernel.refused import Refused
from changxiao.orgs.models import Staff
from changxiao.orgs.names import area_name
from changxiao.patrols import access
from changxiao.patrols.models import MissedReport, Patrol

NOW, ALL = "now", "all"
State = MissedReport.State
# What waits for somebody: proposals and objections.
WAITING = (State.PROPOSED, State.OBJECTED)


@dataclass(frozen=True, slots=True)
class Row:
    """一次巡查, with names."""

    patrol: Patrol
    who: str
    grid: str
    minutes: int


def day_of(written: str, now: datetime) -> date:
    """哪一天; today where nothing was said. Refused("parameter_unreadable")."""
    try:
        return date.fromisoformat(written) if written else local_date(now)
    except ValueError:
        message = _("日期“%(value)s”无法识别，请写成 2026-03-02 的样子") % {"value": written[:40]}
        raise Refused("parameter_unreadable", message, field="day") from None


def within(day: date) -> Q:
    """当天开始的巡查."""
    begin = datetime.combine(day, time.min, city_zone())
    return Q(started_at__gte=begin, started_at__lt=begin + timedelta(days=1))


def patrols(asked: Mapping[str, str], now: datetime) -> QuerySet[Patrol]:
    """巡查 of a day, or those going on; searched by name, grid or number."""
    rows = Patrol.objects.all()
    if asked.get("state") == NOW:
        rows = rows.filter(finished_at=None)
    else:
        rows = rows.filter(within(day_of(asked.get("day", ""), now)))
    words = asked.get("q", "").strip()[:40]
    if words:
        named = Staff.objects.filter(name__contains=words).values("username")
        grid = Q(duty_grid_code__contains=words.upper())
        rows = rows.filter(grid | Q(number=words) | Q(collector__in=named))
    return rows


def rows_of(found: Collection[Patrol], now: datetime) -> list[Row]:
    """各行; one statement for the names."""
    names = names_of({one.collector for one in found})
    return [
        Row(one, names.get(one.collector, one.collector), grid_name(one), one.minutes(now))
        for one in found
    ]


def names_of(usernames: Collection[str]) -> dict[str, str]:
    """姓名."""
    rows = Staff.objects.filter(username__in=set(usernames) - {""})
    return dict(rows.values_list("username", "name"))


def grid_name(patrol: Patrol) -> str:
    """网格在哪: the community's name."""
    return area_name(patrol.community_code)


@dataclass(frozen=True, slots=True)
class Covered:
    """一个责任网格: how often and how long it was attended that day, and by how many now."""

    code: str
    place: str
    walks: int
    minutes: int
    now: bool


def grids(words: str) -> QuerySet[DutyGrid]:
    """责任网格 that the viewer looks after."""
    rows = DutyGrid.objects.select_related("community").defer("outline", "community__outline")
    found = Q(pk__in=[])
    for area in access.areas(scope.current()):
        found |= Q(code=area) | Q(community__code__startswith=area)
    rows = rows.filter(found)
    words = words.strip()[:40]
    if words:
        rows = rows.filter(Q(code__contains=words.upper()) | Q(community__name__contains=words))
    return rows


def coverage(rows: Collection[DutyGrid], day: date, now: datetime) -> list[Covered]:
    """到岗情况 of these grids on a day; one statement. Two at once both count."""
    codes = [row.code for row in rows]
    held: dict[str, list[Patrol]] = {}
    for one in Patrol.objects.filter(within(day), duty_grid_code__in=codes):
        held.setdefault(one.duty_grid_code, []).append(one)
    return [
        Covered(
            row.code,
            row.community.name,
            len(walks := held.get(row.code, [])),
            sum(one.minutes(now) for one in walks),
            any(one.finished_at is None for one in walks),
        )
        for row in rows
    ]


def summary(day: date, now: datetime) -> dict[str, int]:
    """当天概况: grids, attended ones, walks going on, minutes; over the viewer's whole area."""
    walks = list(Patrol.objects.filter(within(day)))
    return {
        "grids": grids("").count(),
        "attended": len({one.duty_grid_code for one in walks}),
        "walking": sum(one.finished_at is None for one in walks),
        "minutes": sum(one.minutes(now) for one in walks),
    }


# -- missed reports ------------------------------------------------------------------------------


def missed(asked: Mapping[str, str]) -> QuerySet[MissedReport]:
    """漏报 by state, by what waits without one; searched by number, grid or name."""
    rows = MissedReport.objects.select_related("case__subcategory", "patrol")
    state = asked.get("state", "")
    if state and state not in {*State.values, ALL}:
        known = "、".join([*State.values, ALL])
        message = _("没有状态“%(state)s”，可用：%(known)s")
        values = {"state": state[:20], "known": known}
        raise Refused("parameter_unreadable", message % values, field="state")
    if state != ALL:
        rows = rows.filter(state__in=[state] if state else WAITING)
    words = asked.get("q", "").strip()[:40]
    if words:
        named = Staff.objects.filter(name__contains=words).values("username")
        number = Q(case__number=words) | Q(case__code=words)
        grid = Q(patrol__duty_grid_code__contains=words.upper())
        rows = rows.filter(number | grid | Q(patrol__collector__in=named))
    return rows


def counts() -> list[tuple[str, str, int]]:
    """各状态多少件; one statement."""
    rows = MissedReport.objects.order_by().values_list("state")
    counted = dict(rows.annotate(count=Count("pk")))
    return [(one.value, str(one.label), counted.get(one.value, 0)) for one in State]


def rate(begin: datetime, end: datetime, area: str = "") -> tuple[int, int]:
    """漏报率 of a span, by its parts: missed, and missed + what collectors reported and was filed.

    An overturned one is none. GB/T 30428.4: 漏报数 ÷（漏报数＋有效上报数）.
    """
    from changxiao.cases.models import Case, Channel

    counted = (State.CONFIRMED, State.OBJECTED, State.UPHELD)
    here = Q(case__in=Case.objects.filter(case_in_area(area))) if area else Q()
    missed = MissedReport.objects.filter(here, state__in=counted)
    n = missed.filter(case__reported_at__gte=begin, case__reported_at__lt=end).count()
    own = Case.objects.filter(channel=Channel.COLLECTOR, filed_at__isnull=False)
    own = own.filter(case_in_area(area)) if area else own
    valid = own.filter(reported_at__gte=begin, reported_at__lt=end).count()
    return n, n + valid
