"""谁来答复: the persons of a gap task, whoever of those who may answer stands nearest to it.

`access.answers_for` says whether somebody may; this is the same rule asked from the other end.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from changxiao.evaluation.access import AREAS, OF_AREAS
from changxiao.evaluation.flow import RANKED
from changxiao.notices.audience import Directory
from changxiao.orgs.models import Appointment, Staff, Unit
from changxiao.orgs.posts import Post


@dataclass(frozen=True, slots=True)
class Answerers:
    """答复人, and the units whose groups hear of it."""

    people: list[Staff]
    units: list[Unit]


def answerers(kind: str, group: str, people: Directory) -> Answerers:
    """谁答复 for this ranked one: the person himself; of a unit its lead, else the nearest above;
    of an area whoever leads its office or is appointed for it, the smallest area first."""
    if kind == "person":
        return Answerers(list(Staff.objects.filter(username=group, is_active=True)), [])
    if kind in AREAS:
        return _of_area(group, people)
    unit = Unit.objects.filter(code=group).first()
    return Answerers(people.of_unit(Post.UNIT_LEAD, unit), [unit] if unit else [])


def _of_area(code: str, people: Directory) -> Answerers:
    units = [one for one in _offices() if code.startswith(one.area_code)]
    named = [row for post in RANKED for row in people.holders(post) if _covers(row, code)]
    areas = {one.area_code for one in units} | {row.area_code for row in named}
    for area in sorted(areas, key=len, reverse=True):
        offices = [one for one in units if one.area_code == area]
        found = [row.staff for row in named if row.area_code == area]
        found += [one for unit in offices for one in people.of_unit(Post.UNIT_LEAD, unit)]
        if found:
            return Answerers(list({one.pk: one for one in found}.values()), offices)
    return Answerers([], [])


def _offices() -> Iterable[Unit]:
    return Unit.objects.filter(kind__in=OF_AREAS).exclude(area_code="").order_by("code")


def _covers(row: Appointment, code: str) -> bool:
    return bool(row.area_code) and code.startswith(row.area_code)
