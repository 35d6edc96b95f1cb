"""即时更新: which cases changed, in the order of the log, and who may hear of it.

Leaves have no gap (ledger.sequencer), so a place in their order is all a listener must remember. A
change is told by number, verb and n alone: the page fetches what it may see through its own door.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.core import signing
from django.utils import timezone

from changxiao.cases.models import Case
from changxiao.kernel.scope import Viewer, viewing
from changxiao.ledger.models import Leaf
from changxiao.orgs.access import viewer_for
from changxiao.orgs.models import Staff

BATCH = 500
FRESH = 60  # seconds in which a ticket opens a connection
_SALT = "changxiao.cases.live"
_STREAM = "case:"


@dataclass(frozen=True, slots=True)
class Change:
    """变化: the leaf's place in the order, the number, the verb and its place in the case."""

    at: int
    number: str
    verb: str
    n: int


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
    """其后的变化: how far this look came, and the changes of cases on the way; one statement."""
    leaves = Leaf.objects.filter(index__gt=position).order_by("index")
    rows = list(leaves.values_list("index", "entry__stream", "entry__verb", "entry__n")[:BATCH])
    changes = [
        Change(index, stream.removeprefix(_STREAM), verb, n)
        for index, stream, verb, n in rows
        if stream.startswith(_STREAM)
    ]
    return (rows[-1][0] if rows else position), changes


def heard(viewer: Viewer, changes: Collection[Change]) -> list[Change]:
    """可闻的变化: of cases within the viewer's reach as they stand now; one statement."""
    with viewing(viewer):
        found = Case.objects.filter(number__in={change.number for change in changes})
        numbers = set(found.values_list("number", flat=True))
    return [change for change in changes if change.number in numbers]
