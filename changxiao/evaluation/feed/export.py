"""导出事实: bring a folder of facts up to the log; from nothing, or from where it stood.

The manifest keeps the size and root of the log that the facts were made from. Since each case that
the new entries touch is folded anew and whole, taking an entry twice changes nothing, and a run
that was broken off leaves the manifest as it was.
"""

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
from django.utils.translation import gettext as _

from changxiao.areas.home import home_city
from changxiao.evaluation.facts import schema, store
from changxiao.evaluation.feed import reading
from changxiao.evaluation.feed.fold import Folded
from changxiao.kernel.city import City
from changxiao.kernel.day import city_zone
from changxiao.kernel.refused import Refused
from changxiao.ledger import log, sequencer

AT_ONCE = 20_000  # cases folded before they are written


def export(folder: Path, *, rebuild: bool = False, size: int | None = None) -> int:
    """导出: bring the facts in `folder` up to the log (or to its first `size` entries); how many
    cases were written.

    Refused `facts_of_another_log` where its entries are not the ones that the facts were made
    from, or were made from more of them; `facts_busy` while another export runs there.
    """
    place, zone = home_city(), city_zone()
    sequencer.drain()
    reach = log.size() if size is None else size
    with _alone(folder):
        facts = store.Facts(folder) if rebuild else _there(folder)
        start = _start(facts, place, reach)
        numbers = reading.changed(start, reach) if start else None
        written = _write(facts, reading.folded(place.code, reach, numbers), zone)
        root = log.root(reach).hex() if reach else ""
        facts.cities[place.code] = store.Source(zone.key, reach, root)
        store.save(facts)
    return written


def _there(folder: Path) -> store.Facts:
    return store.opened(folder) if (folder / store.MANIFEST).exists() else store.Facts(folder)


def _start(facts: store.Facts, place: City, reach: int) -> int:
    source = facts.cities.get(place.code)
    if source is None:
        return 0
    if not source.size:  # of no log: made up, unless there are none
        ours = not any(part.city == place.code for part in facts.parts)
    else:
        ours = source.size <= reach and log.root(source.size).hex() == source.root
    if not ours:
        told = {"dir": facts.folder, "size": source.size}
        sentence = _(
            "%(dir)s 的事实来自另一份总账（或更长的总账，%(size)d 条）："
            "请换一个目录，或加 --rebuild 重建。"
        )
        raise Refused("facts_of_another_log", sentence % told, field="out")
    return source.size


def _write(facts: store.Facts, cases: Iterable[Folded], zone: ZoneInfo) -> int:
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


_UTC = ZoneInfo("UTC")


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


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sentence = _("另一个导出正在写 %(dir)s：请等它结束后再试。") % {"dir": folder}
            raise Refused("facts_busy", sentence, field="out") from None
        yield
