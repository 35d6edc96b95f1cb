"""谁负责什么: the units a leader answers for, by the roles 一把手 and 分管领导 in force that day.

Who heads an office or a centre answers for the whole city; whoever heads nothing answers for what
the own posts cover. Everything read stays within the reader's own reach all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from changxiao.kernel.scope import Viewer
from changxiao.orgs.access import ANSWERING
from changxiao.orgs.models import Staff, Unit, UnitRole
from changxiao.orgs.posts import Post

EVERYTHING = ""
BODIES_OVER_ALL = frozenset(
    {Unit.Kind.OFFICE, Unit.Kind.SUPERVISION_CENTER, Unit.Kind.COMMAND_CENTER}
)


@dataclass(frozen=True, slots=True)
class Answering:
    """负责范围: paths of units ("" is all of them), and the roles by which, to be said."""

    paths: tuple[str, ...]
    roles: tuple[UnitRole, ...]

    @property
    def whole(self) -> bool:
        return EVERYTHING in self.paths

    def cases(self) -> Q:
        """负责的案卷: with a unit of mine; the reader's own reach narrows it further."""
        if self.whole:
            return Q()
        found = Q(pk__in=[])
        for path in self.paths:
            found |= Q(unit__in=Unit.objects.filter(path__startswith=path))
        return found


def answering(staff: Staff, viewer: Viewer, day: date) -> Answering:
    """负责范围 of a person that day."""
    rows = UnitRole.objects.on(day).filter(staff=staff, role__in=ANSWERING)
    seats = rows.select_related("unit").prefetch_related("covers")
    roles = tuple(seats.order_by("role", "unit__path", "line"))
    if roles:
        over_all = any(_is_over_all(role) for role in roles)
        paths = [EVERYTHING] if over_all else [path for role in roles for path in role.paths(day)]
    else:
        paths = [g.unit if g.post == Post.UNIT_LEAD else EVERYTHING for g in viewer.grants]
    return Answering(_outermost(paths), roles)


def _is_over_all(role: UnitRole) -> bool:
    return role.unit.kind in BODIES_OVER_ALL and not role.covers.all()


def _outermost(paths: Iterable[str]) -> tuple[str, ...]:
    # A deputy by two lines of one unit answers for it once, and its squads stand within it.
    kept: list[str] = []
    for path in sorted(set(paths)):
        if not any(path.startswith(outer) for outer in kept):
            kept.append(path)
    return tuple(kept)


def shown_units(mine: Answering, day: date) -> Sequence[tuple[Unit, list[Unit]]]:
    """列出的单位: mine, of the city the top ones; those right below a body that oversees others,
    or below the only one, stand with it."""
    units = list(Unit.objects.on(day).order_by("path"))
    tops = [u for u in units if (u.parent_id is None if mine.whole else u.path in mine.paths)]
    groups = []
    for top in tops:
        opened = len(tops) == 1 or top.kind == Unit.Kind.OVERSIGHT_DEPARTMENT
        groups.append((top, [u for u in units if opened and u.parent_id == top.pk]))
    return groups
