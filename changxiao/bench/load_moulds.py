"""铸模 moulds: a journey with everything left open that differs between cases, ready to be filled.

`Mould.cast` moves it to a week and `Cast.add` gives one case's rows; the entries' hashes are those
of `ledger.chain`, so the chain is as valid as one that the verbs wrote.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Model

from changxiao.bench.load_forms import Form, RowForm, Slots, form, moment, row_form
from changxiao.bench.load_journeys import Journey
from changxiao.cases.models import Case, CasePhoto, CaseRequest
from changxiao.ledger import chain
from changxiao.ledger.models import Entry

LONGEST = 9  # entries of the longest journey
PLACED = (
    *("lon", "lat", "address"),
    *("district_code", "community_code", "unit_grid_code", "duty_grid_code"),
)
SEALED = ("description_commit", "reporter_commit")
NAMES = (
    *("case_id", "number", "code", "description", "key", "head_id"),
    *PLACED,
    *SEALED,
    *(f"entry_{n}" for n in range(1, LONGEST + 1)),
)
REPORTER = json.dumps({"name": "陈大文", "phone": "13800138000"}, ensure_ascii=False)
Row = Sequence[Any]


@dataclass(slots=True)
class Batch:
    """一批行: what is written at once, by table."""

    cases: list[Row] = field(default_factory=list)
    entries: list[Row] = field(default_factory=list)
    sealed: list[Row] = field(default_factory=list)
    requests: list[Row] = field(default_factory=list)
    photos: list[Row] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Told:
    """案卷变量: what one case has for itself; `key` begins the keys of its acts."""

    case_id: int
    first_entry: int
    number: str
    code: str
    description: str
    key: str
    place: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Step:
    verb: str
    actor: str
    at: Form
    occurred: Form | None
    body: Form
    framed: Form

    def bound(self, known: Mapping[int, str]) -> _Step:
        at, body, framed = (one.bound(known) for one in (self.at, self.body, self.framed))
        occurred = self.occurred and self.occurred.bound(known)
        return _Step(self.verb, self.actor, at, occurred, body, framed)


@dataclass(frozen=True, slots=True)
class Cast:
    """铸件: a mould in one week: only numbers and places are still open."""

    by_phone: bool
    steps: tuple[_Step, ...]
    case: RowForm
    requests: tuple[RowForm, ...]
    photos: tuple[RowForm, ...]

    def add(self, told: Told, salts: Sequence[bytes], into: Batch) -> None:
        """加入: the rows of one case to the batch."""
        count = len(self.steps)
        ids = [str(told.first_entry + n) for n in range(count)]
        sealed = list(_sealed(told.description, self.by_phone, salts))
        commits = [commit for commit, _salt, _value in sealed]
        values = [
            *(str(told.case_id), told.number, told.code, told.description, told.key, ids[-1]),
            *told.place,
            *(*commits, "")[: len(SEALED)],
            *ids,
        ]
        into.sealed += sealed
        into.cases.append(self.case.filled(values))
        into.entries += self._entries(told, values)
        into.requests += [row.filled(values) for row in self.requests]
        into.photos += [row.filled(values) for row in self.photos]

    def _entries(self, told: Told, values: Sequence[str]) -> Iterator[Row]:
        stream = f"case:{told.number}"
        prev = chain.first(stream)
        for n, step in enumerate(self.steps, start=1):
            at = step.at.pieces[0]
            link = chain.link(prev, step.framed.filled(values).encode())
            yield (
                *(told.first_entry + n - 1, stream, n, step.verb, step.actor, ""),
                *(f"{told.key}{n:02d}", step.occurred and step.occurred.pieces[0], at, at),
                *(step.body.filled(values), prev.hex(), link.hex()),
            )
            prev = link


class Mould:
    """铸模 of one journey; every date and all that is a case's own is open."""

    def __init__(self, journey: Journey, zone: ZoneInfo) -> None:
        slots = Slots(NAMES)
        self.shape = journey.shape
        self.begun = journey.case.reported_at.astimezone(zone)
        self.filed = journey.case.filed_at and journey.case.filed_at.astimezone(zone)
        ids = {entry.pk: f"{{{{entry_{entry.n}}}}}" for entry in journey.entries}
        self._open = Cast(
            bool(journey.case.reporter),
            tuple(_step(entry, slots) for entry in journey.entries),
            row_form(columns(journey.case), _changes(journey.case), slots),
            tuple(_side(row, slots) for row in journey.requests),
            tuple(_side(row, slots, entry_id=ids[row.entry_id]) for row in journey.photos),
        )
        self._dates = {slots.of_date(day.isoformat()): day for day in slots.dates}

    def __len__(self) -> int:
        return len(self._open.steps)

    def cast(self, weeks: int) -> Cast:
        """铸造: the mould so many weeks later (negative: earlier)."""
        later = timedelta(weeks=weeks)
        known = {slot: (day + later).isoformat() for slot, day in self._dates.items()}
        whole = self._open
        return Cast(
            whole.by_phone,
            tuple(step.bound(known) for step in whole.steps),
            whole.case.bound(known),
            tuple(row.bound(known) for row in whole.requests),
            tuple(row.bound(known) for row in whole.photos),
        )


ENTRY = (
    *("id", "stream", "n", "verb", "actor", "on_behalf", "act_key"),
    *("occurred_at", "at", "recorded_at", "body", "prev", "hash"),
)


def columns(row: Model, *, without: str = "") -> dict[str, Any]:
    """各列: of a row, as `Model.save` would write them; JSON stays a list or mapping."""
    named = [(str(one.column), one.attname) for one in row._meta.concrete_fields]
    return {column: getattr(row, name) for column, name in named if column != without}


def _changes(case: Case) -> Mapping[str, str]:
    changed = {name: f"{{{{{name}}}}}" for name in ("number", "head_id", "description", *PLACED)}
    changed["id"] = "{{case_id}}"
    if case.code:
        changed["code"] = "{{code}}"
    if case.reporter:
        changed["reporter"] = "{{reporter_commit}}"
    return changed


def _side(row: CaseRequest | CasePhoto, slots: Slots, **changed: str) -> RowForm:
    return row_form(columns(row, without="id"), {"case_id": "{{case_id}}", **changed}, slots)


def _step(entry: Entry, slots: Slots) -> _Step:
    seen, at, body = entry.occurred_at, chain.timestamp(entry.at), _opened(entry)
    framed = chain.frame(
        act_key=f"{{{{key}}}}{entry.n:02d}",
        actor=entry.actor,
        at=at,
        body=body,
        n=entry.n,
        occurred_at=chain.timestamp(seen) if seen else None,
        on_behalf="",
        recorded_at=at,
        stream="case:{{number}}",
        verb=entry.verb,
    )
    return _Step(
        entry.verb,
        entry.actor,
        form(moment(entry.at), slots),
        form(moment(seen), slots) if seen else None,
        form(body, slots),
        form(framed.decode(), slots),
    )


def _opened(entry: Entry) -> str:
    body = entry.data
    changed = body.get("set", {})
    for name in {*PLACED, "code"} & set(changed):
        changed[name] = f"{{{{{name}}}}}"
    if changed.get("reporter"):
        changed["reporter"] = "{{reporter_commit}}"
    if "sealed" in body:
        body["sealed"] = {name: f"{{{{{name}_commit}}}}" for name in body["sealed"]}
    return chain.canonical(body)


def _sealed(text: str, by_phone: bool, salts: Sequence[bytes]) -> Iterator[tuple[str, str, str]]:
    values = (text, REPORTER) if by_phone else (text,)
    for value, salt in zip(values, salts, strict=False):
        yield sha256(salt + value.encode()).hexdigest(), salt.hex(), value
