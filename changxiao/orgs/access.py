"""谁能看什么: viewers from appointments, and what of a person others see (reliability.md §6.4)."""

from __future__ import annotations

from datetime import date, datetime
from itertools import chain, groupby

from django.db.models import Q

from changxiao.kernel.day import local_date
from changxiao.kernel.scope import Grant, Viewer
from changxiao.orgs.models import Appointment, Staff, Unit, UnitRole
from changxiao.orgs.posts import Post

# Who may ring a person up: those who send people out, their leads, and the administrators.
CALLERS = (
    Post.INTAKE,
    Post.SHIFT_LEADER,
    Post.CENTER_DIRECTOR,
    Post.DISPATCHER,
    Post.COMMAND_DIRECTOR,
    Post.CITY_ADMIN,
)


def posts_of(staff: Staff, on: date) -> list[Appointment]:
    """任职: the person's appointments in force that day, with their units (one statement)."""
    if not staff.is_active:
        return []
    rows = Appointment.objects.on(on).filter(staff=staff).select_related("unit")
    return list(rows.order_by("id"))


def viewer_for(staff: Staff, at: datetime) -> Viewer:
    """查看人: the grants of a member of staff at a moment; a day is a day in the city."""
    return Viewer("staff", staff.username, _grants(staff, local_date(at)))


def _grants(staff: Staff, on: date) -> tuple[Grant, ...]:
    """Of three columns, for every request asks for them and nothing else of an appointment."""
    if not staff.is_active:
        return ()
    rows = Appointment.objects.on(on).filter(staff=staff).order_by("id")
    told = rows.values_list("post", "area_code", "unit__path")
    return tuple(dict.fromkeys(Grant(post, area, path or "") for post, area, path in told))


def grant_of(row: Appointment) -> Grant:
    """授权: what one appointment allows."""
    return Grant(row.post, row.area_code, row.unit.path if row.unit else "")


def holds(viewer: Viewer, *posts: str, unit: str = "", area: str = "") -> bool:
    """是否在岗: one of the posts, over that unit path and that area at once, by one grant."""
    return any(
        grant.post in posts and unit.startswith(grant.unit) and area.startswith(grant.area)
        for grant in viewer.grants
    )


def name_of(actor: str) -> str:
    """姓名: of who acted, the user name where nobody bears it."""
    return Staff.objects.filter(username=actor).values_list("name", flat=True).first() or actor


def reach(viewer: Viewer) -> Q:
    """可见人员: staff see the names of all staff; the public sees nobody."""
    return Q() if viewer.kind == "staff" else Q(pk__in=[])


def reach_links(viewer: Viewer) -> Q:
    """可见日报链接: one's own; whoever opens one needs no more than its signature."""
    return Q(staff__username=viewer.name) if viewer.kind == "staff" else Q(pk__in=[])


def reach_downloads(viewer: Viewer) -> Q:
    """可见下载: what one asked for oneself."""
    return Q(staff__username=viewer.name) if viewer.kind == "staff" else Q(pk__in=[])


def phone_of(staff: Staff, viewer: Viewer) -> str:
    """电话: for the person, for those who call people out, for the lead of the unit; else empty."""
    path = staff.unit.path if staff.unit else ""
    allowed = (
        viewer.sees_all
        or viewer.name == staff.username
        or viewer.holds(*CALLERS)
        or (bool(path) and holds(viewer, Post.UNIT_LEAD, unit=path, area=staff_area(staff)))
    )
    return staff.phone if allowed else ""


def staff_area(staff: Staff) -> str:
    """人员所在区域: the area code of the person's unit."""
    return staff.unit.area_code if staff.unit else ""


def vacancies(on: date) -> list[tuple[Unit, str, str]]:
    """空缺: (unit, role, line) that nobody fills that day; a unit without any head is one too."""
    rows = UnitRole.objects.on(on).select_related("unit").order_by("unit__path", "role", "line")
    empty = [(row.unit, row.role, row.line) for row in rows if row.staff_id is None]
    headed = {row.unit_id for row in rows if row.role == UnitRole.Role.HEAD}
    answerable = Unit.objects.on(on).exclude(kind=Unit.Kind.SQUAD).exclude(pk__in=headed)
    return empty + [(unit, UnitRole.Role.HEAD.value, "") for unit in answerable]


def answers_for(unit: Unit, day: date) -> UnitRole | None:
    """谁负责本机构的案卷 that day: of the bodies above it, the nearest first, the deputy whose line
    names it or what it belongs to, else the head; where nobody is above, its own head."""
    above = [unit.path[: 5 * n] for n in range(1, len(unit.path) // 5 + 1)]
    rows = UnitRole.objects.on(day).filter(unit__path__in=above, role__in=ANSWERING)
    seats = rows.exclude(staff=None).select_related("unit", "staff").prefetch_related("covers")
    nearest = sorted(seats, key=lambda one: (one.unit_id != unit.pk, one.unit.path), reverse=True)
    for _body, held in groupby(nearest, key=lambda one: one.unit_id):
        here = list(held)
        lines = (one for one in here if one.covers.all() and _names(one, unit, day))
        heads = (one for one in here if one.role == UnitRole.Role.HEAD)
        if found := next(chain(lines, heads), None):
            return found
    return None


def _names(role: UnitRole, unit: Unit, day: date) -> bool:
    return any(unit.path.startswith(path) for path in role.paths(day))


ANSWERING = (UnitRole.Role.HEAD, UnitRole.Role.DEPUTY)
