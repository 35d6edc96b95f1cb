"""`changxiao import`: foreign lists of cases, a standards table, a census (docs/import.md)."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from changxiao.assets import actions as assets
from changxiao.cases.importing import mapping as mappings
from changxiao.cases.importing import reading
from changxiao.cases.importing.report import Report
from changxiao.cases.importing.run import Options, import_cases
from changxiao.catalog import importing as standards_table
from changxiao.evaluation.actions import import_observations
from changxiao.evaluation.observing import reading as observing
from changxiao.evaluation.observing.known import known, table_of
from changxiao.kernel import scope
from changxiao.kernel.act import Act
from changxiao.kernel.geo import Crs
from changxiao.kernel.home import home
from changxiao.kernel.words import gettext as _

FILE = click.argument("file", type=click.Path(path_type=Path))
AS_JSON = click.option("--json", "as_json", is_flag=True, help=_("以JSON输出。"))


@click.group(
    "import", help=_("导入：外来案卷清单、立案标准表、普查表、观测表。可重复运行，只增不重。")
)
def import_() -> None:
    """导入."""


@import_.command(help=_("按对照表导入案卷清单FILE（CSV、CSV.gz、xlsx），逐行经各环节办理。"))
@FILE
@click.option("--mapping", "name", required=True, help=_("内置对照表的名称，或.toml文件的路径。"))
@click.option("--limit", type=click.IntRange(min=1), help=_("只导入前若干行。"))
@click.option(
    "--refused",
    type=click.Path(path_type=Path, dir_okay=False),
    help=_("未导入的行写入此文件，默认为安装目录中的refused.csv。"),
)
@AS_JSON
def cases(file: Path, name: str, limit: int | None, refused: Path | None, as_json: bool) -> None:
    """导入案卷."""
    mapping = mappings.load(name)
    total = reading.count(file)
    with _bar(min(total, limit or total)) as bar:
        options = Options(
            refused_csv=refused or home() / "refused.csv",
            now=datetime.now(UTC),
            limit=limit,
            hear=bar.hear,
        )
        told = import_cases(file, mapping, options)
    if as_json:
        click.echo(json.dumps(told.as_dict(), ensure_ascii=False))
    else:
        _show(told)


class _Bar:
    """The progress on stderr; what must not be overlooked is said there at once."""

    def __init__(self, progress: Progress, total: int) -> None:
        self._progress, self._said = progress, 0
        self._task = progress.add_task(_("导入"), total=total)

    def hear(self, told: Report) -> None:
        for notice in told.notices[self._said :]:
            self._progress.console.print(notice, soft_wrap=True, highlight=False, markup=False)
        self._said = len(told.notices)
        self._progress.update(self._task, completed=told.rows)


@contextmanager
def _bar(total: int) -> Iterator[_Bar]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as progress:
        yield _Bar(progress, total)


def _show(told: Report) -> None:
    counts = (
        (_("行数"), told.rows),
        (_("已导入"), told.accepted),
        (_("未导入"), told.refused),
        (_("已有"), told.repeated),
        (_("新增记录"), told.entries),
        (_("来源矛盾"), told.contradictions),
    )
    for title, number in counts:
        click.echo(f"{title}\t{number}")
    overdue = told.overdue
    if any(overdue.as_dict().values()):
        words = _("超期核对：相符%(agree)d，不符%(differ)d，来源自相矛盾%(source)d")
        values = {
            "agree": overdue.agree,
            "differ": overdue.differ,
            "source": overdue.source_contradicts,
        }
        click.echo(words % values)
    if told.refused:
        click.echo(_("未导入的行见 %(file)s") % {"file": told.refused_csv})
    if told.contradictions:
        click.echo(_("来源矛盾见 %(file)s") % {"file": told.contradictions_csv})


@import_.command(help=_("导入一座城市的立案、处置和结案标准表FILE（CSV、xlsx）。"))
@FILE
@click.option(
    "--official",
    type=click.Path(path_type=Path),
    help=_("正式标准表：两表条件相同而时限不同时，以它为准。"),
)
@click.option("--series", default="S", show_default=True, help=_("标准代码的前缀。"))
@click.option("--replace", is_flag=True, help=_("停用表中各小类原有的其他标准。"))
@AS_JSON
def standards(file: Path, official: Path | None, series: str, replace: bool, as_json: bool) -> None:
    """导入立案标准."""
    act = Act.system("import", str(uuid.uuid4()))
    with scope.viewing(scope.system("import")):
        told = standards_table.import_standards(
            file, act=act, official=official, series=series, replace=replace
        )
    _tell(told.to_json(), as_json=as_json, words=standards_table.page(told))


@import_.command(help=_("导入部件普查表FILE（CSV、xlsx，16位代码）。"))
@FILE
@click.option(
    "--crs",
    type=click.Choice([crs.value for crs in Crs]),
    default=Crs.WGS84.value,
    show_default=True,
    help=_("坐标系。"),
)
@AS_JSON
def census(file: Path, crs: str, as_json: bool) -> None:
    """导入普查."""
    act = Act.system("import", str(uuid.uuid4()))
    with scope.viewing(scope.system("import")):
        told = assets.import_census(file, act=act, crs=crs)
    counted = told.census
    counts = {
        "rows": counted.row_count,
        "accepted": counted.created_count,
        "changed": counted.changed_count,
        "unchanged": counted.unchanged_count,
        "refused": counted.refused_count,
        "repeated": told.repeated,
        "faults": [
            {"row": one.row, "column": one.column, "value": one.value, "reason": one.reason}
            for one in told.refused
        ],
    }
    lines = [f"{one.row}\t{one.column}\t{one.value}\t{one.reason}" for one in told.refused]
    summary = _(
        "行数%(rows)d，新增%(accepted)d，变更%(changed)d，未变%(unchanged)d，拒收%(refused)d"
    )
    _tell(counts, as_json=as_json, words="\n".join([summary % counts, *lines]))


@import_.command(
    help=_(
        "导入观测表FILE（CSV、xlsx）：路口、整改、热线等在别处点出的数，供评价用。"
        "有错则逐格指出，一行也不导入，退出码1。"
    )
)
@FILE
@AS_JSON
def observations(file: Path, as_json: bool) -> None:
    """导入观测."""
    with scope.viewing(scope.system("import")):
        found = observing.read(table_of(file), known())
        fresh = not found.faults and import_observations(
            found.rows, file=file.name, act=Act.system("import", str(uuid.uuid4()))
        )
    counts = {
        "rows": len(found.rows),
        "accepted": len(found.rows) if fresh else 0,
        "repeated": not fresh and not found.faults,
        "faults": [fault._asdict() for fault in found.faults],
    }
    lines = [f"{cell}\t{value}\t{remedy}" for cell, value, remedy in found.faults]
    summary = _("行数%(rows)d，导入%(accepted)d；重复导入同一张表不增加。") % counts
    _tell(counts, as_json=as_json, words="\n".join([*lines, summary]))
    click.get_current_context().exit(1 if found.faults else 0)


def _tell(told: dict[str, Any], *, as_json: bool, words: str) -> None:
    click.echo(json.dumps(told, ensure_ascii=False, default=str) if as_json else words)
