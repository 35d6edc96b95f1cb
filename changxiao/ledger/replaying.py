"""回放 replaying: rows beside the entries of their streams, so that each is held against its log
(promise P7; `changxiao ledger verify --state`). Which row is whose a room says (`wiring.REPLAYS`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any, Protocol, TypeVar

from django.utils.translation import gettext as _

from changxiao.ledger.models import Entry

Bodies = list[Mapping[str, Any]]


class Streamed(Protocol):
    """有记录流的行."""

    @property
    def stream(self) -> str: ...


Row = TypeVar("Row", bound=Streamed)


def paired(rows: Iterable[Row], prefix: str) -> Iterator[tuple[str, Row | None, Bodies]]:
    """成对: each stream below `prefix` with its row and its entries' bodies, the oldest first.

    `rows` come in the order of their streams. No row: None; no entries: an empty list. Two long
    readings and nothing held, so a million of them need no memory.
    """
    told = _told(prefix)
    stream, bodies = next(told, ("", []))
    for row in rows:
        while stream and stream < row.stream:
            yield stream, None, bodies
            stream, bodies = next(told, ("", []))
        if stream != row.stream:
            yield row.stream, row, []
            continue
        yield stream, row, bodies
        stream, bodies = next(told, ("", []))
    while stream:
        yield stream, None, bodies
        stream, bodies = next(told, ("", []))


def _told(prefix: str) -> Iterator[tuple[str, Bodies]]:
    entries = Entry.objects.filter(stream__startswith=prefix).order_by("stream", "n")
    rows = entries.values_list("stream", "body").iterator(chunk_size=2000)
    for stream, group in groupby(rows, key=lambda row: row[0]):
        yield stream, [json.loads(body) for _stream, body in group]


def unpaired(stream: str, row: Streamed | None, bodies: Bodies) -> str:
    """缺了一半: the sentence for a log without its row or a row without its log, or ""."""
    if row is None:
        return _("台账中的“%(stream)s”没有对应的行") % {"stream": stream}
    return "" if bodies else _("“%(stream)s”在台账中没有记录") % {"stream": stream}


def differs(stream: str, name: str, told: object, held: object) -> str:
    """不一致: the sentence for a column that is not what its log says."""
    message = _("“%(stream)s”的%(name)s应为%(told)s，实为%(held)s")
    return message % {"stream": stream, "name": name, "told": told, "held": held}
