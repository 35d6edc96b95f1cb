"""`changxiao facts`: what evaluation counts, from the log or made up (docs/evaluation.md).

`generate`, and `export --ledger`, need neither a home nor a database.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import click

from changxiao.cli.from_ledger import AskedLedger, from_ledger
from changxiao.evaluation.facts import store
from changxiao.evaluation.facts.generate import Plan
from changxiao.evaluation.facts.generate import generate as generating
from changxiao.evaluation.periods import read_period
from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _

FOLDER = click.Path(file_okay=False, path_type=Path)
AS_JSON = click.option("--json", "as_json", is_flag=True, help=_("以JSON输出。"))
MOST_TOLD = 20


@click.group(help=_("事实库：从总账导出评价用的案卷与任务（Parquet）、核对、生成虚拟数据。"))
def facts() -> None:
    """事实库."""


@facts.command(
    help=_(
        "把总账导出为事实库；已有的只补新增部分，每条记录恰好一次。"
        "用 --ledger 时从总账导出文件取，先核对整份导出，不需要本机的数据库。"
    )
)
@click.option("--out", "folder", required=True, type=FOLDER, help=_("事实库目录。"))
@click.option("--rebuild", is_flag=True, help=_("不看已有内容，从头重建。"))
@click.option("--size", type=click.IntRange(min=0), help=_("只取总账的前若干条。"))
@click.option("--city", default="", help=_("城市代码；总账导出里没有写明时用。"))
@from_ledger
@AS_JSON
def export(
    *,
    folder: Path,
    rebuild: bool,
    size: int | None,
    city: str,
    ledger: AskedLedger,
    as_json: bool,
) -> None:
    """导出."""
    begun = time.monotonic()
    if ledger.path is None:
        if city:
            raise click.UsageError(_("--city 只与 --ledger 同用：本机是哪座城市已经写定。"))
        written = _from_home(folder, rebuild=rebuild, size=size)
    else:
        from changxiao.evaluation.feed.audited import export as exporting

        with ledger.opened() as log:
            written = exporting(log, folder, city=city, size=size, anew=rebuild)
    _tell(folder, begun, as_json, written=written)


def _from_home(folder: Path, *, rebuild: bool, size: int | None) -> int:
    from changxiao.cli import set_up

    set_up()
    from changxiao.evaluation.feed.export import export as exporting
    from changxiao.kernel.scope import system, viewing

    with viewing(system("facts")):
        return exporting(folder, rebuild=rebuild, size=size)


@facts.command(help=_("核对事实库：文件、摘要，并与本市各表逐案比较。退出码 0 一致，1 不一致。"))
@click.option("--facts", "folder", required=True, type=FOLDER, help=_("事实库目录。"))
@click.option("--files", is_flag=True, help=_("只核对文件，不需要数据库。"))
@AS_JSON
def check(folder: Path, files: bool, as_json: bool) -> None:
    """核对."""
    found = store.opened(folder)
    faults = list(store.faults(found)) if files else _against_tables(found)
    if as_json:
        click.echo(json.dumps({"digest": found.digest, "faults": faults}, ensure_ascii=False))
    else:
        for sentence in faults[:MOST_TOLD]:
            click.echo(sentence, err=True)
        counted = {"cases": found.rows("cases"), "tasks": found.rows("tasks"), "n": len(faults)}
        told = _("案卷 %(cases)d 行、任务 %(tasks)d 行，不一致 %(n)d 处。") % counted
        click.echo(f"{told}\ndigest sha256:{found.digest}")
    sys.exit(1 if faults else 0)


def _against_tables(found: store.Facts) -> list[str]:
    from changxiao.cli import set_up

    set_up()
    from changxiao.evaluation.feed.checking import check as checking
    from changxiao.kernel.scope import system, viewing

    with viewing(system("facts")):
        return list(checking(found))


@facts.command(
    help=_(
        "合并几座城市的事实库：逐一核对文件和版本后写到 --out；--out 里已有的城市由同一城市更新的"
        "导出替换。"
    )
)
@click.argument("folders", nargs=-1, required=True, type=FOLDER)
@click.option("--out", required=True, type=FOLDER, help=_("合并后的事实库目录。"))
@AS_JSON
def merge(folders: tuple[Path, ...], out: Path, as_json: bool) -> None:
    """合并."""
    from changxiao.evaluation.facts.merging import merge as merging

    begun = time.monotonic()
    with click.progressbar(length=len(folders), file=sys.stderr, show_eta=True) as bar:
        merged = merging(folders, out, tell=lambda _done: bar.update(1))
    told: dict[str, Any] = {
        "cities": len(merged.cities),
        "cases": merged.rows("cases"),
        "tasks": merged.rows("tasks"),
        "observations": merged.rows("observations"),
        "seconds": round(time.monotonic() - begun, 1),
        "digest": merged.digest,
    }
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    words = _("%(cities)d 座城市，案卷 %(cases)d 行、任务 %(tasks)d 行，用时 %(seconds)s 秒。")
    click.echo(f"{words % told}\ndigest sha256:{merged.digest}")


@facts.command(help=_("生成虚拟事实：同一种子、件数、城市数、月数得到同样的字节。"))
@click.option("--cases", required=True, type=click.IntRange(min=1), help=_("案卷件数。"))
@click.option("--seed", default=1, show_default=True, type=click.IntRange(min=0), help=_("种子。"))
@click.option(
    "--cities", default=1, show_default=True, type=click.IntRange(1, 9999), help=_("城市数。")
)
@click.option(
    "--months", default=1, show_default=True, type=click.IntRange(1, 120), help=_("月数。")
)
@click.option("--last", default="2026-10", show_default=True, help=_("最后一个月。"))
@click.option("--tasks/--no-tasks", default=True, show_default=True, help=_("是否含任务行。"))
@click.option("--out", "folder", required=True, type=FOLDER, help=_("事实库目录。"))
@AS_JSON
def generate(folder: Path, as_json: bool, last: str, **wanted: Any) -> None:
    """生成."""
    begun = time.monotonic()
    if read_period(last, _zone()).kind != "month":
        raise Refused("period_unreadable", _("--last 请写月份，如 2026-10。"), field="last")
    _must_be_made_up(folder)
    plan = Plan(last=last, **wanted)
    with click.progressbar(length=plan.cases, file=sys.stderr, show_eta=True) as bar:
        generating(plan, folder, tell=bar.update)
    _tell(folder, begun, as_json, written=plan.cases)


def _must_be_made_up(folder: Path) -> None:
    if (folder / store.MANIFEST).exists() and any(
        s.size for s in store.opened(folder).cities.values()
    ):
        sentence = _("%(dir)s 是从总账导出的事实库，不能用虚拟数据覆盖：请换一个目录。")
        raise Refused("facts_are_real", sentence % {"dir": folder}, field="out")


def _zone() -> Any:
    from zoneinfo import ZoneInfo

    return ZoneInfo("Asia/Shanghai")


def _tell(folder: Path, begun: float, as_json: bool, *, written: int) -> None:
    found = store.opened(folder)
    told: dict[str, Any] = {
        "written": written,
        "cases": found.rows("cases"),
        "tasks": found.rows("tasks"),
        "seconds": round(time.monotonic() - begun, 1),
        "digest": found.digest,
    }
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    words = _(
        "写入 %(written)d 件；共有案卷 %(cases)d 行、任务 %(tasks)d 行，用时 %(seconds)s 秒。"
    )
    click.echo(f"{words % told}\ndigest sha256:{told['digest']}")
