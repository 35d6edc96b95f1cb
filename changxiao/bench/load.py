"""Bench `load`: a city with many cases and a valid chain, written in bulk into a home of its own.

Some hundred journeys are made by the real verbs and rolled back; their rows are then repeated at
other places and in other weeks. `changxiao ledger verify --state` passes on what comes out.
"""

from __future__ import annotations

import random
import resource
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import groupby, islice
from typing import Any
from zoneinfo import ZoneInfo

import click
import numpy as np
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from changxiao.areas.load import load as load_areas
from changxiao.bench.figures import Figure
from changxiao.bench.load_journeys import SHAPES, cast, journeys
from changxiao.bench.load_moulds import ENTRY, Batch, Cast, Mould, Told, columns
from changxiao.bench.load_places import Spot, spots
from changxiao.cases import indexing, rules
from changxiao.cases.models import Case, CasePhoto, CaseRequest, Serial
from changxiao.catalog.load import load as load_catalog
from changxiao.kernel.city import city
from changxiao.kernel.home import home
from changxiao.kernel.refused import Refused
from changxiao.kernel.scope import system, viewing
from changxiao.kernel.words import gettext as _
from changxiao.ledger import checkpoints, consumers, sequencer
from changxiao.ledger.models import Entry
from changxiao.orgs.load import load as load_orgs

ALONE = True  # it fills the home it is called on: no part of `bench all`
OPTIONS = [
    click.Option(["--cases"], type=click.IntRange(min=100), default=100_000, show_default=True),
    click.Option(["--seed"], type=int, default=1, show_default=True),
]
CITY = "440500"
MARK = "bench"
WEEKS = 104  # how far back the ended cases reach
# What is open at a time grows with a city, not with its history.
OPEN_SHARE, OPEN_MOST = 0.1, 5_000
CHUNK = 2_000
_TEXTS = ("井盖破损", "路面坑洼", "暴露垃圾", "乱堆物料", "占道经营", "路灯不亮", "绿地脏乱")


def run(*, cases: int = 100_000, seed: int = 1) -> list[Figure]:
    """装入: `cases` cases of all stages, the same for the same seed but for today's date."""
    begin = time.perf_counter()
    with viewing(system(MARK)):
        prepare()
        plan = _planned(cases, seed)
        set_up = time.perf_counter()
        with _in_bulk():
            entries = _write(plan)
        written = time.perf_counter()
        sequencer.drain(limit=20_000)
        ordered = time.perf_counter()
        checkpoints.sign(timezone.now())
        signed = time.perf_counter()
        words = _heard()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [
        Figure(path="load/set-up", value=set_up - begin, unit="s"),
        Figure(path="load/cases", value=cases / (written - set_up), unit="/s"),
        Figure(path="load/entries", value=entries / (written - set_up), unit="/s"),
        Figure(path="load/sequence", value=entries / (ordered - written), unit="/s"),
        Figure(path="load/checkpoint", value=signed - ordered, unit="s"),
        Figure(path="load/words", value=words / (time.perf_counter() - signed), unit="/s"),
        Figure(path="load/memory", value=memory, unit="MB"),
    ]


def _heard() -> int:
    """As in a city that has run for years: its consumers know the past, its words are indexed."""
    for consumer in import_string("changxiao.wiring.CONSUMERS"):
        consumers.move_to_end(consumer)
    return max(indexing.rebuild(), default=0)


def prepare() -> None:
    """备好: an empty home gets its city and the mark; Refused `not_a_bench` for any other."""
    mark = home() / MARK
    used = connection.introspection.table_names()
    if used and (not mark.is_file() or Case.everything.exists()):
        sentence = _(
            "%(home)s 不是空的性能测试目录，未写入任何数据："
            "请用 CHANGXIAO_HOME 另指定一个空目录（和空数据库）。"
        )
        raise Refused("not_a_bench", sentence % {"home": home()}, field="home")
    mark.touch()
    call_command("migrate", interactive=False, verbosity=0)
    place = city(CITY)
    load_areas(place)
    load_orgs(place)
    load_catalog(CITY)


@contextmanager
def _in_bulk() -> Iterator[None]:
    """A home that is thrown away when the power fails needs no fsync and no foreign key check."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for pragma in ("journal_mode = MEMORY", "synchronous = OFF", "cache_size = -100000"):
                cursor.execute(f"PRAGMA {pragma}")
    connection.disable_constraint_checking()
    try:
        yield
    finally:
        connection.close()  # the next connection begins with the product's own pragmas


def _planned(count: int, seed: int) -> Plan:
    rng = random.Random(seed)
    places = spots(min(count, 20_000), seed)
    zone = ZoneInfo(city(CITY).tz)
    monday = _monday(timezone.now().astimezone(zone))
    players = cast((float(places[0].lon), float(places[0].lat)), rng)
    told = journeys(players, monday, each=_each(count), rng=rng)
    return Plan([Mould(one, zone) for one in told], places, count, seed)


def _write(plan: Plan) -> int:
    rows = plan.rows(ZoneInfo(city(CITY).tz))
    while chunk := list(islice(rows, CHUNK)):
        batch = Batch()
        for one, told, salts in chunk:
            one.add(told, salts, batch)
        _insert(batch)
    _settle(plan)
    return plan.next_entry - plan.first_entry


def _each(count: int) -> int:
    return max(2, min(12, count // 1000))


def _monday(now: datetime) -> datetime:
    """Two weeks ago: journeys of that week have ended by now, and their open limits have not all
    passed."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - timedelta(days=now.weekday() + 14)


class Plan:
    """安排: which journey each case repeats, in which week, where; numbers in the order of time."""

    def __init__(
        self, moulds: Sequence[Mould], places: Sequence[Spot], count: int, seed: int
    ) -> None:
        self.moulds, self.places, self.count, self.seed = moulds, places, count, seed
        self.rng = np.random.default_rng(seed)
        self.days: Counter[str] = Counter()
        self.first_entry = self.next_entry = _last(Entry) + 1
        self.first_case = _last(Case) + 1

    def rows(self, zone: ZoneInfo) -> Iterator[tuple[Cast, Told, tuple[bytes, bytes]]]:
        """各案卷, oldest report first, as their numbers and entries are."""
        which, weeks = self._drawn()
        begun = np.array([one.begun.timestamp() for one in self.moulds])[which]
        order = np.argsort(begun + weeks * 604_800.0, kind="stable")
        where = self.rng.integers(0, len(self.places), self.count)
        turn = 0
        # Cases that repeat one journey in one week stand together, and share its cast.
        for (i, week), group in groupby(order.tolist(), lambda n: (which[n], weeks[n])):
            mould, later = self.moulds[i], timedelta(weeks=int(week))
            cast = mould.cast(int(week))
            for n in group:
                salts = self.rng.bytes(32)
                told = self._told(turn, mould, later, self.places[where[n]], zone)
                yield cast, told, (salts[:16], salts[16:])
                turn += 1

    def _drawn(self) -> tuple[np.ndarray, np.ndarray]:
        still_open = min(int(self.count * OPEN_SHARE), OPEN_MOST)
        openly = self._picked(0, still_open), self.rng.integers(-2, 1, still_open)
        ended = self.count - still_open
        past = self._picked(1, ended), self.rng.integers(-WEEKS, 0, ended)
        which, weeks = (np.concatenate(pair) for pair in zip(openly, past, strict=True))
        return which, weeks

    def _picked(self, column: int, count: int) -> np.ndarray:
        shares = np.array([SHAPES[one.shape][1:][column] for one in self.moulds])
        return self.rng.choice(len(self.moulds), count, p=shares / shares.sum())

    def _told(self, turn: int, mould: Mould, later: timedelta, spot: Spot, zone: ZoneInfo) -> Told:
        at, filed = mould.begun + later, mould.filed and mould.filed + later
        told = Told(
            case_id=self.first_case + turn,
            first_entry=self.next_entry,
            number=rules.number(at, self._serial(f"number:{at:%Y%m%d}"), zone),
            code=self._code(filed, spot.district_code, zone) if filed else "",
            description=f"{spot.address}{_TEXTS[turn % len(_TEXTS)]}，编号 {turn}",
            key=f"{turn:08x}-0000-7000-8000-{self.seed & 0xFFFFFFFF:010x}",
            place=_place(spot),
        )
        self.next_entry += len(mould)
        return told

    def _code(self, at: datetime, district: str, zone: ZoneInfo) -> str:
        serial = self._serial(f"code:{district[:6]}{at:%Y%m%d}")
        return rules.code(district, at, serial, zone)

    def _serial(self, name: str) -> int:
        self.days[name] += 1
        return self.days[name]


def _place(spot: Spot) -> tuple[str, ...]:
    grids = (spot.unit_grid_code, spot.duty_grid_code)
    return (spot.lon, spot.lat, spot.address, spot.district_code, spot.community_code, *grids)


def _last(table: Any) -> int:
    manager = getattr(table, "everything", None) or table.objects
    return int(manager.order_by("-pk").values_list("pk", flat=True).first() or 0)


def _insert(batch: Batch) -> None:
    with transaction.atomic():
        _rows("ledger_privatevalue", ("commit", "salt", "value"), batch.sealed)
        _rows("ledger_entry", ENTRY, batch.entries)
        _rows("cases_case", tuple(columns(Case())), batch.cases)
        for table, rows in ((CaseRequest, batch.requests), (CasePhoto, batch.photos)):
            _rows(table._meta.db_table, tuple(columns(table(), without="id")), rows)


def _rows(table: str, names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    if not rows:
        return
    quoted = ", ".join(connection.ops.quote_name(name) for name in names)
    places = ", ".join(["%s"] * len(names))
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} ({quoted}) VALUES ({places})", rows)  # noqa: S608


def _settle(plan: Plan) -> None:
    """What the bulk left behind: the serials that were used, and the counters of the tables."""
    Serial.objects.bulk_create(
        [Serial(name=name, value=value) for name, value in plan.days.items()], batch_size=400
    )
    for statement in _resets():
        with connection.cursor() as cursor:
            cursor.execute(statement)


def _resets() -> list[str]:
    from django.core.management.color import no_style

    if connection.vendor == "sqlite":
        return []  # its counters follow the highest id by themselves
    return connection.ops.sequence_reset_sql(no_style(), [Case, Entry])
