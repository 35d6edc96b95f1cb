"""Bench `evidence`: what the flags consumer costs an entry when so many photos are known.

The photos are rows with drawn fingerprints, without files; all is rolled back. Half the entries
bring a near copy of a known photo, and each of those must be found.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import click
from django.db import transaction
from django.utils import timezone

from changxiao.bench.figures import Figure, percentile
from changxiao.bench.load import MARK, prepare
from changxiao.cases import actions, flagging, likeness
from changxiao.cases.actions import Problem, Shown, Spot
from changxiao.cases.models_evidence import EvidenceFlag, PhotoPrint
from changxiao.catalog import known
from changxiao.kernel.act import Act
from changxiao.kernel.scope import system, viewing
from changxiao.ledger.media.models import Photo
from changxiao.ledger.models import Entry
from changxiao.orgs.posts import Post

ALONE = True  # it needs an empty home of its own, as `load` does
OPTIONS = [
    click.Option(["--photos"], type=click.IntRange(min=1000), default=100_000, show_default=True),
    click.Option(["--entries"], type=click.IntRange(min=10), default=200, show_default=True),
    click.Option(["--seed"], type=int, default=1, show_default=True),
]
CHUNK = 5000
PLACE = (116.703, 23.365)  # degrees WGS-84, within 汕头
SKY = 0xFFFF << 48  # the upper rows of a fingerprint, alike in a third of street photos


def run(*, photos: int = 100_000, entries: int = 200, seed: int = 1) -> list[Figure]:
    """列疑点: milliseconds an entry of one photo, and of its near look-up alone."""
    rng = random.Random(seed)
    with viewing(system(MARK)):
        prepare()
        with transaction.atomic():
            prints = _known(photos, rng)
            spent, looked, cpu = _measure(entries, prints, rng)
            found = EvidenceFlag.everything.filter(kind="near_copy").count()
            transaction.set_rollback(True)
    if found < entries // 2:
        raise AssertionError(f"{found} of {entries // 2} near copies were found")
    told = f"{photos:,} photos known, {entries} entries, {found} near copies found"
    return [
        Figure(
            path="evidence/flags",
            value=percentile(spent, 0.5),
            unit="ms",
            p99_ms=percentile(spent, 0.99),
            cpu_ms=percentile(cpu, 0.5),
            note=told,
        ),
        Figure(
            path="evidence/near-copies",
            value=percentile(looked, 0.5),
            unit="ms",
            p99_ms=percentile(looked, 0.99),
        ),
    ]


def drawn(rng: random.Random) -> int:
    """画指纹: as street photos have them: a third share the sky, none is a plain wall."""
    while True:
        bits = rng.getrandbits(64)
        if rng.random() < 1 / 3:
            bits |= SKY
        if likeness.telling(bits):
            return bits


def _known(count: int, rng: random.Random) -> list[int]:
    """Photos of the last half year, each of a case of long ago."""
    prints = [drawn(rng) for _ in range(count)]
    now = timezone.now()
    case = actions.report(_problem(()), act=_act("first"))
    for start in range(0, count, CHUNK):
        some = range(start, min(start + CHUNK, count))
        rows = [_photo(f"known-{n}", prints[n], now) for n in some]
        Photo.objects.bulk_create(rows)
        shown = (
            case.photos.model(case=case, photo=row, role="before", entry=case.head) for row in rows
        )
        case.photos.model.objects.bulk_create(shown)
        PhotoPrint.objects.bulk_create(_print(row, now, rng) for row in rows)
    return prints


def _print(row: Photo, now: datetime, rng: random.Random) -> PhotoPrint:
    bits = likeness.bits_of(row.phash)
    at = now - timedelta(days=rng.uniform(0, 179))
    told = dict(zip(flagging.NAMES, likeness.bands(bits), strict=True))
    return PhotoPrint(photo=row, bits=likeness.signed(bits), at=at, **told)


def _photo(name: str, bits: int, now: datetime) -> Photo:
    sha256 = f"{random.Random(name).getrandbits(256):064x}"
    return Photo(
        sha256=sha256,
        bytes=1,
        type="image/jpeg",
        width=1,
        height=1,
        rendition_sha256=sha256,
        rendition_bytes=1,
        thumbnail_sha256=sha256,
        pipeline="bench",
        phash=f"{bits:016x}",
        evidence={"source": "exif"},
        uploaded_by=MARK,
        created_at=now,
    )


def _measure(
    count: int, prints: list[int], rng: random.Random
) -> tuple[list[float], list[float], list[float]]:
    """Milliseconds of each entry, of each look-up alone, and of the processor for the entry."""
    spent, looked, cpu = [], [], []
    for entry, photo in _entries(count, prints, rng):
        begin = time.perf_counter()
        flagging.alike(photo, most=6, since=timezone.now() - timedelta(days=180))
        between, busy = time.perf_counter(), time.process_time()
        flagging.flag(entry)
        cpu.append(1000 * (time.process_time() - busy))
        looked.append(1000 * (between - begin))
        spent.append(1000 * (time.perf_counter() - between))
    return spent, looked, cpu


def _entries(count: int, prints: list[int], rng: random.Random) -> Iterator[tuple[Entry, Photo]]:
    now = timezone.now()
    for n in range(count):
        bits = drawn(rng)
        if n % 2:
            bits = rng.choice(prints)
            for place in rng.sample(range(64), 6):
                bits ^= 1 << place
            if not likeness.telling(bits):
                bits = prints[0]
        photo = _photo(f"new-{n}", bits, now)
        photo.save(force_insert=True)
        shown = [Shown(photo, "before", Spot(*PLACE, 9.0))]
        case = actions.report(_problem(shown), act=_act(n))
        assert case.head is not None
        yield case.head, photo


def _problem(photos: Sequence[Shown]) -> Problem:
    subcategory = known.by_key("e0110")
    assert subcategory is not None
    lon, lat = PLACE
    return Problem(channel="collector", subcategory=subcategory, lon=lon, lat=lat, photos=photos)


def _act(name: object) -> Act:
    return Act(actor="bench", post=Post.COLLECTOR, key=f"bench-evidence-{name}")
