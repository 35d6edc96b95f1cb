"""导入 run: a whole file, in transactions of at most 200 rows, a savepoint a row.

A kill at any moment loses the open transaction and nothing else: a row's case is whole or absent,
and the next run finds by number what is there. The sequencer comes after, in batches of its own.
"""

from __future__ import annotations

import hmac
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from changxiao.areas.home import home_city
from changxiao.cases.importing import reading, report
from changxiao.cases.importing.drafting import Draft, Drafter, Flaw
from changxiao.cases.importing.mapping import Mapping
from changxiao.cases.importing.replaying import Cast, Replay, late
from changxiao.cases.importing.report import Report
from changxiao.cases.models import Case, CaseQuerySet
from changxiao.kernel import scope
from changxiao.kernel.city import City, city
from changxiao.kernel.refused import Refused
from changxiao.kernel.transactions import whole, writing
from changxiao.ledger import sequencer
from changxiao.ledger.models import Entry
from changxiao.ledger.refusals import KeyReused, Replayed

CHUNK = 200
Hear = Callable[[Report], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """导入选项: `limit` rows at most; `hear` is told the report after each transaction."""

    refused_csv: Path
    now: datetime
    limit: int | None = None
    hear: Hear = lambda _report: None
    sequence: bool = True


def import_cases(file: Path, mapping: Mapping, options: Options) -> Report:
    """导入案卷. Raises Refused: home_empty, city_other, table_unreadable, column_missing, …"""
    place = _home_of(mapping)
    columns = reading.settled(file, mapping, place.bbox)
    drafter = Drafter(mapping, columns, ZoneInfo(place.tz), _key())
    begun = time.perf_counter()
    with scope.viewing(scope.system(mapping.origin)), report.opened(options.refused_csv) as told:
        if columns.swapped:
            told.notices.append(_swapped_words(drafter))
        work = _Work(drafter, Replay(mapping, Cast.read(mapping)), told, options.now)
        options.hear(told)
        for chunk in _chunks(file, options.limit):
            work.take(chunk)
            options.hear(told)
        told.seconds = time.perf_counter() - begun
        if options.sequence:
            sequencer.drain()
    return told


def _home_of(mapping: Mapping) -> City:
    wanted = city(mapping.city) if mapping.city else None
    try:
        here = home_city()
    except Refused as no:
        if wanted is None:
            raise
        message = _("尚未设置城市：请先运行 changxiao init --city %(city)s，再导入。")
        values = {"city": wanted.folder.name}
        raise Refused(no.code, message % values, field="city") from None
    if wanted is not None and here.code != wanted.code:
        message = _(
            "对照表“%(mapping)s”是%(wanted)s的，此处是%(here)s：请另用一个空目录"
            "（CHANGXIAO_HOME），先运行 changxiao init --city %(city)s，再导入。"
        )
        told = {"mapping": mapping.name, "wanted": wanted.name, "here": here.name}
        raise Refused("city_other", message % {**told, "city": wanted.folder.name}, field="city")
    return here


def _key() -> bytes:
    return hmac.new(settings.SECRET_KEY.encode(), b"import", sha256).digest()


def _swapped_words(drafter: Drafter) -> str:
    columns = drafter.columns
    message = _(
        "经度、纬度的表头写反了：“%(lat)s”列的值落在本市的纬度范围内，“%(lon)s”列的值落在"
        "经度范围内。已按内容更正后导入。"
    )
    return message % {"lat": columns.heading("lat"), "lon": columns.heading("lon")}


def _chunks(file: Path, limit: int | None) -> Iterator[list[reading.Row]]:
    rows = islice(reading.rows(file), 1, None if limit is None else limit + 1)
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


@dataclass(slots=True)
class _Work:
    drafter: Drafter
    replay: Replay
    told: Report
    now: datetime

    def take(self, rows: Sequence[reading.Row]) -> None:
        """One transaction. The report hears of it only when it is committed."""
        drafts = list(self._drafts(rows))
        with writing():
            there = self._there(drafts)
            found = [(draft, self._one(draft, there)) for draft in drafts]
        digests = self._digests(found)
        for draft, result in found:
            if isinstance(result, Flaw):
                self.told.refuse(result)
            elif isinstance(result, _Again):
                self._repeat(draft, result, digests)
            else:
                self.told.rows += 1
                self.told.accepted += 1
                self.told.entries += result.n
                self._compare(draft, result)

    def _drafts(self, rows: Sequence[reading.Row]) -> Iterator[Draft]:
        for row in rows:
            try:
                yield self.drafter.draft(row)
            except Flaw as flaw:
                self.told.refuse(flaw)

    def _there(self, drafts: Sequence[Draft]) -> dict[str, Case]:
        numbers = [draft.number for draft in drafts]
        origin = self.drafter.mapping.origin
        rows = CaseQuerySet(Case).from_outside(origin, numbers)
        return {row.external: row for row in rows}

    def _one(self, draft: Draft, there: dict[str, Case]) -> Case | Flaw | _Again:
        if draft.number in there:
            return _Again(there[draft.number])
        try:
            with whole():
                case = self.replay.play(draft)
        except (Replayed, KeyReused):  # another import of the same list has just been faster
            return _Again(self._there([draft])[draft.number])
        except Refused as no:
            return _flaw(self.drafter, draft, no)
        there[draft.number] = case
        return case

    def _digests(self, found: Sequence[tuple[Draft, object]]) -> dict[str, str]:
        """Of numbers that came again: the digest of the row that was taken first."""
        again = [draft.number for draft, result in found if isinstance(result, _Again)]
        keys = {self.replay.key(number): number for number in again}
        entries = Entry.objects.filter(act_key__in=list(keys))
        return {keys[entry.act_key]: entry.act.get("digest", "") for entry in entries}

    def _repeat(self, draft: Draft, again: _Again, digests: dict[str, str]) -> None:
        self.told.rows += 1
        self.told.repeated += 1
        if digests.get(draft.number) == draft.digest:
            self._compare(draft, again.case)
            return
        reason = _("编号已出现过而内容不同（先收的一行为受理号%(number)s）")
        words = reason % {"number": again.case.number}
        column = self.drafter.columns.heading("number")
        self.told.contradict(Flaw(draft.row, column, draft.number, words))

    def _compare(self, draft: Draft, case: Case) -> None:
        column = self.drafter.columns.heading("status")
        self.told.compare(draft, late=late(case, draft, self.now), column=column)


@dataclass(frozen=True, slots=True)
class _Again:
    """A row whose number has a case already."""

    case: Case


def _flaw(drafter: Drafter, draft: Draft, no: Refused) -> Flaw:
    columns = drafter.columns
    values = {
        "lon": f"{draft.lon}, {draft.lat}",
        "criterion": draft.criterion,
        "subcategory": draft.subcategory,
        "unit": draft.unit,
        "channel": draft.channel,
    }
    field = no.field if no.field in values else "number"
    column = columns.heading(field) or field
    if field == "lon":
        column = f"{column}, {columns.heading('lat')}"
    return Flaw(draft.row, column, values.get(field) or draft.number, no.sentence)
