"""试派 trial: who would get this case, with every rule that was looked at and why it won or lost.

The answer is that of `proposals.unit_for`; here each rule that names the subject says for itself
what speaks for or against it, the losing ones too, so that an administrator sees what to edit.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from changxiao.areas.names import words
from changxiao.catalog import proposals
from changxiao.catalog.models import FilingCriterion, Responsibility
from changxiao.orgs.models import Unit

WON, NEXT, LOST = "won", "next", "lost"


_Tried = tuple[Unit, str, Responsibility | None]


@dataclass(frozen=True, slots=True)
class Considered:
    """一条规则: what it says, whether it won, comes next or is out, and why.

    `row` is the responsibility behind it, None for the unit of the place 属地.
    """

    unit: Unit
    title: str
    verdict: str
    why: str
    row: Responsibility | None = None


def consider(criterion: FilingCriterion, area_code: str, day: date) -> list[Considered]:
    """试派: the winner first, then those that would be tried next, then those that are out."""
    rows = sorted(_rows(criterion), key=proposals.order)
    standing = [row for row in rows if not _against(row, area_code, day)]
    tried: list[_Tried] = [(row.unit, _title(row), row) for row in standing]
    local = proposals.local_units(day).order_by("code")
    for unit in sorted(local, key=lambda one: -len(one.area_code)):
        if area_code.startswith(unit.area_code):
            place = words(unit.area_code)
            tried.append((unit, _("属地（%(place)s）") % {"place": place}, None))
    out = [(row, why) for row in rows if (why := _against(row, area_code, day))]
    lost = [Considered(row.unit, _title(row), LOST, why, row) for row, why in out]
    return [*_ranked(tried, day), *lost]


def _rows(criterion: FilingCriterion) -> Iterable[Responsibility]:
    subject = criterion.subcategory
    # A criterion's row may still point to an earlier version of it: its code says which it means.
    named = Q(criterion__code=criterion.code)
    named |= Q(subcategory_id=subject.pk) | Q(category_id=subject.category_id)
    rows = Responsibility.objects.filter(named)
    return rows.select_related("unit", "section", "criterion", "subcategory", "category")


def _ranked(tried: Iterable[_Tried], day: date) -> Iterable[Considered]:
    seen: list[Unit] = []
    best: Responsibility | None = None
    for unit, title, row in tried:
        heir = unit.lasting()
        if not heir.holds_on(day):
            yield Considered(unit, title, LOST, _("单位已撤销，没有承接单位"), row)
        elif heir in seen:
            yield Considered(heir, title, LOST, _("同一单位已由上面的规则选中"), row)
        else:
            verdict = NEXT if seen else WON
            why = _better(best, row) if seen else _first(row)
            if heir != unit:
                why += _("；原单位已并入“%(heir)s”") % {"heir": heir.name}
            best = best if seen else row
            seen.append(heir)
            yield Considered(heir, title, verdict, why, row)


def _first(row: Responsibility | None) -> str:
    if row is None:
        return _("责任表中没有适用的规则，按属地")
    return _("区域最具体、对象最具体，次序在先")


def _better(best: Responsibility | None, row: Responsibility | None) -> str:
    if row is None or best is None:
        return _("责任表优先于属地")
    first, own = proposals.order(best), proposals.order(row)
    reasons = (
        _("选中的规则区域更具体"),
        _("选中的规则对象更具体"),
        _("权属裁定优先"),
        _("选中的规则次序在先"),
        _("选中的规则登记在先"),
    )
    return next(why for why, ours, theirs in zip(reasons, first, own, strict=True) if ours < theirs)


def _against(row: Responsibility, area_code: str, day: date) -> str:
    if not area_code.startswith(row.area_code):
        return _("只管%(area)s，不含此处") % {"area": words(row.area_code)}
    if row.since_date > day:
        return _("%(day)s 起才生效") % {"day": row.since_date}
    if row.until_date is not None and row.until_date <= day:
        return _("已于 %(day)s 终止") % {"day": row.until_date}
    if row.section is not None and not row.section.holds_on(day):
        return _("标段 %(section)s 的合同不在有效期内") % {"section": row.section.section}
    return ""


def _title(row: Responsibility) -> str:
    what = _("立案标准") if row.criterion_id else _("小类") if row.subcategory_id else _("大类")
    values = {
        "what": what,
        "area": words(row.area_code) if row.area_code else _("全市"),
        "priority": row.priority + 1,
    }
    return _("%(what)s × %(area)s，次序 %(priority)d") % values
