"""附件 of a bulletin: every cell with its counts, points item by item, all shortcomings. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from changxiao.evaluation.bulletins.layout import Annex, Block, Column, Table
from changxiao.evaluation.bulletins.shortcomings import shortcomings
from changxiao.evaluation.bulletins.source import Measure, Source
from changxiao.kernel.words import gettext as _

ACROSS = 5  # columns of figures in one table: more do not fit across an A4 page


def annexes(source: Source) -> tuple[Annex, ...]:
    """附件, those that have anything to say."""
    found = [
        Annex(_("各项指标明细"), tuple(_cells(source))),
        Annex(_("计分明细"), tuple(_points(source))),
        Annex(_("短板清单"), tuple(_weak(source))),
    ]
    return tuple(one for one in found if one.blocks)


def cell_words(measure: Measure, cell: dict[str, Any] | None) -> str:
    """一格: percentage, and below it numerator/denominator −excluded; — where there is no data."""
    if cell is None:
        return "—"
    out = f" −{cell['excluded']}" if cell["excluded"] else ""
    if measure.kind == "count":
        return f"{cell['numerator']}{out}"
    counts = f"{cell['percent'] or '—'}\n{cell['numerator']}/{cell['denominator']}{out}"
    # of a sample: the interval that holds 95 times of 100
    return counts if cell["low"] is None else f"{counts}\n[{cell['low']}, {cell['high']}]"


def _cells(source: Source) -> Iterator[Block]:
    rows = source.rows
    by_row = [{cell["indicator"]: cell for cell in row["cells"]} for row in rows]
    for keys in _parts(source.keys):
        columns = [Column(source.noun, 4)]
        columns += [Column(source.measure(key).title, 3, figure=True) for key in keys]
        lines = tuple(
            (
                source.name(row["code"]),
                *(cell_words(source.measure(key), cells.get(key)) for key in keys),
            )
            for row, cells in zip(rows, by_row, strict=True)
        )
        caption = _("各项指标：百分比（%），下为分子/分母 −剔除")
        refs = tuple(
            (None, *((key, row["code"]) if key in cells else None for key in keys))
            for row, cells in zip(rows, by_row, strict=True)
        )
        if lines:
            yield Table(caption, tuple(columns), lines, refs)


def _points(source: Source) -> Iterator[Block]:
    items = [(one["key"], _("%(title)s（%(weight)s）") % one) for one in source.told["items"]]
    bonus = list(dict.fromkeys(one["key"] for row in source.rows for one in row["adjustments"]))
    items += [(key, source.points.get(key, key)) for key in bonus]
    scored = [row for row in source.rows if row["score"] is not None]
    for part in _parts(items):
        columns = [Column(source.noun, 4)]
        columns += [Column(title, 3, figure=True) for _key, title in part]
        columns.append(Column(_("得分"), 2, figure=True))
        lines = []
        for row in scored:
            told = {one["key"]: one["points"] for one in [*row["items"], *row["adjustments"]]}
            points = (told.get(key) or "—" for key, _title in part)
            lines.append((source.name(row["code"]), *points, row["score"]))
        if lines:
            yield Table(_("各项得分（括号内为满分）"), tuple(columns), tuple(lines))


def _weak(source: Source) -> Iterator[Block]:
    found = shortcomings(source)
    if not found:
        return
    columns = (
        Column(source.noun, 4),
        Column(_("指标"), 4),
        Column(_("该单位"), 3, figure=True),
        Column(_("其他单位"), 3, figure=True, minor=True),
        Column(_("相差"), 2, figure=True),
        Column(_("差几件"), 2, figure=True),
    )
    lines = tuple(
        (
            source.name(one.group),
            source.measure(one.indicator).title + (_("（连续）") if one.again else ""),
            f"{one.percent:f}\n{one.numerator}/{one.denominator}",
            f"{one.others_percent:f}\n{one.others_numerator}/{one.others_denominator}",
            f"{one.gap:f}",
            str(one.missing),
        )
        for one in found
    )
    refs = tuple((None, None, (one.indicator, one.group), None, None, None) for one in found)
    yield Table(_("短板清单：百分比（%），下为分子/分母；相差为百分点"), columns, lines, refs)


def _parts(found: list[Any]) -> Iterator[list[Any]]:
    """Evenly, so that no table is left with one column."""
    tables = -(-len(found) // ACROSS)
    for n in range(tables):
        yield found[n * len(found) // tables : (n + 1) * len(found) // tables]
