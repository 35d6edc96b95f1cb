"""Bench `evaluate`: many million case facts counted by group, beside the same question by hand.

The question (cases, in time, reworked, exact median of handling time, by city and unit) is asked
through Ibis and in hand-written SQL, turn about, on one DuckDB over the same Parquet files. Then 30
indicators of a month's scheme are counted for every unit of every city, and a tenth of the cases
shows how both grow. Every step is a process of its own, so its peak memory is its own too. Other
engines answer the same question where they are installed (`--beside`).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from changxiao.bench.evaluate_steps import STEPS
from changxiao.bench.figures import Figure
from changxiao.evaluation.facts import store
from changxiao.evaluation.facts.generate import Plan, generate
from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _

FOLDER = click.Path(file_okay=False, path_type=Path)
BESIDE = ("polars", "pandas", "postgres", "spark")
OPTIONS = [
    click.Option(["--cases"], type=click.IntRange(min=1000), default=20_000_000, show_default=True),
    click.Option(["--cities"], type=click.IntRange(1, 9999), default=300, show_default=True),
    click.Option(["--facts", "folder"], type=FOLDER, help=_("事实库所在目录；没有则生成。")),
    click.Option(["--beside"], type=click.Choice(BESIDE), multiple=True, help=_("另测的引擎。")),
]
ALONE = True  # 20 million cases take minutes to make
TENTH = 10


def run(
    *,
    cases: int = 20_000_000,
    cities: int = 300,
    folder: Path | None = None,
    beside: tuple[str, ...] = (),
) -> list[Figure]:
    """评价: seconds and megabytes of the question and of a month's scheme, and how they grow.

    The folder keeps two sets of facts, `whole` and `tenth`; what is there already is used again.
    """
    with tempfile.TemporaryDirectory(prefix="changxiao-bench-") as temporary:
        place = folder or Path(temporary)
        for name, count in (("whole", cases), ("tenth", cases // TENTH)):
            _made(place / name, count, cities)
        return [*_question(place), *_scheme(place), *_beside(place, beside)]


def _made(folder: Path, cases: int, cities: int) -> None:
    if not (folder / store.MANIFEST).exists():
        generate(Plan(cases, cities=cities, months=3, tasks=False), folder)
    elif (found := store.opened(folder).rows("cases")) != cases:
        told = {"dir": folder, "found": found, "wanted": cases}
        sentence = _("%(dir)s 里是 %(found)d 件，不是 %(wanted)d 件：请换一个目录。")
        raise Refused("facts_differ", sentence % told, field="folder")


def _question(place: Path) -> Iterator[Figure]:
    whole, tenth = (_step("question", place / name) for name in ("whole", "tenth"))
    note = f"{whole['rows']:,.0f} cases, {whole['groups']:,.0f} groups, {whole['mb']:,.0f} MB"
    cpu = whole["ibis_cpu"] / whole["sql_cpu"]
    yield Figure(
        path="evaluate/question",
        value=whole["ibis"],
        unit="s",
        ratio=whole["ibis"] / whole["sql"],
        cpu_ms=whole["ibis_cpu"] * 1000,
        note=f"{note}; beside hand-written SQL, by processor time {cpu:.3f}",
    )
    by_hand = whole["sql_cpu"] * 1000
    yield Figure(path="evaluate/question/by-hand", value=whole["sql"], unit="s", cpu_ms=by_hand)
    yield _growth("question", whole, tenth, wall="ibis", cpu="ibis_cpu")


def _scheme(place: Path) -> Iterator[Figure]:
    whole, tenth = (_step("scheme", place / name) for name in ("whole", "tenth"))
    yield Figure(
        path="evaluate/scheme",
        value=whole["seconds"],
        unit="s",
        cpu_ms=whole["cpu"] * 1000,
        note=f"{whole['indicators']:.0f} indicators, {whole['counts']:,.0f} counts",
    )
    yield Figure(path="evaluate/scheme/memory", value=whole["mb"], unit="MB")
    yield _growth("scheme", whole, tenth, wall="seconds", cpu="cpu")


def _growth(
    path: str, whole: dict[str, float], tenth: dict[str, float], *, wall: str, cpu: str
) -> Figure:
    spent = whole[cpu] / tenth[cpu]
    note = f"{tenth[wall]:.3g} s for a tenth of the cases; by processor time {spent:.3g} ×"
    return Figure(
        path=f"evaluate/{path}/growth", value=whole[wall] / tenth[wall], unit="×", note=note
    )


def _beside(place: Path, engines: tuple[str, ...]) -> Iterator[Figure]:
    for name in engines:
        found = _step(name, place / "whole")
        note = f"{found['groups']:,.0f} groups, {found['mb']:,.0f} MB; load {found['load']:.1f} s"
        yield Figure(path=f"evaluate/beside/{name}", value=found["seconds"], unit="s", note=note)


def _step(name: str, folder: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "changxiao.bench.evaluate_steps", name, str(folder)]
    answer = subprocess.run(
        command, env=os.environ, capture_output=True, text=True, check=False, timeout=3600
    )
    if answer.returncode == 2:
        raise Refused("engine_absent", answer.stderr.strip().splitlines()[-1], field="beside")
    if answer.returncode:
        raise RuntimeError(answer.stderr)
    found: dict[str, Any] = json.loads(answer.stdout.splitlines()[-1])
    return found


assert set(BESIDE) < set(STEPS)
