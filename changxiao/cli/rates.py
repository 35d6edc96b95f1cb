"""`changxiao rates`: counts of a bulletin become its percentages, without a home or a database.

Input columns come first and unchanged, then `percent`. A bad row keeps its place with an empty
`percent` and is told on stderr with row, column, value and remedy; the exit code is then 1.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import click

from changxiao.cli.table import Table, check_width, read_table
from changxiao.evaluation.rates import percent, read_count, read_kind, read_places
from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _

NEEDED = ("numerator", "denominator")
ADDED = "percent"


@click.command(
    help=_(
        "算比率：CSV 的 numerator、denominator 两列（可有 kind：rate 或 change，"
        "decimals：小数位数，默认 2）算成通报上的百分数，写在 percent 列；"
        "分母为 0 或缺数则留空（无数据）。"
    )
)
@click.option(
    "--csv",
    "source",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=_("CSV 或 CSV.gz 文件，UTF-8 或 GB18030。"),
)
def rates(source: Path) -> None:
    """算比率."""
    table = read_table(source, NEEDED)
    if ADDED in table.names:
        sentence = _("文件 %(file)s 已有 percent 列：请先删去或改名，以免分不清哪一列是算出的。")
        raise Refused("column_taken", sentence % {"file": source.name}, field=ADDED)
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow([*table.header, ADDED])
    bad = 0
    for line, row, wide in zip(table.lines, table.rows, table.padded(), strict=True):
        try:
            check_width(row, len(table.header))
            found = _percent(table, wide)
        except Refused as no:
            found, bad = "", bad + 1
            told = {"row": line, "column": no.field, "why": no.sentence}
            click.echo(_("第 %(row)s 行 %(column)s 列：%(why)s") % told, err=True)
        writer.writerow([*wide, found])
    if bad:
        counted = {"bad": bad, "rows": len(table.rows)}
        click.echo(_("%(rows)s 行中有 %(bad)s 行无法计算，percent 留空。") % counted, err=True)
        sys.exit(1)


def _percent(table: Table, row: list[str]) -> str:
    told = dict(zip(table.names, row, strict=True))
    numerator, denominator = (read_count(told[name], name) for name in NEEDED)
    kind, places = read_kind(told.get("kind", "")), read_places(told.get("decimals", ""))
    found = percent(numerator, denominator, kind=kind, places=places)
    return "" if found is None else f"{found:f}"
