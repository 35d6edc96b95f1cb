"""数据 figures: what a bench measures, and which benches there are.

A bench is a module with `run(**options) -> list[Figure]` and, where it takes any, `OPTIONS`, its
click options. It is imported when it is asked for. Every figure of docs/benchmarks.md names the
command that made it.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

# name: (module, what it measures)
BENCHES: dict[str, tuple[str, str]] = {
    "deadlines": ("changxiao.bench.deadlines", "应处置时间：单条、批量、命令启动"),
    "locate": ("changxiao.bench.locate", "定位：单点、批量、离边界距离、命令启动"),
    "ledger": ("changxiao.bench.ledger_verify", "总账：定序、核对、证明、导出"),
    "http": ("changxiao.bench.http", "网页与接口：上报、列表、案卷页（需要 wrk）"),
    "console": ("changxiao.bench.console", "案卷台：打开列表与下一件，浏览器实测（需要 Chromium）"),
    "import": ("changxiao.bench.importing", "导入：经各环节办理，对照直接写入"),
    "export": ("changxiao.bench.exporting", "导出：五万行案卷写成 xlsx 的时间与内存"),
    "map": ("changxiao.bench.map", "地图：画完所需时间、拖动时每秒帧数（需要 Chromium）"),
    "evidence": ("changxiao.bench.evidence", "证据疑点：已知大量照片时每条记录的开销"),
    "load": ("changxiao.bench.load", "装入：成批写入案卷与有效的总账，供其他项目测量"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """一项数据: one measured path. `ratio` is against the plain alternative in the same run.

    `sql` counts statements a request (less BEGIN, COMMIT, SAVEPOINT, RELEASE); `p99_ms` and
    `cpu_ms` are per request. None: not measured here.
    """

    path: str
    value: float
    unit: str
    ratio: float | None = None
    sql: int | None = None
    p99_ms: float | None = None
    cpu_ms: float | None = None
    note: str = ""

    def as_row(self) -> dict[str, Any]:
        """JSON 行: the figure as the `--json` output has it."""
        return asdict(self)


def rate(work: Callable[[], object], rows: int, *, rounds: int = 5) -> float:
    """速率: rows a second, the median of some rounds after one that warms up."""
    return rows / seconds(work, rounds=rounds)


def seconds(work: Callable[[], object], *, rounds: int = 5) -> float:
    """耗时: seconds of one round, the median of some after one that warms up."""
    work()
    return statistics.median(_timed(work) for _round in range(rounds))


def percentile(samples: Sequence[float], share: float) -> float:
    """百分位: the sample below which `share` (0–1) of them lie."""
    ordered = sorted(samples)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def _timed(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin
