"""推送的内容: an entry and its case in public JSON; no person's name, no remark, no description.

`id` is the entry's hash, the same at every attempt and every replay: whoever keeps it does each
thing once. `case` is the case as it stands when the message leaves, `stage` as the entry left it.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from changxiao.cases.models import Case
from changxiao.catalog import known
from changxiao.ledger.models import Entry

STREAM = "case:"
# Of what a step set, what tells nothing of a person.
CHANGED = (
    *("unit", "lead_unit", "due_at", "handle_due_at", "whole_due_at", "urgent", "outcome"),
    *("rework_count", "extension_count", "suspension_count", "order_count", "suspended_until"),
    *("handled_late", "forced", "filed_at", "dispatched_at", "handled_at", "verified_at"),
    *("ended_at", "subcategory", "criterion", "address", "lon", "lat", "duplicate_of"),
)


def body(entry: Entry, position: int, case: Case | None) -> bytes:
    """推送正文, as it is signed."""
    return json.dumps(told(entry, position, case), ensure_ascii=False).encode()


def told(entry: Entry, position: int, case: Case | None) -> dict[str, Any]:
    """推送的内容, as a mapping."""
    data = entry.data
    changed = {name: value for name, value in data.get("set", {}).items() if name in CHANGED}
    return {
        "id": entry.hash,
        "position": position,
        "type": f"case.{entry.verb}",
        "n": entry.n,
        "at": entry.at.isoformat(),
        "recorded_at": entry.recorded_at.isoformat(),
        "stage": data.get("stage", ""),
        "changed": changed,
        "case": _case(case) if case else None,
    }


def _case(case: Case) -> dict[str, Any]:
    kind = known.by_id(case.subcategory_id)
    return {
        "number": case.number,
        "code": case.code,
        "stage": case.stage,
        "channel": case.channel,
        "subcategory": kind.key,
        "subcategory_name": kind.label,
        "urgent": case.urgent,
        "address": case.address,
        "lon": case.lon,
        "lat": case.lat,
        "unit": case.unit.code if case.unit else None,
        "due_at": _moment(case.due_at),
        "handle_due_at": _moment(case.handle_due_at),
    }


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
