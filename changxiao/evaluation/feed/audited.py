"""从总账导出取事实: an auditor, who has the exported log and nothing else, gets the same facts.

The entries that evaluation needs are laid aside in a temporary file, sorted by stream, while the
export is checked; nothing is made of them before the whole log was found sound. No Django.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from pathlib import Path
from zoneinfo import ZoneInfo

from changxiao.evaluation.facts import store
from changxiao.evaluation.feed.fold import Folded, Row, Said, fold
from changxiao.evaluation.feed.writing import alone, observe, reached, write
from changxiao.evaluation.observing.folding import STREAM, observed
from changxiao.kernel.city import city as city_of
from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _
from changxiao.ledger import exported
from changxiao.ledger.exported import Line, Whole

ZONE = "policy:timezone"
STREAMS = ("case:", "missed:", "city:", "evaluation:", "scheme:", "scores:", STREAM, ZONE)
_TABLE = """
    CREATE TABLE line (stream TEXT, n INTEGER, place INTEGER, verb TEXT, actor TEXT, at TEXT,
                       body TEXT, hash TEXT, PRIMARY KEY (stream, n)) WITHOUT ROWID
"""
_SELECT = """
    SELECT place, stream, n, verb, actor, at, body, hash FROM line
    WHERE stream >= ? AND stream < ? AND place < ? ORDER BY stream, n
"""


class AuditedLog:
    """审计用总账: an export that was found whole, and its entries by stream."""

    def __init__(self, path: Path, *, key: str = "", kept: Sequence[Path] = ()) -> None:
        """Refused as `exported.read` refuses."""
        self._rows = sqlite3.connect("")  # a file of its own, gone with the connection
        self._rows.execute(_TABLE)
        self.whole: Whole = exported.read(path, self._lay, key=key, kept=kept)

    def __enter__(self) -> AuditedLog:
        return self

    def __exit__(self, *_error: object) -> None:
        self._rows.close()

    def _lay(self, line: Line) -> None:
        if line.stream.startswith(STREAMS):
            body = json.dumps(line.body, ensure_ascii=False)
            row = (line.stream, line.n, line.place, line.verb, line.actor, line.at, body, line.hash)
            self._rows.execute("INSERT INTO line VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)

    def streams(self, prefix: str, size: int) -> Iterator[tuple[str, list[Line]]]:
        """记录流 that begin so, each with its entries among the first `size` of the log."""
        beyond = prefix[:-1] + chr(ord(prefix[-1]) + 1)
        rows = self._rows.execute(_SELECT, (prefix, beyond, size))
        for stream, group in groupby(rows, key=lambda row: row[1]):
            yield stream, [Line._make((*row[:6], json.loads(row[6]), row[7])) for row in group]

    def city(self, size: int) -> str:
        """城市代码, as the entry of setting up says. Refused `city_missing`."""
        told = {
            str(line.body["city"])
            for _stream, lines in self.streams("city:", size)
            for line in lines
            if "city" in line.body
        }
        if len(told) != 1:
            sentence = _("总账导出里没有写明是哪座城市：请用 --city 给出城市代码。")
            raise Refused("city_missing", sentence, field="city")
        return told.pop()

    def zone(self, city: str, size: int) -> ZoneInfo:
        """时区: what was last set in the log; else that of the city's data, which come with the
        product. Refused `city_unknown`."""
        for _stream, lines in self.streams(ZONE, size):
            return ZoneInfo(str(lines[-1].body["value"]))
        return ZoneInfo(city_of(city).tz)

    def folded(self, city: str, size: int) -> Iterator[Folded]:
        """逐案折叠, as the first `size` entries tell each case."""
        missed = {
            stream.partition(":")[2]: [_said(line) for line in lines]
            for stream, lines in self.streams("missed:", size)
        }
        for stream, lines in self.streams("case:", size):
            number = stream.partition(":")[2]
            said = [_said(line) for line in lines]
            yield fold(city, number, said, missed.get(number, ()))

    def observed(self, city: str, size: int) -> list[Row]:
        """观测行, sheets in the order of the log."""
        lines = [line for _stream, found in self.streams(STREAM, size) for line in found]
        return observed(city, (line.body for line in sorted(lines, key=lambda one: one.place)))


def _said(line: Line) -> Said:
    at = datetime.fromisoformat(line.at)
    return Said(line.n, line.verb, line.actor, at, line.body, line.hash)


def export(
    log: AuditedLog, folder: Path, *, city: str = "", size: int | None = None, anew: bool = False
) -> int:
    """导出: the facts of the first `size` entries (else of all) into `folder`; how many cases. The
    files are those that the home writes for a log of that size, byte for byte.

    Refused `size_beyond`, `city_missing`, `city_unknown`, `facts_there`, `facts_busy`.
    """
    reach = reached(size, log.whole.size)
    code = city or log.city(reach)
    zone = log.zone(code, reach)
    with alone(folder):
        if (folder / store.MANIFEST).exists() and not anew:
            sentence = _("%(dir)s 里已有事实：请换一个目录，或加 --rebuild 重建。")
            raise Refused("facts_there", sentence % {"dir": folder}, field="out")
        facts = store.Facts(folder)
        written = write(facts, log.folded(code, reach), zone)
        observe(facts, code, log.observed(code, reach), zone)
        root = log.whole.root(reach) if reach else ""
        facts.cities[code] = store.Source(zone.key, reach, root)
        store.save(facts)
    return written
