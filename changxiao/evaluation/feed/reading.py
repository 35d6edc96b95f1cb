"""读记录: the entries of cases below one size of the log, a case at a time."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from django.db.models import QuerySet

from changxiao.evaluation.feed.fold import Folded, Row, Said, fold
from changxiao.evaluation.observing.folding import STREAM
from changxiao.evaluation.observing.folding import observed as fold_observed
from changxiao.ledger.models import Entry, Leaf

CHUNK = 400  # streams that one statement names; SQLite takes less than a thousand values
_COLUMNS = ("stream", "n", "verb", "actor", "at", "body", "hash")


def changed(start: int, size: int) -> list[str]:
    """变动的案卷: numbers of the cases of which leaves from `start` below `size` tell."""
    streams = Leaf.objects.filter(index__gte=start, index__lt=size)
    names = streams.values_list("entry__stream", flat=True).distinct()
    found = {name.partition(":")[2] for name in names if name.startswith(("case:", "missed:"))}
    return sorted(found)


def folded(city: str, size: int, numbers: Sequence[str] | None = None) -> Iterator[Folded]:
    """逐案折叠: every case, or those named, as the first `size` entries of the log tell it.

    Some at a time, each list read whole: on SQLite a statement that stays open for the minutes
    of an export keeps the write-ahead log from being folded back, and every report adds to it.
    """
    missed = _missed(size)
    for entries in _all() if numbers is None else _named(numbers):
        for stream, group in groupby(_said(size, entries), key=lambda row: row[0]):
            number = stream.partition(":")[2]
            yield fold(city, number, [_one(row) for row in group], missed.get(number, ()))


def _named(numbers: Sequence[str]) -> Iterator[QuerySet[Entry]]:
    for low in range(0, len(numbers), CHUNK):
        streams = [f"case:{number}" for number in numbers[low : low + CHUNK]]
        yield Entry.objects.filter(stream__in=streams)


def _all() -> Iterator[QuerySet[Entry]]:
    cases = Entry.objects.filter(stream__startswith="case:")
    first = cases.filter(n=1).order_by("stream").values_list("stream", flat=True)
    last = ""
    while some := list(first.filter(stream__gt=last)[:CHUNK]):
        yield cases.filter(stream__gt=last, stream__lte=some[-1])
        last = some[-1]


def _said(size: int, entries: QuerySet[Entry]) -> list[Any]:
    rows = entries.filter(leaf__index__lt=size).order_by("stream", "n")
    return list(rows.values_list(*_COLUMNS))


def _one(row: Any) -> Said:
    _stream, n, verb, actor, at, body, hashed = row
    return Said(n, verb, actor, at, json.loads(body), hashed)


def _missed(size: int) -> dict[str, list[Said]]:
    """漏报记录 by case: few, and read whole."""
    beside = Entry.objects.beside_cases()  # by its index: the log is a hundred times as long
    rows = _said(size, beside.filter(stream__startswith="missed:"))
    return {
        stream.partition(":")[2]: [_one(row) for row in group]
        for stream, group in groupby(rows, key=lambda row: row[0])
    }


def observed(city: str, start: int, size: int) -> list[Row] | None:
    """观测行 as the first `size` entries tell them; None where none came from `start` on."""
    sheets = Entry.objects.beside_cases().filter(stream__startswith=STREAM, leaf__index__lt=size)
    if start and not sheets.filter(leaf__index__gte=start).exists():
        return None
    bodies = sheets.order_by("leaf__index").values_list("body", flat=True)
    return fold_observed(city, map(json.loads, bodies))
