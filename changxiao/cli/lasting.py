"""`changxiao lasting` and `changxiao forecast`: does order last, and what comes next week?

Both read a list of problems (CSV) as any city publishes it, without a home or a database. A row
that cannot be read is left out and told on stderr; the exit code is then 1.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click
import numpy as np

from changxiao.cli.table import check_width, read_table
from changxiao.evaluation.lasting.problems import Problems
from changxiao.evaluation.lasting.reading import SECONDS, Columns, read
from changxiao.evaluation.lasting.recurrence import DAYS, METRES, Reach
from changxiao.evaluation.lasting.telling import Told, lasting_of
from changxiao.evaluation.outlook.forecast import next_week
from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
CSV = click.option("--csv", "source", required=True, type=FILE, help=_("问题清单，CSV 或 CSV.gz。"))
FOUND = click.option("--found", required=True, help=_("上报时间列。"))
BY = click.option("--by", default="", help=_("分组列，如街道；不写则合为一组。"))
NUMBER = click.option("--number", default="", help=_("编号列：重复的编号只算一件。"))
JSON = click.option("--json", "as_json", is_flag=True, help=_("以 JSON 输出。"))


@click.command(
    help=_(
        "长效：结案后若干天内、若干米内同一小类又出现，算复发。"
        "输出每组的结案数、复发数、复发率、30/90/365 天保持率、90 天内平均保持天数。"
    )
)
@CSV
@click.option("--kind", required=True, help=_("小类列。"))
@FOUND
@click.option("--closed", required=True, help=_("结案时间列，未结案为空。"))
@click.option("--lon", required=True, help=_("经度列。"))
@click.option("--lat", required=True, help=_("纬度列。"))
@BY
@NUMBER
@click.option("--channel", default="", help=_("来源列，与 --count 合用。"))
@click.option("--count", "counted", multiple=True, help=_("哪些来源的再次发现才算复发，可多次写。"))
@click.option("--metres", type=click.FloatRange(min=0, min_open=True), default=METRES)
@click.option("--days", type=click.FloatRange(min=0, min_open=True), default=DAYS)
@click.option("--reach", type=FILE, help=_("每小类的范围：CSV，列 kind,metres,days。"))
@JSON
def lasting(
    source: Path,
    counted: tuple[str, ...],
    metres: float,
    days: float,
    reach: Path | None,
    *,
    as_json: bool,
    **names: str,
) -> None:
    """长效."""
    if bool(names["channel"]) != bool(counted):
        raise click.UsageError(_("--channel 与 --count 须同时给出。"))
    problems, bad = problems_of(source, Columns(**names), counted)
    asked = Reach(metres, days, _reaches(reach) if reach else None)
    _show([told.row() for told in lasting_of(problems, reach=asked)], as_json=as_json)
    sys.exit(1 if bad else 0)


@click.command(
    help=_(
        "预测：下一周每组会来多少件，附九成把握的区间；"
        "至少要一年半的数据。输出 group,week,expected,low,high。"
    )
)
@CSV
@FOUND
@BY
@NUMBER
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help=_("只看此日起的问题。"))
@JSON
def forecast(
    source: Path, found: str, by: str, number: str, since: datetime | None, *, as_json: bool
) -> None:
    """预测."""
    problems, bad = problems_of(source, Columns(found=found, by=by, number=number), ())
    if since:
        start = since.replace(tzinfo=UTC).timestamp() / SECONDS
        problems = problems.only(problems.found >= start)
    groups, weeks, monday = weekly(problems)
    said = next_week(weeks)
    rows = [
        {
            "group": group,
            "week": f"{monday:%Y-%m-%d}",
            "expected": round(float(said.expected[row, 0]), 1),
            "low": int(np.floor(said.low[row, 0])),
            "high": int(np.ceil(said.high[row, 0])),
        }
        for row, group in enumerate(groups)
    ]
    _show(rows, as_json=as_json)
    sys.exit(1 if bad else 0)


def weekly(problems: Problems) -> tuple[list[str], Any, datetime]:
    """Cases of each group in each whole week from Monday, and the Monday after them. The first and
    the last week, of which a part may be missing, are left out."""
    weeks = np.floor((problems.found + 3) / 7).astype(int)  # 1970-01-01 was a Thursday
    if not len(weeks) or weeks.max() - weeks.min() < 2:
        raise Refused("weeks_few", _("清单不足一周，无法预测。"), field="csv")
    first, last = int(weeks.min()) + 1, int(weeks.max())
    groups = sorted({str(group) for group in problems.group})
    place = {group: row for row, group in enumerate(groups)}
    counts = np.zeros((len(groups), last - first))
    inside = (weeks >= first) & (weeks < last)
    rows = np.array([place[str(group)] for group in problems.group[inside]], int)
    np.add.at(counts, (rows, weeks[inside] - first), 1)
    return groups, counts, datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=last * 7 - 3)


def problems_of(source: Path, columns: Columns, counted: Sequence[str]) -> tuple[Problems, int]:
    table = read_table(source, columns.needed)
    bad: list[int] = []

    def trouble(line: int, no: Refused) -> None:
        bad.append(line)
        told = {"row": line, "column": no.field, "why": no.sentence}
        click.echo(_("第 %(row)s 行 %(column)s 列：%(why)s") % told, err=True)

    def rows() -> Any:
        for line, row, wide in zip(table.lines, table.rows, table.padded(), strict=True):
            check_width(row, len(table.header))
            yield line, dict(zip(table.names, wide, strict=True))

    problems = read(rows(), columns, counted=counted, trouble=trouble)
    if bad:
        told = {"bad": len(bad), "rows": len(table.rows)}
        click.echo(_("%(rows)s 行中有 %(bad)s 行读不懂，未算在内。") % told, err=True)
    return problems, len(bad)


def _reaches(path: Path) -> dict[str, tuple[float, float]]:
    table = read_table(path, ("kind", "metres", "days"))
    found = {}
    for line, wide in zip(table.lines, table.padded(), strict=True):
        row = dict(zip(table.names, wide, strict=True))
        try:
            metres, days = float(row["metres"]), float(row["days"])
        except ValueError:
            metres = days = 0.0
        if not (metres > 0 and days > 0):
            told = {"file": path.name, "row": line}
            sentence = _("%(file)s 第 %(row)s 行：metres 和 days 须是大于 0 的数。") % told
            raise Refused("reach_unreadable", sentence, field="reach")
        found[row["kind"].strip()] = (metres, days)
    return found


def _show(rows: Sequence[dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    names = list(rows[0]) if rows else list(Told.NAMES)
    writer = csv.DictWriter(sys.stdout, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
