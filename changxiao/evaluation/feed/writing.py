"""写事实: folded cases go into the files of their month, by one writer at a time. No Django."""

from __future__ import annotations

import fcntl
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from changxiao.evaluation.facts import schema, store
from changxiao.evaluation.feed.fold import Folded, Row
from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _

AT_ONCE = 20_000  # cases folded before they are written
_UTC = ZoneInfo("UTC")


def write(facts: store.Facts, cases: Iterable[Folded], zone: ZoneInfo) -> int:
    """写入: each case replaces what was told of it; how many. In force from `store.save` on."""
    written, waiting = 0, iter(cases)
    while some := list(islice(waiting, AT_ONCE)):
        written += len(some)
        for (city, month), group in sorted(_by_month(some, zone).items()):
            _merge(facts, city, month, group)
    return written


def _by_month(cases: Iterable[Folded], zone: ZoneInfo) -> dict[tuple[str, str], list[Folded]]:
    """按城市与上报月份, in the city's time: a case never leaves its month."""
    found: dict[tuple[str, str], list[Folded]] = defaultdict(list)
    for one in cases:
        local = one.case["reported_at"].replace(tzinfo=_UTC).astimezone(zone)
        found[one.case["city"], f"{local:%Y-%m}"].append(one)
    return found


def _merge(facts: store.Facts, city: str, month: str, cases: list[Folded]) -> None:
    numbers = pa.array([one.case["number"] for one in cases])
    fresh: dict[str, list[dict[str, Any]]] = {
        "cases": [one.case for one in cases],
        "tasks": [row for one in cases for row in one.tasks],
    }
    for table, rows in fresh.items():
        made = pa.Table.from_pylist(rows, schema=schema.arrow(table))
        for part in facts.of(table):
            if (part.city, part.month) == (city, month):
                old = pq.read_table(facts.folder / part.file, schema=schema.arrow(table))
                kept = old.filter(pc.invert(pc.is_in(old["number"], value_set=numbers)))
                made = pa.concat_tables([kept, made])
        store.write(facts, table, made, city=city, month=month)


def observe(facts: store.Facts, city: str, rows: Iterable[Row], zone: ZoneInfo) -> None:
    """写观测: all of the city's, in the place of those there were."""
    table = "observations"
    facts.parts = [part for part in facts.parts if (part.table, part.city) != (table, city)]
    months: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        months[f"{row['observed_at'].replace(tzinfo=_UTC).astimezone(zone):%Y-%m}"].append(row)
    for month, some in sorted(months.items()):
        made = pa.Table.from_pylist(some, schema=schema.arrow(table))
        store.write(facts, table, made, city=city, month=month)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """独占 the folder. Refused `facts_busy`."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sentence = _("另一个导出正在写 %(dir)s：请等它结束后再试。") % {"dir": folder}
            raise Refused("facts_busy", sentence, field="out") from None
        yield


def reached(size: int | None, have: int) -> int:
    """取到第几条: all, or the first `size`. Refused `size_beyond`."""
    if size is not None and size > have:
        told = {"size": size, "have": have}
        sentence = _("总账只有 %(have)d 条，没有前 %(size)d 条：请核对 --size。") % told
        raise Refused("size_beyond", sentence, field="size")
    return have if size is None else size
