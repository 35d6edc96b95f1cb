"""结案材料区: what a case's criterion asks for, what is there, what came with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from changxiao.cases import evidence
from changxiao.cases.actions import evidence as proof
from changxiao.cases.flow import AFTER_FILING
from changxiao.cases.models import Case, CasePhoto
from changxiao.catalog.models import NeedKind


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
