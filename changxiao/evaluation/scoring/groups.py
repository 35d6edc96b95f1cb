"""被评对象 that may be scored: by the scheme's kind of group, code and name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from changxiao.areas.models import DutyGrid
from changxiao.evaluation.naming import AREAS
from changxiao.evaluation.periods import Period
from changxiao.evaluation.rankings.marks import CONTRACTOR
from changxiao.evaluation.schemes import Scheme
from changxiao.evaluation.scoring.contracts import Contracts, Term
from changxiao.orgs.models import ContractSection, Staff, Unit

_KINDS: Mapping[str, Sequence[str]] = {
    "contractor": (Unit.Kind.MAINTENANCE_CONTRACTOR,),
    "department": (Unit.Kind.DEPARTMENT, Unit.Kind.SUBDISTRICT, Unit.Kind.OWNER_UNIT),
    "subject": (Unit.Kind.DEPARTMENT, Unit.Kind.SUBDISTRICT, Unit.Kind.OFFICE),
}


def groups_of(scheme: Scheme) -> dict[str, str]:
    """可评对象: name by code, in their order; empty where the kind has no list of its own."""
    if scheme.group in AREAS:
        rows = AREAS[scheme.group]._default_manager.filter(code__startswith=scheme.within)
        return dict(rows.order_by("code").values_list("code", "name"))
    if scheme.group == "duty_grid":
        grids = DutyGrid.objects.filter(code__startswith=scheme.within).order_by("code")
        return dict(grids.values_list("code", "community__name"))
    if scheme.group == "person":
        staff = Staff.objects.filter(is_active=True).order_by("username")
        return dict(staff.values_list("username", "name"))
    kinds = _KINDS.get(scheme.group, ())
    units = Unit.objects.filter(kind__in=kinds, until_date__isnull=True).order_by("path")
    return dict(units.values_list("code", "name"))


def contracts_of(scheme: Scheme, period: Period) -> Contracts | None:
    """合同 that lines may name; None where the scheme does not rank contractors."""
    if scheme.group != CONTRACTOR:
        return None
    rows = ContractSection.objects.order_by("contract_number", "section").values_list(
        *("contractor__code", "contract_number", "section", "since_date", "until_date"),
        "contractor__name",
    )
    told = list(rows)
    names = {one[0]: one[-1] for one in told}
    return Contracts([Term(*one[:-1]) for one in told], period, names)
