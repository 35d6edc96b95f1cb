"""即时更新: which cases changed, in the order of the log, and who may hear of it.

Leaves have no gap (ledger.sequencer), so a place in their order is all a listener must remember. A
change is told by number, verb and n alone: the page fetches what it may see through its own door.
Who could see a case until this change is told that it left, and not what was done with it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from django.core import signing
from django.utils import timezone

from changxiao.cases import access
from changxiao.cases.access import Held
from changxiao.cases.models import Case
from changxiao.kernel.scope import Viewer, viewing
from changxiao.ledger.models import Entry, Leaf
from changxiao.orgs.access import viewer_for
from changxiao.orgs.models import Staff, Unit

BATCH = 500
FRESH = 60  # seconds in which a ticket opens a connection
_SALT = "changxiao.cases.live"
_STREAM = "case:"
# What gives a case to another unit or another place, and so may take it out of somebody's reach.
MOVES = frozenset(
    {"dispatch", "rule_ownership", "take_back", "forward", "recall", "amend", "agree_amend"}
)
LEFT = "left"  # told in place of the verb
_WHERE = ("unit", "community_code", "duty_grid_code")


@dataclass(frozen=True, slots=True)
class Change:
    """变化: the leaf's place in the order, the number, the verb and its place in the case; where it
    stood before, when it may have moved."""

    at: int
    number: str
    verb: str
    n: int
    was: Held | None = None


def ticket(staff: Staff) -> str:
    """入场票: names its bearer, for the live process has no session; signed, good for a minute."""
    return signing.dumps(staff.username, salt=_SALT)


def bearer(text: str) -> Viewer | None:
    """持票人, with the rights of this moment; None for a ticket that is forged or too old."""
    try:
        username = signing.loads(text, salt=_SALT, max_age=FRESH)
    except signing.BadSignature:
        return None
    staff = Staff.objects.filter(username=username, is_active=True).first()
    return viewer_for(staff, timezone.now()) if staff else None


def top() -> int:
    """最后一叶 of the order; -1 in an empty log."""
    last = Leaf.objects.order_by("-index").values_list("index", flat=True).first()
    return -1 if last is None else last


def after(position: int) -> tuple[int, list[Change]]:
    """其后的变化: how far this look came, and the changes of cases on the way; one statement, and
    two more where a case may have moved."""
    leaves = Leaf.objects.filter(index__gt=position).order_by("index")
    rows = list(leaves.values_list("index", "entry__stream", "entry__verb", "entry__n")[:BATCH])
    changes = [
        Change(index, stream.removeprefix(_STREAM), verb, n)
        for index, stream, verb, n in rows
        if stream.startswith(_STREAM)
    ]
    return (rows[-1][0] if rows else position), _with_origin(changes)


def _with_origin(changes: list[Change]) -> list[Change]:
    moved = {_STREAM + change.number for change in changes if change.verb in MOVES}
    if not moved:
        return changes
    told: dict[str, list[tuple[int, Mapping[str, str]]]] = {}
    entries = Entry.objects.filter(stream__in=moved).order_by("stream", "n")
    for stream, n, body in entries.values_list("stream", "n", "body"):
        told.setdefault(stream, []).append((n, json.loads(body).get("set", {})))
    codes = {columns.get("unit") or "" for steps in told.values() for _n, columns in steps}
    paths = dict(Unit.objects.filter(code__in=codes).values_list("code", "path"))
    return [
        replace(c, was=_stood(told[_STREAM + c.number], c.n, paths)) if c.verb in MOVES else c
        for c in changes
    ]


def _stood(
    steps: Sequence[tuple[int, Mapping[str, str]]], n: int, paths: Mapping[str, str]
) -> Held:
    """Before entry `n`, as the entries before it say: each repeats the columns that it set."""
    found: dict[str, str] = {}
    for at, columns in steps:
        if at < n:
            found |= {name: columns[name] or "" for name in _WHERE if name in columns}
    unit = paths.get(found.get("unit", ""), "")
    return Held(unit, found.get("community_code", ""), found.get("duty_grid_code", ""))


def heard(viewer: Viewer, changes: Collection[Change]) -> list[Change]:
    """可闻的变化: of cases within the viewer's reach as they stand now, and that one left it; one
    statement."""
    with viewing(viewer):
        found = Case.objects.filter(number__in={change.number for change in changes})
        numbers = set(found.values_list("number", flat=True))
    told = []
    for change in changes:
        if change.number in numbers:
            told.append(change)
        elif change.was is not None and access.held(viewer, change.was):
            told.append(replace(change, verb=LEFT))
    return told
