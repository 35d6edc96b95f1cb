"""任务行: who did which step of a case, since when, due when, and whether it held up. Pure.

A step belongs to the stage that it ends; the stage's clock, as the entry before told it, says when
it began and when it was due. What is not done yet is a row without `done_at`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from changxiao.evaluation.feed.fold import Said

Row = dict[str, Any]
State = Mapping[str, Any]

# verb: the task that it does; in which stage where that matters
DOES = {
    "accept": "accept",
    "decline": "accept",
    "ask_to_confirm": "send_confirm",
    "confirm": "confirm",
    "refute": "confirm",
    "file": "file",
    "dispatch": "dispatch",
    "rule_ownership": "dispatch",
    "feed_back": "handle",
    "ask_to_verify": "send_check",
    "verify": "check",
    "rework": "check",
    "close": "close",
}
EVENTS = {"rework": "rework", "take_back": "return", "suspend": "suspend"}
WAITS = {
    "reported": "accept",
    "confirming": "confirm",
    "accepted": "file",
    "filed": "dispatch",
    "dispatched": "handle",
    "handled": "check",
    "verified": "close",
}


def tasks(case: Row, kept: Sequence[Said], missed: Said | None) -> list[Row]:
    """任务行 of a case, in the order of its entries."""
    made: list[Row] = []
    state: Row = {"stage": ""}
    for place, one in enumerate(kept):
        before = dict(state)
        state |= one.sets
        state["stage"] = one.body.get("stage", state["stage"])
        made += _of(one, before, state, kept[place + 1 :])
    made += _open(state, kept[-1].n + 1)
    if missed is not None:
        made.append(_row(missed, "miss", {}, post="collector"))
    shared = {name: case[name] for name in ("city", "number", "duty_grid", "district", "street")}
    reported = [row for row in made if row["kind"] == "report"]
    for row in reported:
        row["sound"] = _valid(case)
    return [shared | row for row in made]


def _of(one: Said, before: Row, after: Row, later: Sequence[Said]) -> list[Row]:
    """What one entry did: mostly nothing, mostly one task."""
    if one.verb == "report":
        return [_row(one, "report", {})]
    made = []
    if _does(one.verb, before):
        row = _row(one, DOES[one.verb], before)
        row["department"] = after.get("lead_unit") or ""
        made.append(row | _fate(one, after, later))
    if one.verb in EVENTS:
        event = _row(one, EVENTS[one.verb], before)
        made.append(event | {"started_at": event["done_at"], "due_at": None})
    return made


def _does(verb: str, before: State) -> bool:
    """A ruling dispatches only what nobody had; a feedback on a part is a handling of its own."""
    return verb in DOES and (verb != "rule_ownership" or before["stage"] == "filed")


def _row(one: Said, kind: str, before: State, *, post: str | None = None) -> Row:
    at = _naive(one.at)
    clock = _clock(before)
    return {
        "n": one.n,
        "kind": kind,
        "post": one.post if post is None else post,
        "person": one.actor,
        "department": before.get("lead_unit") or "",
        "started_at": _moment(clock["spans"][0][0]) if clock else at,
        "due_at": _moment(clock["due"]) if clock else None,
        "done_at": at,
        "sound": None,
        "reworks": 0,
    }


def _clock(state: State) -> Mapping[str, Any] | None:
    """The running clock of the stage; of several units' the lead's."""
    found = [
        row
        for row in state.get("clocks", ())
        if row["stage"] == state["stage"] and row["stopped"] is None
    ]
    ours = [row for row in found if row["unit"] == (state.get("lead_unit") or "")]
    running: Mapping[str, Any] | None = (ours or found or [None])[-1]
    return running


def _fate(one: Said, after: State, later: Sequence[Said]) -> Row:
    """How the step fared afterwards."""
    if one.verb == "file":
        return {"sound": not any(other.verb == "void" for other in later)}
    if DOES[one.verb] == "dispatch":
        return _sent(after, later)
    if one.verb == "feed_back":
        return _handled(later)
    if one.verb == "verify":
        return {"sound": _checked(one, later)}
    return {}


def _sent(after: State, later: Sequence[Said]) -> Row:
    """误派: sent back and given to another unit, or ruled to be another's; not known while it lies
    there again."""
    again = next((one for one in later if one.verb in {"dispatch", "rule_ownership"}), None)
    until = later if again is None else later[: later.index(again)]
    reworks = sum(one.verb == "rework" for one in until)
    if again is not None and "lead_unit" in again.sets:
        return {"sound": again.sets["lead_unit"] == after.get("lead_unit"), "reworks": reworks}
    returned = any(one.verb == "take_back" for one in until)
    return {"sound": None if returned else True, "reworks": reworks}


def _handled(later: Sequence[Said]) -> Row:
    """返工: what the next check said."""
    check = next((one.verb for one in later if one.verb in {"verify", "rework", "feed_back"}), "")
    told = {"verify": True, "rework": False}.get(check)
    return {"sound": told, "reworks": int(check == "rework")}


def _checked(one: Said, later: Sequence[Said]) -> bool | None:
    """抽查: what a second look said of this check; None where none was drawn, or it was excused."""
    told: bool | None = None
    for other in later:
        if other.body.get("entry") == one.hash:
            told = {"recheck": True, "dispute_check": False, "excuse_check": None}.get(
                other.verb, told
            )
    return told


def _open(state: State, n: int) -> list[Row]:
    """未办: what waits to be done now, and for whom."""
    kind, clock = WAITS.get(state["stage"]), _clock(state)
    if kind is None or clock is None:
        return []
    waiting = {
        "n": n,
        "kind": kind,
        "post": "",
        "person": _named(kind, state),
        "department": state.get("lead_unit") or "",
        "started_at": _moment(clock["spans"][0][0]),
        "due_at": _moment(clock["due"]),
        "done_at": None,
        "sound": None,
        "reworks": 0,
    }
    if kind == "check" and not state.get("checker"):
        return [waiting | {"kind": "send_check"}, waiting]
    return [waiting]


def _named(kind: str, state: State) -> str:
    names = {"confirm": "checker", "check": "checker", "handle": "handler"}
    return str(state.get(names.get(kind, "")) or "")


def _valid(case: Row) -> bool | None:
    """有效上报: filed, or put right on the spot; None while not decided, or joined to another."""
    if case["filed_at"] is not None or case["on_spot"]:
        return True
    return False if case["stage"] == "declined" else None


def _moment(told: str | None) -> datetime | None:
    return _naive(datetime.fromisoformat(told)) if told else None


def _naive(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(tzinfo=None)
