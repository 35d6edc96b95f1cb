"""折叠成事实: the entries of one case become its row and the rows of its tasks. Pure.

Only what the log says is used. What was recalled counts as never done: an entry repeats the columns
that it set, so leaving the recalled ones out gives what stood before them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from changxiao.evaluation.feed.tasks import tasks

IMPORTANT_CHANNELS = frozenset({"leader", "media", "upper"})
IMPORTANT_ORDERS = frozenset({"leader", "important"})
OWN_CHANNELS = frozenset({"collector", "inspection", "video", "machine", "sensor"})
PUBLIC_CHANNELS = frozenset({"public", "hotline", "letter", "open311", "wechat"})
STREET = 9  # digits of a subdistrict's code
CONTENT = {"satisfied": True, "fairly": True, "unsatisfied": False}

Row = dict[str, Any]


class Said(NamedTuple):
    """一条记录 as the fold needs it; `at` is the legal time."""

    n: int
    verb: str
    actor: str
    at: datetime
    body: Mapping[str, Any]
    hash: str = ""

    @property
    def sets(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.body.get("set", {})
        return found

    @property
    def post(self) -> str:
        return str(self.body.get("_act", {}).get("post", ""))


@dataclass(frozen=True, slots=True)
class Folded:
    """折叠结果: the case's row, and its tasks."""

    case: Row
    tasks: list[Row]


def fold(city: str, number: str, said: Sequence[Said], missed: Sequence[Said] = ()) -> Folded:
    """折叠: the whole case from its entries `said`, and from those on it as a missed report."""
    kept = standing(said)
    state = columns(kept)
    row = {
        "city": city,
        "number": number,
        "stage": state["stage"],
        "channel": state["channel"],
        "category": str(state["subcategory"]).partition(":")[2],
        "criterion": state.get("criterion") or "",
        "urgent": bool(state.get("urgent")),
        **_place(state),
        "department": state.get("lead_unit") or "",
        "contractor": (state.get("lead_unit") or "") if state.get("section") else "",
        **_times(state, kept),
        **_marks(state, kept),
        "missed": confirmed(missed) is not None,
    }
    return Folded(row, tasks(row, kept, confirmed(missed)))


def standing(said: Sequence[Said]) -> list[Said]:
    """有效记录: without those that were recalled, and without the recalls."""
    taken = {n for one in said if one.verb == "recall" for n in one.body.get("recalled", ())}
    return [one for one in said if one.n not in taken and one.verb != "recall"]


def columns(kept: Sequence[Said]) -> Row:
    """各列: what the entries say of the case when read in order."""
    state: Row = {}
    for one in kept:
        state |= one.sets
        state["stage"] = one.body.get("stage", state.get("stage", ""))
    return state


def confirmed(missed: Sequence[Said]) -> Said | None:
    """漏报认定: the entry that confirmed it, where it stands, not objected to nor overturned."""
    found = None
    for one in missed:
        if one.verb in {"confirm_missed", "uphold_missed"}:
            found = found or one
        elif one.verb == "overturn_missed":
            found = None
    if missed and missed[-1].verb == "object_missed":
        return None
    if found is None:
        return None
    collector = missed[0].body.get("collector", "")
    return found._replace(actor=collector)


def _place(state: Row) -> Row:
    community = state.get("community_code", "")
    return {
        "district": state.get("district_code", ""),
        "street": community[:STREET],
        "community": community,
        "unit_grid": state.get("unit_grid_code", ""),
        "duty_grid": state.get("duty_grid_code", ""),
        "x": _whole(state.get("lon")),
        "y": _whole(state.get("lat")),
    }


def _whole(degrees: str | None) -> int | None:
    """Entries hold degrees as text with seven decimals: without the point, whole 1e-7 degrees."""
    return int(degrees.replace(".", "")) if degrees else None


def _times(state: Row, kept: Sequence[Said]) -> Row:
    ended, stage = moment(state.get("ended_at")), state["stage"]
    return {
        "reported_at": moment(state["reported_at"]),
        "filed_at": moment(state.get("filed_at")),
        "dispatched_at": moment(state.get("dispatched_at")),
        "due_at": _due(kept),
        "handled_at": _handled(kept),
        "closed_at": ended if stage == "closed" else None,
        "close_due_at": moment(state.get("whole_due_at")),
        "voided_at": ended if stage == "voided" else None,
        "joined_at": ended if stage == "joined" else None,
    }


def _due(kept: Sequence[Said]) -> datetime | None:
    """The last that was decided; a suspension leaves the one before it to be told."""
    due = None
    for one in kept:
        if "handle_due_at" in one.sets and one.verb != "suspend":
            due = moment(one.sets["handle_due_at"])
    return due


def _handled(kept: Sequence[Said]) -> datetime | None:
    """The feedback that stood: on the last part, and not sent back by a check."""
    handled = None
    for one in kept:
        if one.verb == "feed_back" and one.body.get("stage") == "handled":
            handled = moment(one.sets["handled_at"])
        elif one.verb in {"rework", "feed_back"}:
            handled = None
    return handled


def _marks(state: Row, kept: Sequence[Said]) -> Row:
    channel, verbs = state["channel"], [one.verb for one in kept]
    orders = {one.body.get("order") for one in kept if one.verb == "supervise"}
    sent = [one for one in kept if one.verb in {"dispatch", "rule_ownership"}]
    return {
        "late": bool(state.get("handled_late")),
        "forced": bool(state.get("forced")),
        "suspended": state["stage"] == "suspended",
        "appeal_upheld": bool(state.get("exempt")),
        "reworks": verbs.count("rework"),
        "returns": verbs.count("take_back"),
        "extensions": verbs.count("extend"),
        "misdispatched": len({one.sets["lead_unit"] for one in sent if "lead_unit" in one.sets})
        > 1,
        "supervised": verbs.count("supervise"),
        "important": channel in IMPORTANT_CHANNELS or bool(orders & IMPORTANT_ORDERS),
        "self_found": channel in OWN_CHANNELS,
        "public_found": channel in PUBLIC_CHANNELS,
        "on_spot": state["stage"] == "on_spot",
        "reopened": "contest" in verbs or "reopen" in verbs,
        "solved": state.get("solved"),
        "satisfied": CONTENT.get(state.get("satisfaction") or ""),
        "called_back": state.get("callback") == "reached",
    }


def moment(told: str | None) -> datetime | None:
    """时刻: naive UTC, as facts have it."""
    if told is None:
        return None
    return datetime.fromisoformat(told).astimezone(UTC).replace(tzinfo=None)
