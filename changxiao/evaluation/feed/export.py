"""导出事实: bring a folder of facts up to the log; from nothing, or from where it stood.

The manifest keeps the size and root of the log that the facts were made from. Since each case that
the new entries touch is folded anew and whole, taking an entry twice changes nothing, and a run
that was broken off leaves the manifest as it was.
"""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext as _

from changxiao.areas.home import home_city
from changxiao.evaluation.facts import store
from changxiao.evaluation.feed import reading
from changxiao.evaluation.feed.writing import alone, observe, reached, write
from changxiao.kernel.city import City
from changxiao.kernel.day import city_zone
from changxiao.kernel.refused import Refused
from changxiao.ledger import log, sequencer


def export(folder: Path, *, rebuild: bool = False, size: int | None = None) -> int:
    """导出: bring the facts in `folder` up to the log (or to its first `size` entries, and then
    nothing is written to the database); how many cases were written.

    Refused `facts_of_another_log` where its entries are not the ones that the facts were made
    from, or were made from more of them; `facts_busy` while another export runs there;
    `size_beyond`.
    """
    place, zone = home_city(), city_zone()
    if size is None:
        sequencer.drain()
    reach = reached(size, log.size())
    with alone(folder):
        facts = store.Facts(folder) if rebuild else _there(folder)
        start = _start(facts, place, reach)
        numbers = reading.changed(start, reach) if start else None
        written = write(facts, reading.folded(place.code, reach, numbers), zone)
        seen = reading.observed(place.code, start, reach)
        if seen is not None:
            observe(facts, place.code, seen, zone)
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
