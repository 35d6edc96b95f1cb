"""`changxiao evaluate` and `changxiao scheme`: a ranking out of facts, and again out of a bundle or
out of an exported log.

Neither a home nor a database. The last line of stdout is the digest. Exit code 0: done, or the same
as the bundle says; 1: it differs; 2: bad input.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from changxiao.cli.from_ledger import AskedLedger, from_ledger
from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _

if TYPE_CHECKING:
    from changxiao.evaluation.bundles import Checked
    from changxiao.evaluation.evaluating import Result
    from changxiao.evaluation.rankings.marks import Outside
    from changxiao.evaluation.schemes import Scheme

ENGINES = ("duckdb", "postgres", "spark", "clickhouse")
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(
    "evaluate",
    help=_(
        "综合评价：按方案从事实库算出一个周期的排名，写到 --out；或用 --bundle 复算证据包、"
        "用 --ledger 从总账导出复算已封存的评价，一致退出码 0，不一致 1。不需要数据库。"
        "标准输出的最后一行是摘要。"
    ),
)
@click.option("--facts", "facts_folder", type=_FOLDER, help=_("事实库目录（facts.json 所在）。"))
@click.option("--scheme", "scheme_name", help=_("方案 TOML 文件，或自带方案的名称（如 area）。"))
@click.option("--period", "label", help=_("周期：2026-10、2026-Q4、2026-W41 或 2026。"))
@click.option("--city", help=_("城市代码；事实库只有一城时可不写。"))
@click.option(
    "--scores",
    type=_FILE,
    help=_("外部得分表 xlsx 或 CSV：评价页下载的，或按模板填写的。"),
)
@click.option(
    "--corrections",
    type=_FILE,
    help=_("成立的申诉所更正的件数：评价页下载的，或证据包里的 corrections.json。"),
)
@click.option(
    "--before",
    type=_FILE,
    multiple=True,
    help=_("所据前期评价的 result.json；有几期写几次。"),
)
@click.option("--engine", default="duckdb", show_default=True, type=click.Choice(ENGINES))
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help=_("写到哪个目录。"))
@click.option("--bundle", type=click.Path(exists=True, path_type=Path), help=_("要复算的证据包。"))
@click.option("--evaluation", "number", help=_("要复算的评价号，如 department-2026-10-1。"))
@from_ledger
def evaluate(
    *,
    engine: str,
    out: Path | None,
    bundle: Path | None,
    number: str | None,
    ledger: AskedLedger,
    **inside: Any,
) -> None:
    """综合评价."""
    if ledger.path is not None:
        if any((*inside.values(), bundle)) or not number:
            raise click.UsageError(_("--ledger 请配 --evaluation 评价号：其余都在总账里。"))
        sys.exit(_audited(ledger, number, engine, out))
    if bundle is not None:
        if any((*inside.values(), out, number)):
            raise click.UsageError(_("--bundle 自带事实、方案和周期：只能再加 --engine。"))
        sys.exit(_again(bundle, engine))
    if number:
        raise click.UsageError(_("--evaluation 指总账里的评价：请用 --ledger 给出总账导出。"))
    _evaluate_facts(engine, out, **inside)


@dataclass(frozen=True, slots=True)
class _Given:
    """What a ranking rests on besides facts and scheme, each in a file."""

    scores: Path | None
    corrections: Path | None
    before: Sequence[Path]


def _evaluate_facts(
    engine: str,
    out: Path | None,
    *,
    facts_folder: Path | None,
    scheme_name: str | None,
    label: str | None,
    city: str | None,
    **files: Any,
) -> None:
    given = {"--facts": facts_folder, "--scheme": scheme_name, "--period": label, "--out": out}
    missing = [name for name, value in given.items() if value is None]
    if missing:
        raise click.UsageError(_("缺 %s；复算证据包请用 --bundle。") % " ".join(missing))
    assert facts_folder and scheme_name and label and out
    text = scheme_text(scheme_name)
    _evaluate(facts_folder, text, label, (city, engine, _Given(**files)), out)


def _scores(path: Path, text: str) -> list[Outside]:
    """外部得分: each fault of the table on stderr; then none of it is taken."""
    from changxiao.cli.table import read_rows
    from changxiao.evaluation.indicators.library import LIBRARY
    from changxiao.evaluation.schemes import read_scheme
    from changxiao.evaluation.scoring.counted import read_counted
    from changxiao.kernel import sheets

    if {".csv", ".gz"} & {path.suffix.lower()}:
        told, lines = read_rows(path)
        rows: list[list[str]] = [[] for _n in range(max(lines, default=0))]
        for line, row in zip(lines, told, strict=True):
            rows[line - 1] = row
    else:
        with path.open("rb") as file:
            rows = sheets.read(file)
    given, faults = read_counted(rows, read_scheme(text, LIBRARY))
    for fault in faults:
        column = fault.cell.rstrip("0123456789")
        place = {"row": fault.cell.removeprefix(column), "column": column}
        place |= {"value": fault.value, "remedy": fault.remedy}
        sentence = _("第 %(row)s 行 %(column)s 列“%(value)s”：%(remedy)s")
        click.echo(sentence % place, err=True)
    if faults:
        counted = {"file": path.name, "count": len(faults)}
        sentence = _("外部得分表 %(file)s 有 %(count)s 处要改，一行也没有计入：改好后再算。")
        raise Refused("outside_wrong", sentence % counted, field="scores")
    if bare := sum(not (one.sheet and one.submitted_by and one.confirmed_by) for one in given):
        sentence = _("有 %(bare)s 行没有写表号、提交人和复核人：数字照算，摘要与写全的不同。")
        click.echo(sentence % {"bare": bare}, err=True)
    return given


def scheme_text(name: str) -> str:
    """方案的文字: of a file, or of one that comes with the product. Refused `scheme_missing`."""
    from changxiao.evaluation.schemes import EXAMPLES

    path = Path(name)
    ready = EXAMPLES / f"{name}.toml"
    if not path.is_file() and name in ready_schemes():
        path = ready
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        told = {"name": name, "known": "、".join(ready_schemes())}
        sentence = _("没有方案文件“%(name)s”，自带的方案有 %(known)s。") % told
        raise Refused("scheme_missing", sentence, field="scheme") from None
    except UnicodeDecodeError:
        sentence = _("方案文件“%(name)s”不是 UTF-8：请另存为 UTF-8。") % {"name": name}
        raise Refused("scheme_unreadable", sentence, field="scheme") from None


def ready_schemes() -> list[str]:
    """自带方案."""
    from changxiao.evaluation.schemes import EXAMPLES

    return sorted(path.stem for path in EXAMPLES.glob("*.toml"))


def _evaluate(
    folder: Path,
    text: str,
    label: str,
    choice: tuple[str | None, str, _Given],
    out: Path,
) -> None:
    from changxiao.evaluation import bundles
    from changxiao.evaluation.evaluating import check_over
    from changxiao.evaluation.facts import store
    from changxiao.evaluation.given import read_before, read_corrections
    from changxiao.evaluation.indicators.library import LIBRARY
    from changxiao.evaluation.periods import read_period
    from changxiao.evaluation.schemes import read_scheme

    facts = store.opened(folder)
    asked, engine, given = choice
    city = asked or _only_city(list(facts.cities))
    source = facts.cities.get(city)
    period = read_period(label, ZoneInfo(source.tz if source else "Asia/Shanghai"))
    check_over(period, datetime.now(UTC))
    result = bundles.make(
        facts,
        text,
        period,
        city=city,
        out=out,
        engine=engine,
        corrections=read_corrections(given.corrections) if given.corrections else (),
        before=read_before(given.before, read_scheme(text, LIBRARY), period, city),
        outside=_scores(given.scores, text) if given.scores else (),
        told=_progress(),
    )
    _tell(result)
    click.echo(_("已写入 %s：result.json、ranking.csv、cells.csv、bundle.zip") % out)
    click.echo(f"digest {result.digest}")


def _again(path: Path, engine: str) -> int:
    from changxiao.evaluation import bundles

    return _compared(bundles.check(path, engine=engine, told=_progress()))


def _audited(ledger: AskedLedger, number: str, engine: str, out: Path | None) -> int:
    from changxiao.evaluation.auditing import auditing

    with ledger.opened() as log, auditing(log, engine=engine, told=_progress()) as audit:
        return _compared(audit.check(number, out=out))


def _compared(checked: Checked) -> int:
    _tell(checked.found)
    if checked.same:
        click.echo(_("复算一致。"))
    else:
        click.echo(_("复算不一致：所封的摘要是 %s。") % checked.expected)
        if checked.same_figures:
            click.echo(_("数字全部一致，只是计算代码的版本不同：用当时的版本复算，摘要也会一致。"))
        elif checked.code != checked.found.told["code"]:
            click.echo(_("计算代码与当时不同：请用当时的版本再算一次，才能判断是谁变了。"))
    click.echo(f"digest {checked.found.digest}")
    return 0 if checked.same else 1


def _only_city(cities: list[str]) -> str:
    if len(cities) == 1:
        return cities[0]
    told = {"known": "、".join(sorted(cities)[:20]) or "—"}
    sentence = _("事实库有多座城市（%(known)s）：请用 --city 指明一座。") % told
    raise Refused("city_missing", sentence, field="city")


def _tell(result: Result) -> None:
    listed = [row for row in result.rows if row["status"] == "listed"]
    told = {
        "title": result.told["scheme"]["title"],
        "version": result.told["scheme"]["version"],
        "label": result.told["period"]["label"],
        "listed": len(listed),
        "others": len(result.rows) - len(listed),
        "bands": max((row["band"] for row in listed), default=0),
    }
    click.echo(
        _(
            "%(title)s 第 %(version)s 版，%(label)s：%(listed)s 个参加排名，%(others)s 个不参加"
            "（件数太少或无数据）。"
        )
        % told
    )
    if told["bands"] > 1:
        click.echo(_("扣除波动后分得开的有 %(bands)s 段。") % told)
    elif told["listed"]:
        click.echo(_("扣除波动后彼此分不开：名次的先后不说明好坏。"))


def _progress() -> Callable[[int, int, str], None]:
    """Each step on stderr, with how long the rest may take."""
    begin = time.monotonic()

    def tell(done: int, of: int, words: str) -> None:
        spent = time.monotonic() - begin
        line = f"[{done}/{of}] {words}"
        if 0 < done < of:
            line += _("，约还需 %.0f 秒") % (spent / done * (of - done))
        click.echo(line, err=True)

    return tell


@click.group("scheme", help=_("评价方案：列出自带的，核对一个文件，说明两版的差别。"))
def scheme() -> None:
    pass


@scheme.command("list", help=_("自带的方案。"))
def _list() -> None:
    for name in ready_schemes():
        found = _read(name)
        click.echo(f"{name}\t{found.title}\t{found.source}")


@scheme.command("show", help=_("方案的文字，可存成文件再改。"))
@click.argument("name")
def _show(name: str) -> None:
    click.echo(scheme_text(name), nl=False)


@scheme.command("check", help=_("核对方案：能用则退出码 0，否则说明哪里不对，退出码 2。"))
@click.argument("name")
def _check(name: str) -> None:
    found = _read(name)
    told = {"title": found.title, "version": found.version, "items": len(found.leaves())}
    click.echo(_("“%(title)s”第 %(version)s 版可用，末级评价项 %(items)s 个。") % told)


@scheme.command("diff", help=_("两版方案的差别，逐条写成话；没有差别退出码 0，有则 1。"))
@click.argument("before")
@click.argument("after")
def _diff(before: str, after: str) -> None:
    from changxiao.evaluation.schemes import differences

    found = differences(_read(before), _read(after))
    for sentence in found:
        click.echo(sentence)
    sys.exit(1 if found else 0)


def _read(name: str) -> Scheme:
    from changxiao.evaluation.indicators.library import LIBRARY
    from changxiao.evaluation.schemes import read_scheme

    return read_scheme(scheme_text(name), LIBRARY)
