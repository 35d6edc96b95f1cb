"""派遣建议 proposals: whose is it? Component, then responsibility table, then place.

The room of components stands above this one, so the caller passes the component's owner and
maintainer as plain units. Each proposal says its reason in words that a dispatcher may read aloud.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from changxiao.catalog.models import FilingCriterion, Responsibility
from changxiao.orgs.models import ContractSection, Unit


@dataclass(frozen=True, slots=True)
class Proposal:
    """建议: a unit, the contract section where one is named, the reason, and the rank (0 first)."""

    unit: Unit
    reason: str
    rank: int
    kind: str
    section: ContractSection | None = None


def unit_for(
    criterion: FilingCriterion,
    area_code: str,
    day: date,
    *,
    owner: Unit | None = None,
    maintainer: Unit | None = None,
) -> list[Proposal]:
    """派遣建议: units in the order in which to try them, none twice; empty when nobody is known.

    `area_code` is the most exact code of the place (community or street). The maintainer of a named
    component goes before its owner: it has the contract to repair. A unit that has ended is
    replaced by its successor, and dropped where there is none.
    """
    found: list[Proposal] = []
    sources = (
        _of_component(owner, maintainer),
        _of_table(criterion, area_code, day),
        _of_place(area_code, day),
    )
    for kind, unit, reason, section in _chain(sources):
        heir = unit.lasting()
        if heir.holds_on(day) and all(heir.pk != one.unit.pk for one in found):
            found.append(Proposal(heir, reason, len(found), kind, section))
    return found


_Source = Iterator[tuple[str, Unit, str, ContractSection | None]]


def _chain(sources: Iterable[_Source]) -> _Source:
    for source in sources:
        yield from source


def _of_component(owner: Unit | None, maintainer: Unit | None) -> _Source:
    if maintainer is not None:
        yield "maintainer", maintainer, _("部件管养单位"), None
    if owner is not None:
        yield "owner", owner, _("部件权属单位"), None


def prefixes(area_code: str) -> list[str]:
    """上级代码: "", and every prefix of the code, so that one IN finds the rows of all levels."""
    return [area_code[:length] for length in range(len(area_code) + 1)]


def _of_table(criterion: FilingCriterion, area_code: str, day: date) -> _Source:
    subject = criterion.subcategory
    rows = (
        Responsibility.objects.on(day)
        .filter(
            # By code: a row follows to the newest version, a running case keeps its own.
            Q(criterion__code=criterion.code)
            | Q(subcategory_id=subject.pk)
            | Q(category_id=subject.category_id),
            area_code__in=prefixes(area_code),
        )
        .select_related("unit", "section")
    )
    for row in sorted(rows, key=order):
        if row.section is None or row.section.holds_on(day):
            yield "table", row.unit, _reason(row), row.section


def order(row: Responsibility) -> tuple[int, int, int, int, int]:
    """先后: the longer area, then the finer subject, a ruling before the table, then priority."""
    fineness = 0 if row.criterion_id else 1 if row.subcategory_id else 2
    ruled = 0 if row.origin == Responsibility.Origin.RULING else 1
    return -len(row.area_code), fineness, ruled, row.priority, row.pk


def _reason(row: Responsibility) -> str:
    table = _("立案标准×区域责任表")
    if row.origin == Responsibility.Origin.RULING:
        table = _("权属裁定")
    where = _("区域 %(code)s") % {"code": row.area_code} if row.area_code else _("全市")
    words = [_("%(table)s（%(where)s）") % {"table": table, "where": where}]
    if row.section is not None:
        words.append(_("标段 %(section)s") % {"section": row.section.section})
    if row.basis:
        words.append(row.basis)
    return "，".join(words)


def _of_place(area_code: str, day: date) -> _Source:
    codes = [code for code in prefixes(area_code) if code]
    rows = local_units(day).filter(area_code__in=codes)
    for unit in sorted(rows, key=lambda one: (-len(one.area_code), one.code)):
        yield "place", unit, _("属地"), None


def local_units(day: date) -> QuerySet[Unit]:
    """属地单位: streets, and districts' sub-centres, who answer for a place that no row names."""
    # Below a command centre a sub-centre stands for its district; a department's own does not.
    street = Q(kind=Unit.Kind.SUBDISTRICT)
    district = Q(kind=Unit.Kind.SUBCENTER, parent__kind=Unit.Kind.COMMAND_CENTER)
    return Unit.objects.on(day).filter(street | district).exclude(area_code="")
