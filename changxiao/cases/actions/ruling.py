"""权属裁定的去向: a ruling on one case is offered as a responsibility row; a person decides."""

from __future__ import annotations

from django.utils.translation import gettext as _

from changxiao.cases.actions.base import Admitted, admitted, record
from changxiao.cases.models import Case, Ruling
from changxiao.catalog.actions import set_responsibility
from changxiao.catalog.models import Responsibility
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.orgs.models import Unit

STREET = 9  # digits of a subdistrict: a ruling holds for its street and not for the whole city


def offer(done: Admitted, unit: Unit) -> Case:
    """提出裁定: the newest ruling on a case replaces one that still waited."""
    case = done.case
    Ruling.objects.filter(case=case, state=Ruling.State.OFFERED).update(
        state=Ruling.State.DROPPED, decided_by=done.act.actor, decided_at=done.at
    )
    Ruling.objects.create(
        case=case,
        unit=unit,
        area_code=case.community_code[:STREET],
        ruled_by=done.act.actor,
        ruled_at=done.at,
    )
    return case


def adopt_ruling(case: Case, *, act: Act) -> Case:
    """裁定列入责任表: from today the unit answers for the same criterion in the same street."""
    with admitted(case, "adopt_ruling", act) as done:
        ruling = _decide(done, Ruling.State.ADOPTED)
        row = done.case
        set_responsibility(
            row.criterion or row.subcategory,
            unit=ruling.unit,
            area_code=ruling.area_code,
            section=row.section if row.lead_unit_id == ruling.unit_id else None,
            origin=Responsibility.Origin.RULING.value,
            basis=row.code or row.number,
            act=act.derive("responsibility"),
        )
        return record(done, body=_told(ruling))


def drop_ruling(case: Case, *, act: Act) -> Case:
    """裁定不列入责任表: it stays a decision on this one case."""
    with admitted(case, "drop_ruling", act) as done:
        return record(done, body=_told(_decide(done, Ruling.State.DROPPED)))


def _decide(done: Admitted, state: str) -> Ruling:
    waiting = Ruling.objects.select_related("unit").filter(
        case=done.case, state=Ruling.State.OFFERED
    )
    ruling = waiting.first()
    if ruling is None:
        raise Refused("nothing_asked", _("没有待定的权属裁定"))
    ruling.state, ruling.decided_by, ruling.decided_at = state, done.act.actor, done.at
    ruling.save(update_fields=["state", "decided_by", "decided_at"])
    return ruling


def _told(ruling: Ruling) -> dict[str, str]:
    return {"unit": ruling.unit.code, "area": ruling.area_code}
