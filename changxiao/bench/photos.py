"""Bench `photos`: one 12-megapixel JPEG the whole way: cleaned, looked at, made public.

What a photo costs before anybody reads a word of it: rendition and evidence (`clean`), faces and
plate hints (`find`), the public picture (`redact`). Peak memory is the largest of the processes.
"""

from __future__ import annotations

import random
import resource
import time
from collections.abc import Callable
from io import BytesIO

import click

from changxiao.bench.figures import Figure, percentile
from changxiao.ledger.media import private, sandbox, weights

OPTIONS = [click.Option(["--rounds"], type=click.IntRange(min=3), default=9, show_default=True)]
SIZE = (4000, 3000)


def run(*, rounds: int = 9) -> list[Figure]:
    """照片处理: seconds of the wall clock for the three steps one after the other."""
    data = _street()
    steps: dict[str, list[float]] = {"clean": [], "find": [], "redact": []}
    before = _spent()
    for _round in range(rounds):
        _timed(steps["clean"], lambda: sandbox.clean(data))
        _timed(steps["find"], lambda: private.find(data))
        _timed(steps["redact"], lambda: private.redact(data, [(300, 200, 200, 240)]))
    spent, peak = _spent() - before, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    whole = [sum(parts) for parts in zip(*steps.values(), strict=True)]
    told = ", ".join(f"{name} {percentile(took, 0.5):.2f} s" for name, took in steps.items())
    return [
        Figure(
            path="photos/whole",
            value=percentile(whole, 0.5),
            unit="s",
            p99_ms=max(whole) * 1000,
            cpu_ms=spent * 1000 / rounds,
            note=f"12 MP, {len(data) / 1e6:.1f} MB: {told}; {weights.installed() or 'no detector'}",
        ),
        Figure(path="photos/memory", value=peak / 1024, unit="MB", note="peak"),
    ]


def _spent() -> float:
    """Processor seconds of all that were started and have ended, the system's share included."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def _timed(took: list[float], step: Callable[[], object]) -> None:
    begun = time.perf_counter()
    step()
    took.append(time.perf_counter() - begun)


def _street() -> bytes:
    """Twelve megapixels with the grain of a photo, so that its size is that of one."""
    from PIL import Image

    rng = random.Random(1)
    base = Image.frombytes("RGB", (400, 300), rng.randbytes(360_000)).resize(
        SIZE, Image.Resampling.BICUBIC
    )
    grain = Image.effect_noise(SIZE, 20).convert("RGB")
    out = BytesIO()
    Image.blend(base, grain, 0.3).save(out, "JPEG", quality=90)
    return out.getvalue()
