"""路程 road: which verbs bring a case to where the source has it, and when each was done. Pure.

A list tells when a problem came in and when it was done; the desks' steps between them are not in
it. They follow the report at five minutes each, or closer where the source leaves no room; handling
ends when the source says so, which alone decides overdue; checking and closing follow it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from changxiao.cases.importing.drafting import Draft

STEP = timedelta(minutes=5)
_CONFIRMED = ("ask_to_confirm", "confirm")
_TAKEN = ("accept", "file", "dispatch")
_DONE = ("feed_back", "verify", "close")


@dataclass(frozen=True, slots=True)
class Move:
    """一步: a verb and its legal time."""

    verb: str
    at: datetime


def road(draft: Draft, *, confirm: bool) -> list[Move]:
    """路程: from report on; `confirm`: the city wants such reports confirmed on the spot first."""
    before = (*(_CONFIRMED if confirm else ()), *_TAKEN)
    start, end = draft.reported_at, draft.completed_at
    moves = [Move("report", start)]
    if draft.status.to in {"declined", "duplicate"}:
        return [*moves, Move("decline", end or start + STEP)]
    step = STEP if end is None else min(STEP, (end - start) / (len(before) + 1))
    moves += [Move(verb, start + step * n) for n, verb in enumerate(before, start=1)]
    if draft.status.to == "closed" and end is not None:
        moves += [Move(verb, end + STEP * n) for n, verb in enumerate(_DONE)]
    return moves
