"""核对: each table of evaluations against what its entries tell."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any, Protocol

from changxiao.cases.written import plain
from changxiao.evaluation.evaluating import Result
from changxiao.evaluation.flow import State
from changxiao.evaluation.models import Evaluation, Objection, SchemeVersion
from changxiao.evaluation.models_gaps import GapTask
from changxiao.evaluation.models_highlights import Highlight
from changxiao.evaluation.models_observations import Observation
from changxiao.evaluation.models_proofs import Proof
from changxiao.evaluation.models_rewards import HonorDecision
from changxiao.evaluation.models_scores import ScoreSheet
from changxiao.evaluation.observing.folding import STREAM
from changxiao.evaluation.replay import folding
from changxiao.evaluation.replay.folding import Columns, Deed, Told
from changxiao.ledger.models import Entry
from changxiao.ledger.replaying import differs, unpaired

Rows = dict[str, Any]  # each under its stream, or what it is called below it


class _Headed(Protocol):
    head: Any


def check_evaluations() -> Iterator[str]:
    """逐次核对评价, with its objections, highlights and decisions; a result against its digest."""
    rows = {row.stream: row for row in Evaluation.everything.select_related("scheme", "head")}
    beside = _beside()
    yield from _checked("evaluation:", rows | beside, folding.evaluation)
    for stream, row in rows.items():
        if row.digest and (found := Result(row.result).digest) != row.digest:
            yield differs(stream, "result", row.digest, found)


def check_sheets() -> Iterator[str]:
    """逐张核对外部得分表."""
    rows = ScoreSheet.everything.select_related("head")
    every = {row.stream: row for row in rows} | _proofs("sheet")
    yield from _checked("scores:", every, folding.sheet)


def check_gaps() -> Iterator[str]:
    """逐项核对差距任务."""
    rows = GapTask.everything.select_related("head")
    every = {row.stream: row for row in rows} | _proofs("gap")
    yield from _checked("gap:", every, folding.gap)


def check_schemes() -> Iterator[str]:
    """逐版核对方案."""
    rows = {f"scheme:{row.key}/{row.version}": row for row in SchemeVersion.objects.all()}
    yield from _checked("scheme:", rows, folding.scheme)


def check_observations() -> Iterator[str]:
    """逐条核对观测, against all sheets of the log: one row is told of by several."""
    every = Observation.everything.select_related("entry")
    rows: Rows = {f"{row.item}/{row.kind}": row for row in every}
    for name, columns in folding.observations(_sheets()).items():
        row = rows.pop(name, None)
        if row is None:
            yield unpaired(f"{STREAM}{name}", None, [])
            continue
        held = {**row.told(), "file": row.file, "entry": f"{row.entry.stream}#{row.entry.n}"}
        for column in columns:
            if held[column] != columns[column]:
                yield differs(f"{STREAM}{name}", column, columns[column], held[column])
    for name, row in rows.items():
        yield unpaired(f"{STREAM}{name}", row, [])


def _sheets() -> Iterator[tuple[str, Mapping[str, Any]]]:
    entries = Entry.objects.beside_cases().filter(stream__startswith=STREAM).order_by("pk")
    for stream, n, body in entries.values_list("stream", "n", "body").iterator(chunk_size=50):
        yield f"{stream}#{n}", json.loads(body)


def _proofs(of: str) -> Rows:
    rows = Proof.objects.exclude(**{of: None}).select_related(of, "photo")
    return {f"{getattr(one, of).stream}/proof/{one.item}/{one.photo.sha256}": one for one in rows}


def _beside() -> Rows:
    found: Rows = {}
    for objection in Objection.everything.select_related("evaluation"):
        found[f"{objection.evaluation.stream}/objection/{objection.n}"] = objection
    for picked in Highlight.everything.select_related("evaluation"):
        found[f"{picked.evaluation.stream}/highlight/{picked.spot}"] = picked
    for one in HonorDecision.everything.select_related("evaluation"):
        found[f"{one.evaluation.stream}/honor/{one.honor}/{one.group}"] = one
    return found


def _checked(prefix: str, rows: Rows, fold: Callable[[Sequence[Deed]], Told]) -> Iterator[str]:
    rest = dict(rows)
    for stream, deeds in _told(prefix):
        for name, columns in fold(deeds).items():
            row = rest.pop(f"{stream}{name}", None)
            if row is None:
                yield unpaired(f"{stream}{name}", None, [])
                continue
            yield from _differences(f"{stream}{name}", row, columns)
            if name == "" and (found := _place(row)) != (stream, len(deeds)):
                yield differs(stream, "head", f"{stream}#{len(deeds)}", "{}#{}".format(*found))
    for name, row in rest.items():
        yield unpaired(name, row, [])


def _told(prefix: str) -> Iterator[tuple[str, list[Deed]]]:
    entries = Entry.objects.beside_cases().filter(stream__startswith=prefix)
    columns = entries.order_by("stream", "n").values_list("stream", "verb", "actor", "at", "body")
    for stream, group in groupby(columns.iterator(chunk_size=500), key=lambda one: one[0]):
        yield (
            stream,
            [
                Deed(verb, actor, plain(at), json.loads(body))
                for _stream, verb, actor, at, body in group
            ],
        )


def _place(row: _Headed) -> tuple[str, int]:
    return (row.head.stream, row.head.n) if row.head else ("", 0)


def _differences(stream: str, row: Any, columns: Columns) -> Iterator[str]:
    for name, told in columns.items():
        held = _held(getattr(row, name))
        if held != told:
            yield differs(stream, name, told, held)


def _held(value: Any) -> Any:
    if value == State.RUNNING:
        return State.WAITING  # that it is at work is progress, and no entry
    if isinstance(value, SchemeVersion):
        return str(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    return plain(value)
