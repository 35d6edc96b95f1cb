"""指标页: the tables of facts and the library, drawn for `docs/evaluation.md` (`make docs`).

The examples are counted on the made-up city of `changxiao facts generate --cases 1000 --seed 1`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from changxiao.evaluation.counting import Count, count
from changxiao.evaluation.engines import engine
from changxiao.evaluation.facts import schema, store
from changxiao.evaluation.facts.generate import ZONE, Plan, generate
from changxiao.evaluation.indicators.base import EXCLUSIONS, NUMBER, Indicator
from changxiao.evaluation.indicators.library import LIBRARY
from changxiao.evaluation.periods import read_period
from changxiao.evaluation.rates import percent

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "evaluation.md"
BEGIN, END = "<!-- library: made from evaluation/ by `make docs` -->", "<!-- /library -->"
LEVELS = {
    "count": "数量",
    "department": "部门",
    "area": "区域",
    "post.supervisor": "监督员",
    "post.acceptor": "受理员",
    "post.shift_leader": "值班长",
    "post.dispatcher": "派遣员",
    "junction": "路口",
    "cw": "创文整改",
    "hotline": "热线",
}
COHORTS = {
    "due": "期内到期",
    "close_due": "期内应结案",
    "reported": "期内上报",
    "filed": "期内立案",
    "dispatched": "期内派遣",
    "handled": "期内处置",
    "closed": "期内结案",
    "voided": "期内作废",
    "done": "期内办毕",
    "observed": "期内观测",
}
KINDS = {"rate": "占比", "completion": "完成率，可过 100", "count": "数"}
BETTER = {"high": "高", "low": "低", "": "—"}


def columns() -> str:
    """事实表: each column of each table with its type and meaning."""
    lines = []
    for table in schema.TABLES.values():
        lines += [f"### {table.zh} `{table.name}`", ""]
        lines += ["| 列 | 类型 | 含义 |", "|---|---|---|"]
        lines += [f"| `{c.name}` | {c.kind} | {c.zh} |" for c in table.columns]
        lines += [""]
    return "\n".join(lines).rstrip()


def library() -> str:
    """指标表: each indicator, what it counts and leaves out, whence it comes, and an example."""
    told = {one.indicator: one for one in _examples()}
    return "\n\n".join(_section(level, told) for level in LEVELS)


def _section(level: str, told: dict[str, Count]) -> str:
    head = [
        f"### {LEVELS[level]}",
        "",
        "| 键 | 指标 | 公式 | 入列 | 剔除 | 好 | 例 | 来源 |",
        "|---|---|---|---|---|---|---|---|",
    ]
    rows = [row for row in LIBRARY.values() if row.level == level]
    return "\n".join([*head, *(_line(row, told.get(row.key)) for row in rows)])


def _line(row: Indicator, one: Count | None) -> str:
    title = f"{row.zh}<br>{row.en}"
    if row.as_seen:
        title += f"<br>照旧，不启用；正确的是 `{row.corrected}`"
    out = "、".join(EXCLUSIONS[name][0] for name in row.excludes) or "—"
    formula = f"{row.formula}（{KINDS[row.kind]}）"
    cells = (f"`{row.key}`", title, formula, COHORTS[row.cohort], out, BETTER[row.better])
    return f"| {' | '.join((*cells, _example(row, one), row.source))} |"


def _example(row: Indicator, one: Count | None) -> str:
    if one is None:
        return "—"
    out = f"，剔除 {one.excluded}" if row.excludes else ""
    if row.kind == NUMBER:
        return f"{one.numerator}{out}"
    share = percent(Decimal(one.numerator), Decimal(one.denominator))
    if share is None:
        return f"{one.numerator}/{one.denominator}：无数据"
    return f"{one.numerator}/{one.denominator} = {share} %{out}"


def _examples() -> Iterator[Count]:
    month = read_period("2026-10", ZoneInfo(ZONE))
    keys = list(LIBRARY)
    with tempfile.TemporaryDirectory() as folder:
        generate(Plan(1000, seed=1), Path(folder))
        with engine("duckdb", store.opened(Path(folder))) as run:
            yield from count(run, keys=keys, by="city", period=month)


def drawn(page: str) -> str:
    """更新后的页面: the text between the two marks is made anew."""
    before, _mark, rest = page.partition(BEGIN)
    _old, _mark, after = rest.partition(END)
    told = f"## Columns of the facts\n\n{columns()}\n\n## The library\n\n{library()}"
    return f"{before}{BEGIN}\n{told}\n{END}{after}"


def main() -> None:
    """重画 `docs/evaluation.md`."""
    PAGE.write_text(drawn(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
