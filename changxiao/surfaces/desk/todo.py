"""待办: which stages wait for which post, by the flow table, and how many cases stand there."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.utils.functional import Promise

from changxiao.cases import listing
from changxiao.cases.actions.base import flow_in_force
from changxiao.cases.flow import OPEN, Flow, Stage
from changxiao.cases.models import Case

# Steps that nobody waits for: at any time, or only in exceptional cases.
ASIDE = frozenset(
    {
        "nudge",
        *("call_again", "call_back", "reopen"),
        "add_photo",
        "supervise",
        "unmask",
        "answer_order",
        "assist",
        "issue_link",
        "revoke_link",
        "void",
        "force_close",
        *("recall", "amend", "ask_amend", "agree_amend", "refuse_amend"),
        *("split", "join", "split_off", "fill_in", "publish", "withdraw", "give_up_photo"),
        "verify_again",
        *("recheck", "dispute_check", "follow_up", "excuse_check"),
    }
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """待办一项: a stage, what my posts do there, how many cases, how many of them late."""

    stage: str
    label: str | Promise
    verbs: tuple[str | Promise, ...]
    count: int
    late: int
    today: int


def stages(flow: Flow, posts: Collection[str]) -> dict[str, tuple[str | Promise, ...]]:
    """待办环节: stage → the steps that these posts take there, in the order of the road."""
    found: dict[str, tuple[str | Promise, ...]] = {}
    for stage in Stage:
        steps = [s for s in flow.open_to(stage, posts) if s.verb not in ASIDE]
        if steps and stage in OPEN:
            found[stage.value] = tuple(step.title for step in steps)
    return found


def waiting(posts: Collection[str], now: datetime) -> list[Waiting]:
    """待办 within the current viewer's reach; one statement."""
    mine = stages(flow_in_force(), posts)
    if not mine:
        return []
    rows = (
        Case.objects.filter(stage__in=mine)
        .order_by()
        .values_list("stage")
        .annotate(
            count=Count("pk"),
            late=Count("pk", filter=listing.late(now)),
            today=Count("pk", filter=listing.due_today(now)),
        )
    )
    counted = {stage: (count, late, today) for stage, count, late, today in rows}
    return [
        Waiting(stage, Stage(stage).label, titles, *counted.get(stage, (0, 0, 0)))
        for stage, titles in mine.items()
    ]
