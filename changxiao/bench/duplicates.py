"""Bench `duplicates`: likely duplicates of a report among so many open cases, beside a plain scan.

The cases are bare rows spread over the city's middle, without a log; all is rolled back. The plain
alternative reads the place of every open case and measures each.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from datetime import timedelta

import click
from django.db import transaction
from django.utils import timezone

from changxiao.areas.locate import locator
from changxiao.bench.figures import Figure, percentile
from changxiao.bench.load import MARK, prepare
from changxiao.cases import near
from changxiao.cases.flow import OPEN, Stage
from changxiao.cases.models import Case
from changxiao.catalog import known, policy
from changxiao.catalog.models import Subcategory
from changxiao.kernel.geo import Point, metres_between
from changxiao.kernel.refused import Refused
from changxiao.kernel.scope import system, viewing

ALONE = True  # it needs an empty home of its own, as `load` does
OPTIONS = [
    click.Option(["--cases"], type=click.IntRange(min=1000), default=100_000, show_default=True),
    click.Option(["--asked"], type=click.IntRange(min=10), default=200, show_default=True),
    click.Option(["--seed"], type=int, default=1, show_default=True),
]
CHUNK = 5000
BOX = (116.66, 23.34, 116.74, 23.40)  # the old town and around: where reports come from
SAID = ("路口井盖缺失", "垃圾无人清运", "占道经营", "路灯不亮", "道路破损积水", "夜间施工噪声")


def run(*, cases: int = 100_000, asked: int = 200, seed: int = 1) -> list[Figure]:
    """重复: milliseconds of one look-up, and of the scan of every open case."""
    rng = random.Random(seed)
    with viewing(system(MARK)):
        prepare()
        with transaction.atomic():
            kinds = list(Subcategory.objects.order_by("id")[:40])
            for some in _batches(_drawn(cases, kinds, rng)):
                Case.everything.bulk_create(some)
            spent = [_asked(rng, cases) for _ in range(asked)]
            plain = [_scanned(rng) for _ in range(3)]
            transaction.set_rollback(True)
    usual = percentile(spent, 0.5)
    note = f"{cases:,} open cases, {asked} look-ups"
    return [
        Figure(
            path="duplicates/near",
            value=usual,
            unit="ms",
            ratio=percentile(plain, 0.5) / usual,
            p99_ms=percentile(spent, 0.99),
            note=note,
        ),
        Figure(path="duplicates/plain-scan", value=percentile(plain, 0.5), unit="ms", ratio=1.0),
    ]


def _drawn(count: int, kinds: list[Subcategory], rng: random.Random) -> Iterator[Case]:
    now = timezone.now()
    for n in range(count):
        at = _spot(rng)
        place = locator().at(*at)
        yield Case(
            number=f"9{n:011}",
            stage=Stage.FILED,
            channel="hotline",
            subcategory=rng.choice(kinds),
            description=f"{rng.choice(SAID)}，第{n}号门前",
            lon=at.lon,
            lat=at.lat,
            community_code=place.community_code,
            reported_at=now - timedelta(hours=rng.uniform(0, 900)),
        )


def _spot(rng: random.Random) -> Point:
    west, south, east, north = BOX
    while True:
        at = Point(rng.uniform(west, east), rng.uniform(south, north))
        try:
            locator().at(*at)
        except Refused:  # on the water
            continue
        return at


def _batches(rows: Iterator[Case]) -> Iterator[list[Case]]:
    some: list[Case] = []
    for row in rows:
        some.append(row)
        if len(some) == CHUNK:
            yield some
            some = []
    yield some


def _asked(rng: random.Random, count: int) -> float:
    """One look-up, of a second caller for one of the cases; it must be found."""
    meant = Case.objects.get(number=f"9{rng.randrange(count):011}")
    at = Point(meant.lon, meant.lat)
    known.known()
    begin = time.perf_counter()
    found = near.like(at, meant.subcategory_id, timezone.now(), text=meant.description)
    spent = 1000 * (time.perf_counter() - begin)
    if not any(one.case.pk == meant.pk and one.likely for one in found):
        raise AssertionError(f"{meant.number} was not found")
    return spent


def _scanned(rng: random.Random) -> float:
    """通常做法: every open case is read and measured."""
    at, radius = _spot(rng), policy.number("similar_radius_m")
    begin = time.perf_counter()
    rows = Case.objects.filter(stage__in=OPEN).values_list("pk", "lon", "lat")
    found = [pk for pk, lon, lat in rows if metres_between(at, Point(lon, lat)) <= radius]
    list(Case.objects.filter(pk__in=found).select_related("subcategory"))
    return 1000 * (time.perf_counter() - begin)
