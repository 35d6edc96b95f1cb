"""沿革与撤销: for every kind of row of the catalogue, by the same two views."""

from __future__ import annotations

from collections.abc import Mapping

from changxiao.catalog.views import (
    calendar,
    criteria,
    overlays,
    places,
    policies,
    publicity,
    questions,
    residents,
    responsibilities,
    subjects,
    times,
    windows,
)
from changxiao.catalog.views.base import for_editors
from changxiao.ledger import edits
from changxiao.ledger.edits import Kind

KINDS: Mapping[str, Kind] = {
    "answer": residents.ANSWER_KIND,
    "calendar": calendar.KIND,
    "control": residents.CONTROL_KIND,
    "category": subjects.CATEGORY_KIND,
    "criterion": criteria.KIND,
    "grade": times.GRADE_KIND,
    "overlay": overlays.KIND,
    "place_kind": places.KIND,
    "policy": policies.KIND,
    "public": publicity.KIND,
    "question": questions.KIND,
    "responsibility": responsibilities.KIND,
    "stage": times.STAGE_KIND,
    "subcategory": subjects.SUBCATEGORY_KIND,
    "window": windows.KIND,
}


history, undo = edits.past(KINDS, for_editors)
