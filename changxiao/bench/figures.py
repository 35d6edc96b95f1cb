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
    "open311": ("changxiao.bench.open311", "Open311：上报、公开清单一百行（需要 wrk）"),
    "cloudevents": ("changxiao.bench.cameras", "摄像机：带 300 kB 照片的事件（需要 wrk）"),
    "console": ("changxiao.bench.console", "案卷台：打开列表与下一件，浏览器实测（需要 Chromium）"),
    "portal": ("changxiao.bench.portal", "市民端：慢手机冷开首屏与算力验证（需要 Chromium）"),
    "desk": ("changxiao.bench.desk", "派遣员只用键盘连办 20 件，机器占多久（需要 Chromium）"),
    "import": ("changxiao.bench.importing", "导入：经各环节办理，对照直接写入"),
    "orders": ("changxiao.bench.orders", "工单：成批核对与收单，对照逐行写入"),
    "notices": ("changxiao.bench.notices", "通知：消息送到群机器人，对照直接发送"),
    "export": ("changxiao.bench.exporting", "导出：五万行案卷写成 xlsx 的时间与内存"),
    "map": ("changxiao.bench.map", "地图：画完所需时间、拖动时每秒帧数（需要 Chromium）"),
    "evidence": ("changxiao.bench.evidence", "证据疑点：已知大量照片时每条记录的开销"),
    "photos": ("changxiao.bench.photos", "照片：1200 万像素从清理到公开件的时间与内存"),
    "suggest": (
        "changxiao.bench.suggest",
        "建议：公开文本上的正确率，每条的时间与内存（需要数据）",
    ),
    "lasting": ("changxiao.bench.lasting", "长效：芝加哥四万余件的复发、预测与热点（需要数据）"),
    "bands": ("changxiao.bench.bands", "分段：实力相同的单位被错分的比例"),
    "analysis": ("changxiao.bench.analysis", "研判：十万件事实的透视、热点、预测与长效表"),
    "search": ("changxiao.bench.searching", "搜索：两个汉字找案卷，对照 LIKE"),
    "duplicates": ("changxiao.bench.duplicates", "重复：十万件在办案卷中找可能重复的一件"),
    "evaluate": ("changxiao.bench.evaluate", "评价：两千万件案卷按单位计数，对照手写 SQL"),
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
