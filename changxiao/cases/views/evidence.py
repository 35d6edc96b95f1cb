"""结案材料区: what a case's criterion asks for and what is there; flags, for who weighs them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from changxiao.cases import access, evidence
from changxiao.cases.actions import evidence as proof
from changxiao.cases.flow import AFTER_FILING
from changxiao.cases.models import Case, CasePhoto
from changxiao.cases.models_evidence import EvidenceFlag
from changxiao.catalog.models import NeedKind
from changxiao.kernel.scope import Viewer


@dataclass(frozen=True, slots=True)
class NeedRow:
    """一项材料: in words, whether it is there, and the value where one was read."""

    words: str
    there: bool
    told: str


def of_case(case: Case, photos: Sequence[CasePhoto]) -> dict[str, Any]:
    """结案材料 of a case on its way to closing; nothing before filing."""
    needs = proof.needs_of(case)
    if not needs or case.stage not in AFTER_FILING:
        return {"rows": []}
    held = proof.held_by(case, [row.role for row in photos])
    lacking = evidence.missing(needs, held)
    values = {one.name: f"{one.value.normalize():f}" for one in held.readings}
    rows = []
    for need in evidence.asked(needs, held.outcome):
        read = values.get(need.name, "") if need.kind == NeedKind.READING else ""
        rows.append(NeedRow(need.words, need not in lacking, f"{read} {need.unit}" if read else ""))
    return {"rows": rows}


def flags_of(case: Case, viewer: Viewer) -> list[EvidenceFlag]:
    """本案疑点, for who weighs evidence; nobody else's page asks for them."""
    if not access.sees_flags(viewer, case):
        return []
    return list(EvidenceFlag.everything.filter(case=case).order_by("made_at", "id"))
