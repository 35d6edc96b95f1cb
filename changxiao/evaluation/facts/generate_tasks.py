"""虚拟任务: the tasks that belong to generated cases: who did which step, when it was due."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from changxiao.evaluation.facts import schema

MINUTE = 60_000_000
PEOPLE = 40  # of each post in a city
# kind: post, begins with, ends with, limit in minutes (None: until the case's own due time)
ROAD: tuple[tuple[str, str, str, str, int | None], ...] = (
    ("report", "collector", "reported_at", "reported_at", None),
    ("accept", "intake", "reported_at", "filed_at", 52),
    ("send_confirm", "intake", "reported_at", "filed_at", 55),
    ("confirm", "collector", "reported_at", "filed_at", 57),
    ("file", "shift_leader", "reported_at", "filed_at", 58),
    ("dispatch", "dispatcher", "filed_at", "dispatched_at", 28),
    ("handle", "handler", "dispatched_at", "handled_at", None),
    ("send_check", "intake", "handled_at", "closed_at", 1_350),
    ("check", "collector", "handled_at", "closed_at", 1_400),
    ("close", "shift_leader", "handled_at", "closed_at", 1_440),
    ("rework", "collector", "handled_at", "handled_at", None),
    ("return", "dispatcher", "dispatched_at", "dispatched_at", None),
    ("suspend", "dispatcher", "dispatched_at", "dispatched_at", None),
    ("miss", "collector", "filed_at", "filed_at", None),
)
# Which cases have such a step; the others have them all, once they come so far.
WHICH: dict[str, Callable[[pa.Table], Any]] = {
    "send_confirm": lambda cases: cases["public_found"],
    "confirm": lambda cases: cases["public_found"],
    "rework": lambda cases: pc.greater(cases["reworks"], 0),
    "return": lambda cases: pc.greater(cases["returns"], 0),
    "suspend": lambda cases: cases["suspended"],
    "miss": lambda cases: cases["missed"],
}


def tasks_of(cases: pa.Table, rng: np.random.Generator) -> pa.Table:
    """任务行 of these cases, one a step that has begun."""
    made = []
    for place, step in enumerate(ROAD):
        which = WHICH.get(step[0])
        made.append(_step(cases.filter(which(cases)) if which else cases, rng, place, *step))
    return pa.concat_tables(made).cast(schema.arrow("tasks"))


def _step(
    cases: pa.Table, rng: np.random.Generator, place: int, kind: str, post: str, *road: Any
) -> pa.Table:
    start, end, limit = road
    begun = cases.filter(pc.is_valid(cases[start]))
    count = begun.num_rows
    constant = {"kind": kind, "post": _post(begun, kind, post)}
    columns: dict[str, Any] = {
        **{name: begun[name] for name in ("city", "number", "department", "duty_grid")},
        **{name: begun[name] for name in ("district", "street")},
        **{name: _constant(value, count) for name, value in constant.items()},
        "n": pa.array(np.full(count, place + 1)),
        "person": _people(rng, post, count),
        "started_at": begun[start],
        "due_at": _due(begun, kind, start, limit),
        "done_at": begun[end],
        "sound": _sound(begun, kind),
        "reworks": begun["reworks"] if kind in {"dispatch", "handle"} else _none(count),
    }
    return pa.table({name: columns[name] for name in schema.TASKS.names}).cast(
        schema.arrow("tasks")
    )


def _post(begun: pa.Table, kind: str, post: str) -> Any:
    if kind != "report":
        return post
    return pc.if_else(pc.equal(begun["channel"], "collector"), "collector", "")


def _constant(value: Any, count: int) -> Any:
    return pa.array(np.full(count, value)) if isinstance(value, str) else value


def _people(rng: np.random.Generator, post: str, count: int) -> pa.Array:
    names = [f"{post}{i:02d}" for i in range(PEOPLE)]
    return pa.DictionaryArray.from_arrays(rng.integers(0, PEOPLE, count).astype(np.int32), names)


def _due(begun: pa.Table, kind: str, start: str, limit: int | None) -> Any:
    if limit is not None:
        micros = begun[start].cast(pa.int64())
        return pc.add(micros, pa.scalar(limit * MINUTE)).cast(pa.timestamp("us"))
    return begun["due_at"] if kind == "handle" else pa.nulls(begun.num_rows, pa.timestamp("us"))


def _sound(begun: pa.Table, kind: str) -> Any:
    """Whether the step held up, as the case tells it."""
    told = {
        "report": lambda: pc.is_valid(begun["filed_at"]),
        "file": lambda: pc.is_null(begun["voided_at"]),
        "dispatch": lambda: pc.invert(begun["misdispatched"]),
        "handle": lambda: pc.equal(begun["reworks"], 0),
    }
    return told[kind]() if kind in told else pa.nulls(begun.num_rows, pa.bool_())


def _none(count: int) -> npt.NDArray[np.int64]:
    return np.zeros(count, np.int64)
