"""派给谁: which collector a 核实 or 核查 task goes to, and when nobody is there. Pure.

The one whose own place it is and who is on shift; else who stands in there; else a neighbour's.
Among equals the narrower place first, then who has fewer tasks in hand, then the username, so that
the same facts always choose the same person.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WHY: dict[str, str | Promise] = {
    "own": _("本网格在岗监督员"),
    "stand_in": _("本网格顶班监督员"),
    "neighbour": _("相邻网格在岗监督员"),
}


@dataclass(frozen=True, slots=True)
class OnShift:
    """在岗监督员: one appointment of who is at work now; `area` a code or a prefix, "" the city."""

    username: str
    area: str
    stands_in: bool = False
    tasks: int = 0


@dataclass(frozen=True, slots=True)
class Choice:
    """所派: who, and by which of the three ways."""

    username: str
    why: str


def choose(
    duty_grid: str,
    community: str,
    present: Iterable[OnShift],
    *,
    neighbours: Collection[str] = (),
    barred: Collection[str] = (),
) -> Choice | None:
    """派给谁; None where nobody is on shift for this place. Nobody barred is chosen: who handled
    the case does not check it."""
    ways = tuple(WHY)
    ranked = [
        (ways.index(why), -len(one.area), one.tasks, one.username)
        for one in present
        if one.username not in barred and (why := _way(one, duty_grid, community, neighbours))
    ]
    if not ranked:
        return None
    way, _width, _tasks, username = min(ranked)
    return Choice(username, ways[way])


def covers(one: OnShift, duty_grid: str, community: str) -> bool:
    """管到这里: the place is his own grid, or lies in his area."""
    return (bool(duty_grid) and one.area == duty_grid) or community.startswith(one.area)


def _way(one: OnShift, duty_grid: str, community: str, neighbours: Collection[str]) -> str:
    if covers(one, duty_grid, community):
        return "stand_in" if one.stands_in else "own"
    return "neighbour" if one.area and one.area in neighbours else ""
