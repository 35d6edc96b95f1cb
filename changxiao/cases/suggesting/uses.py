"""建议采用: what an entry says of a suggestion, and the counts by month and label.

Offered is what a person had before him; taken is what the same act then said. Which of the two was
right is told by neither.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from changxiao.cases.models_suggesting import SuggestionUse
from changxiao.cases.suggesting.offering import rank_of
from changxiao.kernel.day import local_time
from changxiao.ledger.models import Entry

HEARD = frozenset({"report", "accept"})


def suggests(entry: Entry) -> bool:
    """是否给过建议; asked of every report, so by the text alone."""
    return '"suggested":' in entry.body


def uses_of(entry: Entry) -> list[SuggestionUse]:
    """建议采用, a row for each head that was suggested."""
    told = json.loads(entry.body).get("suggested") if suggests(entry) else None
    if not told:
        return []
    month = f"{local_time(entry.at):%Y-%m}"
    return [
        SuggestionUse(
            entry=entry,
            head=head,
            version=told["version"],
            month=month,
            label=told[head][0][0],
            rank=rank_of(taken, told[head]),
        )
        for head, taken in told["taken"].items()
    ]


@dataclass(frozen=True, slots=True)
class Taken:
    """采用计数: of what was offered, how often the first was taken, another of the three, none."""

    key: str
    offered: int
    first: int
    other: int
    none: int

    @property
    def share(self) -> int:
        """首条采用率, in percent."""
        return round(100 * self.first / self.offered) if self.offered else 0


COUNTS = {
    "offered": Count("pk"),
    "first": Count("pk", filter=Q(rank=1)),
    "other": Count("pk", filter=Q(rank__gt=1)),
    "none": Count("pk", filter=Q(rank=0)),
}


def by_month(version: int, head: str) -> list[Taken]:
    """逐月, the newest first; one statement."""
    rows = _of(version, head).values("month").annotate(**COUNTS).order_by("-month")
    return _told("month", rows)


def by_label(version: int, head: str) -> list[Taken]:
    """逐标签, the most often offered first; one statement."""
    rows = _of(version, head).values("label").annotate(**COUNTS)
    return _told("label", rows.order_by("-offered", "label"))


def _of(version: int, head: str) -> Any:
    return SuggestionUse.objects.filter(version=version, head=head).order_by()


def _told(name: str, rows: Iterable[dict[str, Any]]) -> list[Taken]:
    return [
        Taken(row[name], row["offered"], row["first"], row["other"], row["none"]) for row in rows
    ]
