"""`changxiao train` and `changxiao suggest`: learn labels from texts, and suggest them for others.

With `--csv` neither needs a home or a database. What is learnt is told with its scores on texts
that were held back; what is suggested is written beside each row, never in place of anything.
"""

from __future__ import annotations

import csv
import gzip
import io
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from changxiao.cases.suggesting import storing
from changxiao.cases.suggesting.model import Model
from changxiao.cli.table import Table, check_width, read_table
from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _

ADDED = ("label", "score")
SHOWN_LABELS = 40
FILE = click.Path(dir_okay=False, path_type=Path)
_TEXT_HELP = _("文本列，多列以逗号隔开，如 title,body。")
_CSV_HELP = _("CSV 或 CSV.gz 文件，UTF-8 或 GB18030。")


CSV = click.option("--csv", "source", required=True, type=FILE, help=_CSV_HELP)


@click.command(help=_("训练：由本城已结案的案卷，或由 CSV 的文本列和标签列，学出模型并写明成绩。"))
@click.option("--csv", "source", type=FILE, help=_CSV_HELP)
@click.option("--text", default="", help=_TEXT_HELP)
@click.option("--label", default="", help=_("标签列。"))
@click.option("--out", type=FILE, help=_("模型写入此文件。"))
@click.option("--seed", type=click.IntRange(0, 2**32 - 1), default=0, show_default=True)
@click.option("--date", default="", help=_("写入模型的日期；不写则同样的数据总得同样的文件。"))
@click.option("--run", "number", type=int, hidden=True)
@click.option("--use", is_flag=True, help=_("学完即启用这一版（本城案卷）。"))
def train(  # noqa: PLR0917 - one argument an option
    source: Path | None,
    text: str,
    label: str,
    out: Path | None,
    seed: int,
    date: str,
    number: int | None,
    use: bool,
) -> None:
    """训练."""
    if number is not None:
        _train_asked(number)
    elif source is None and not (text or label or out):
        _train_city(use=use)
    elif source is None or out is None or not text or not label or use:
        raise click.UsageError(_("由 CSV 训练须给出 --csv、--text、--label、--out，不用 --use。"))
    else:
        about = {"source": source.name, "label": label, "date": date}
        _train_csv(source, _columns(text), out, seed, about)


def _train_asked(number: int) -> None:
    """What was asked for from the page; the worker calls this."""
    import os
    import resource

    from changxiao.cli import set_up

    set_up()
    from changxiao.cases import training
    from changxiao.kernel.scope import system, viewing

    os.nice(10)
    for name, most in (("RLIMIT_AS", training.MEMORY), ("RLIMIT_CPU", training.SECONDS)):
        _soft, hard = resource.getrlimit(getattr(resource, name))
        resource.setrlimit(getattr(resource, name), (most, hard))
    with viewing(system("train")):
        training.make(number)


def _train_city(*, use: bool) -> None:
    from changxiao.cli import set_up

    set_up()
    from changxiao.cases.actions.suggesting import train_suggestions
    from changxiao.catalog.actions import set_policy
    from changxiao.kernel.act import Act
    from changxiao.kernel.scope import system, viewing

    with viewing(system("train")):
        row = train_suggestions(act=Act.system("train"))
        if use:
            set_policy("suggestion_version", value=str(row.version), act=Act.system("train"))
    told = {"version": row.version, "cases": row.cases}
    click.echo(_("第 %(version)s 版：学了 %(cases)s 件已结案的案卷。") % told)
    for name, head in row.heads.items():
        click.echo(f"  {name}: {_scores(head)}")
    if not use:
        click.echo(_("尚未启用：设置 › 建议模型，或政策取值 suggestion_version。"))


def _train_csv(
    source: Path, columns: list[str], out: Path, seed: int, about: dict[str, Any]
) -> None:
    label = about["label"]
    from changxiao.cases.suggesting.fitting import Example, fit  # scikit-learn takes a second

    table = read_table(source, [*columns, label])
    labels = _column(table, label)
    pairs = zip(_texts(table, columns), labels, strict=True)
    rows = (Example(said, known) for said, known in pairs)
    model = fit(rows, seed=seed, about={**about, "text": columns})
    _put(out, storing.to_bytes(model))
    _tell(model, out)


@click.command(help=_("建议：按模型为 CSV 的每一行加上 label 和 score 两列。"))
@click.option("--model", "path", required=True, type=FILE, help=_("changxiao train 写出的模型。"))
@CSV
@click.option("--text", required=True, help=_TEXT_HELP)
@click.option("--out", required=True, type=FILE, help=_("结果写入此文件；.gz 结尾则压缩。"))
def suggest(path: Path, source: Path, text: str, out: Path) -> None:
    """建议."""
    columns = _columns(text)
    model = storing.load(path)
    table = read_table(source, columns)
    if out.exists() and os.path.samefile(source, out):
        sentence = _("--out 与 --csv 是同一个文件 %(file)s，请另取一个文件名。")
        raise Refused("same_file", sentence % {"file": out.name}, field="out")
    suggested = [_suggested(model, said) for said in _texts(table, columns)]
    _put(out, _written(table, suggested))
    empty = sum(not label for label, _score in suggested)
    if empty:
        told = {"rows": len(suggested), "empty": empty}
        click.echo(_("%(rows)s 行中有 %(empty)s 行没有汉字，label 留空。") % told, err=True)
    if set(ADDED) & set(table.names):
        click.echo(_("原表已有 label 或 score 列；建议写在最右两列。"), err=True)


def _columns(told: str) -> list[str]:
    names = [name.strip() for name in told.split(",") if name.strip()]
    if not names:
        raise click.UsageError(_("--text 须写至少一个列名。"))
    return names


def _column(table: Table, name: str) -> list[str]:
    at = table.names.index(name)
    return [row[at].strip() for row in table.padded()]


def _texts(table: Table, columns: Sequence[str]) -> Iterator[str]:
    """文本: the columns of each row. Refused `columns_too_many` with the line."""
    for row, line in zip(table.rows, table.lines, strict=True):
        try:
            check_width(row, len(table.header))
        except Refused as no:
            sentence = _("第 %(line)s 行：%(why)s") % {"line": line, "why": no.sentence}
            raise Refused(no.code, sentence, field=no.field) from None
    at = [table.names.index(name) for name in columns]
    for row in table.padded():
        yield "\n".join(row[place] for place in at)


def _suggested(model: Model, said: str) -> tuple[str, str]:
    if not model.knows(said):
        return "", ""
    label, score = model.label(said)
    return label, f"{score:.4f}"


def _written(table: Table, suggested: Sequence[tuple[str, str]]) -> bytes:
    page = io.StringIO(newline="")
    writer = csv.writer(page, lineterminator="\n")
    writer.writerow([*table.header, *ADDED])
    writer.writerows([*row, *told] for row, told in zip(table.padded(), suggested, strict=True))
    return page.getvalue().encode("utf-8", "surrogatepass")


def _put(out: Path, data: bytes) -> None:
    """写出, whole or not at all."""
    draft = out.with_name(f"{out.name}.new")
    draft.write_bytes(gzip.compress(data, mtime=0) if out.suffix == ".gz" else data)
    draft.replace(out)


def _tell(model: Model, out: Path) -> None:
    about = model.about
    told = {"n": about["n"], "labels": len(model.labels), "folds": about["folds"]}
    click.echo(_("学了 %(n)s 条、%(labels)s 种标签；%(folds)s 折留出验证：") % told)
    click.echo(_scores(about))
    for row in sorted(about["each"], key=lambda one: one["f1"])[:SHOWN_LABELS]:
        click.echo(f"  {row['f1']:.3f}  {row['label']} ({row['n']})")
    left = about["left_out"]
    if any(left.values()):
        sentence = _("未学：没有汉字或没有标签 %(no_words)s 条，孤例标签 %(lone_labels)s 条。")
        click.echo(sentence % left, err=True)
    where = {"file": out, "size": -(-out.stat().st_size // 1024)}
    click.echo(_("模型写入 %(file)s（%(size)s KB）。") % where)


def _scores(about: Mapping[str, Any]) -> str:
    shares = {name: f"{about[name]:.1%}" for name in ("accuracy", "top3")}
    told = {"f1": f"{about['macro_f1']:.4f}", **shares}
    return _("宏平均 F1 %(f1)s，首选正确 %(accuracy)s，前三含正确 %(top3)s。") % told
