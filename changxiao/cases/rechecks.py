"""抽查情况: rechecks within reach, by state, and how often each first checker was found right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from changxiao.cases import access
from changxiao.cases.flow import CHECKED
from changxiao.cases.models import Case
from changxiao.cases.models_recheck import Recheck
from changxiao.kernel.day import local_time
from changxiao.kernel.refused import Refused
from changxiao.kernel.scope import Viewer
from changxiao.orgs.models import Staff

LOOKED_BACK = timedelta(days=90)
State = Recheck.State
LATE = "late"
WRONG = (State.DIFFERS, State.FOLLOWED)
WITH = ("case__subcategory", "case__lead_unit", "follow_up", "entry")


@dataclass(frozen=True, slots=True)
class Row:
    """一行: a recheck with the names of both collectors."""

    recheck: Recheck
    first: str
    second: str
    late: bool = False


@dataclass(frozen=True, slots=True)
class Rate:
    """不符率 of one first checker: of so many looked at again, so many were not as he said."""

    name: str
    looked: int
    wrong: int

    @property
    def percent(self) -> float:
        return 100 * self.wrong / self.looked


def filtered(state: str, now: datetime) -> QuerySet[Recheck]:
    """抽查 within the viewer's reach, in a state or `LATE`; "" is all of them.

    Refused("parameter_unreadable").
    """
    rows = Recheck.objects.select_related(*WITH)
    if state == LATE:
        return rows.filter(_late(now))
    if state and state not in State.values:
        raise Refused("parameter_unreadable", _("没有这一种抽查，请从上方选择"), field="state")
    return rows.filter(state=state) if state else rows


def _late(now: datetime) -> Q:
    return Q(state=State.OPEN, due_at__lt=now, case__stage__in=CHECKED)


def counts(now: datetime) -> list[tuple[str, str, int]]:
    """各状态件数: value, label, count, the overdue after those that wait; two statements."""
    told = dict(Recheck.objects.order_by().values_list("state").annotate(n=Count("pk")))
    rows = [(state.value, str(state.label), told.get(state.value, 0)) for state in State]
    late = Recheck.objects.filter(_late(now)).count()
    return [rows[0], (LATE, _("待抽查，已超期"), late), *rows[1:]]


def rates(now: datetime) -> list[Rate]:
    """不符率 of the last ninety days, the worst first; what was excused counts as looked at."""
    rows = Recheck.objects.filter(done_at__gte=now - LOOKED_BACK).order_by().values_list("first")
    told = list(rows.annotate(n=Count("pk"), wrong=Count("pk", filter=Q(state__in=WRONG))))
    names = _names([first for first, _looked, _wrong in told])
    found = [Rate(names.get(first, first), looked, wrong) for first, looked, wrong in told]
    return sorted(found, key=lambda rate: (-rate.wrong / rate.looked, -rate.looked, rate.name))


def of_case(case: Case, viewer: Viewer) -> Row | None:
    """本案抽查, the last one; asked where there can be one, named to who knows collectors."""
    if case.stage not in CHECKED or not access.knows_people(viewer):
        return None
    last = Recheck.everything.filter(case=case).order_by("-id").first()
    return rows_of([last], timezone.now())[0] if last else None


def dispute(case: Case, viewer: Viewer) -> str:
    """抽查不符 on which nobody has decided yet, as a question to who would close the case; ""."""
    row = Recheck.everything.filter(case=case, state=State.DIFFERS).order_by("-id").first()
    if row is None or row.done_at is None:
        return ""
    who = _names([row.done_by]).get(row.done_by, "") if access.knows_people(viewer) else ""
    values = {"who": who or _("另一名监督员"), "at": f"{local_time(row.done_at):%m-%d %H:%M}"}
    return _("%(who)s于%(at)s抽查不符，尚未重新上报，也未判定不计。仍要结案吗？") % values


def rows_of(found: Sequence[Recheck], now: datetime) -> list[Row]:
    """各行, with names: these readers know people."""
    names = _names([name for one in found for name in (one.first, one.collector, one.done_by)])

    def said(username: str) -> str:
        return names.get(username, username)

    return [
        Row(one, said(one.first), said(one.done_by or one.collector), _is_late(one, now))
        for one in found
    ]


def _is_late(one: Recheck, now: datetime) -> bool:
    """Waits longer than the city's limit, while there is still something to look at."""
    waits = one.state == State.OPEN and one.case.stage in CHECKED
    return waits and one.due_at is not None and one.due_at < now


def _names(usernames: Sequence[str]) -> Mapping[str, str]:
    return dict(Staff.objects.filter(username__in=set(usernames)).values_list("username", "name"))
