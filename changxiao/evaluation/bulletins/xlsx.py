"""Excel 通报: ranking, every cell, shortcomings, highlights, lists, and how it was computed.

Each percentage is a formula over the counts beside it, with its value as printed; text is never a
formula (`kernel.spreadsheet.neutral`).
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from PIL import Image

from changxiao.evaluation.bulletins import map_drawn
from changxiao.evaluation.bulletins.honoring import deciders, decision
from changxiao.evaluation.bulletins.layout import Bulletin, Map
from changxiao.evaluation.bulletins.maps import WIDE
from changxiao.evaluation.bulletins.shortcomings import sentence, shortcomings
from changxiao.evaluation.bulletins.source import LISTED, TOO_FEW, Source, total
from changxiao.kernel.spreadsheet import XLSX, neutral
from changxiao.kernel.words import gettext as _

__all__ = ["XLSX", "write"]
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
MOST_BARS = 60
MAP_WIDE = 900  # pixels of a screen
PICTURE_WIDE, PICTURE_HIGH = 28, 140  # characters of a column, pixels
Columns = Sequence[tuple[str, int]]


class Percent:
    """百分数: worked out in the sheet from columns of the same row, `left` ÷ `right`."""

    def __init__(self, left: str, right: str, shown: str | None) -> None:
        self.left, self.right, self.shown = left, right, shown

    def formula(self, row: int) -> str:
        """ROUND goes half away from zero, as bulletins do."""
        n, d = f"{self.left}{row}", f"{self.right}{row}"
        return f'=IF({d}=0,"",ROUND({n}*100/{d},2))'


Cell = str | int | Decimal | Percent | None


class _Book:
    """工作簿 and what its sheets are written with."""

    def __init__(self, file: io.BytesIO, bulletin: Bulletin, made_at: datetime) -> None:
        self.book = xlsxwriter.Workbook(file, _OPTIONS)
        properties = {
            "title": bulletin.title,
            "author": bulletin.signed,
            "comments": bulletin.digest,
        }
        created = made_at.astimezone(UTC).replace(tzinfo=None)
        self.book.set_properties({**properties, "created": created})
        self.bold = self.book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self.head = self.book.add_format({"bold": True, "font_size": 14})
        self.wrap = self.book.add_format({"text_wrap": True, "valign": "top"})
        self.two = self.book.add_format({"num_format": "0.00"})

    def sheet(self, name: str, title: str, columns: Columns, rows: Sequence[Sequence[Cell]]) -> Any:
        """一张表: a title, headings that stay, rows."""
        page = self.book.add_worksheet(name[:31])
        page.write_string(0, 0, neutral(title), self.head)
        page.freeze_panes(2, 1)
        page.set_landscape()
        page.set_paper(9)  # A4
        page.fit_to_pages(1, 0)
        page.repeat_rows(1)
        for number, (heading, width) in enumerate(columns):
            page.set_column(number, number, width)
            page.write_string(1, number, neutral(heading), self.bold)
        for at, row in enumerate(rows, 2):
            for number, value in enumerate(row):
                self._write(page, at, number, value)
        page.autofilter(1, 0, max(2, len(rows) + 1), len(columns) - 1)
        return page

    def _write(self, page: Any, row: int, column: int, value: Cell) -> None:
        if value is None or value == "":
            return
        if isinstance(value, Percent):
            shown = float(value.shown) if value.shown else ""
            page.write_formula(row, column, value.formula(row + 1), self.two, shown)
        elif isinstance(value, Decimal):
            page.write_number(row, column, float(value), self.two)
        elif isinstance(value, int):
            page.write_number(row, column, value)
        else:
            page.write_string(row, column, neutral(value), self.wrap)


def write(source: Source, bulletin: Bulletin, made_at: datetime) -> bytes:
    """写 Excel 通报."""
    file = io.BytesIO()
    book = _Book(file, bulletin, made_at)
    _ranking(book, source, bulletin)
    _map(book, bulletin)
    _totals(book, source)
    _cells(book, source)
    _shortcomings(book, source)
    _highlights(book, source)
    _honors(book, source)
    _how(book, source, bulletin)
    book.book.close()
    return file.getvalue()


def _ranking(book: _Book, source: Source, bulletin: Bulletin) -> None:
    columns = [(_("名次"), 6), (source.noun, 28), (_("代码"), 14), (_("得分"), 9)]
    columns += [(_("评定等级"), 6), (_("档"), 6), (_("可能最好名次"), 8), (_("可能最差名次"), 8)]
    columns += [(_("上期得分"), 9), (_("上期名次"), 8), (_("得分增减"), 9), (_("超出波动"), 9)]
    columns += [(_("现状"), 14)]
    rows = [_rank_row(source, row) for row in source.rows]
    name = _("排名")
    page = book.sheet(name, bulletin.title, columns, rows)
    listed = min(MOST_BARS, len(source.listed))
    if not listed:
        return
    chart = book.book.add_chart({"type": "bar"})
    chart.add_series(
        {
            "name": _("得分"),
            "categories": [name, 2, 1, 1 + listed, 1],
            "values": [name, 2, 3, 1 + listed, 3],
            "data_labels": {"value": True},
            "fill": {"color": "#2563EB"},
            "gap": 50,
        }
    )
    chart.set_y_axis({"reverse": True})
    chart.set_x_axis({"min": 0, "visible": False, "major_gridlines": {"visible": False}})
    chart.set_legend({"none": True})
    chart.set_title({"name": _("得分")})
    chart.set_size({"width": 620, "height": 80 + 22 * listed})
    page.insert_chart(1, len(columns) + 1, chart, {"description": _("得分")})


def _rank_row(source: Source, row: Any) -> list[Cell]:
    trend = row["trend"] or {}
    why = {LISTED: "", TOO_FEW: _("件数不足")}.get(row["status"], _("没有数据"))
    moved = trend.get("apart")
    return [
        row["rank"],
        source.name(row["code"]),
        row["code"],
        _decimal(row["score"]),
        row["grade"],
        row["band"],
        row["best"],
        row["worst"],
        _decimal(trend.get("score")),
        trend.get("rank"),
        _decimal(trend.get("change")),
        _("是") if moved else "",
        why,
    ]


def _totals(book: _Book, source: Source) -> None:
    columns = [
        (_("指标"), 26),
        (_("分子"), 10),
        (_("分母"), 10),
        (_("剔除件数"), 8),
        (_("百分比"), 9),
    ]
    rows: list[list[Cell]] = []
    for key in source.keys:
        told, whole = total(source.told, key), source.measure(key).kind != "count"
        row: list[Cell] = [source.measure(key).title, told.numerator]
        row += [told.denominator if whole else None, told.excluded]
        rows.append([*row, Percent("B", "C", told.percent) if whole else None])
    book.sheet(_("全市合计"), _("全市各项指标（百分比单位：%）"), columns, rows)


def _cells(book: _Book, source: Source) -> None:
    columns = [(source.noun, 28), (_("代码"), 14), (_("指标"), 26), (_("分子"), 10)]
    columns += [
        (_("分母"), 10),
        (_("剔除件数"), 8),
        (_("百分比"), 9),
        (_("区间下限"), 9),
        (_("区间上限"), 9),
    ]
    book.sheet(_("各格"), _("各项指标明细"), columns, list(_cell_rows(source)))


def _cell_rows(source: Source) -> Iterator[list[Cell]]:
    groups = [(source.name(row["code"]), row["code"], row["cells"]) for row in source.rows]
    groups.append((_("（不属于任何对象）"), "", source.told["unassigned"]))
    for name, code, cells in groups:
        for cell in cells:
            measure = source.measure(cell["indicator"])
            whole = measure.kind != "count"
            yield [
                name,
                code,
                measure.title,
                cell["numerator"],
                cell["denominator"] if whole else None,
                cell["excluded"],
                Percent("D", "E", cell["percent"]) if whole else None,
                _decimal(cell["low"]),
                _decimal(cell["high"]),
            ]


def _shortcomings(book: _Book, source: Source) -> None:
    columns = [(source.noun, 28), (_("指标"), 26), (_("分子"), 10), (_("分母"), 10)]
    columns += [(_("百分比"), 9), (_("其他单位分子"), 10), (_("其他单位分母"), 10)]
    columns += [(_("其他单位百分比"), 9), (_("差几件"), 8), (_("连续"), 6), (_("任务"), 90)]
    rows: list[list[Cell]] = [
        [
            source.name(one.group),
            source.measure(one.indicator).title,
            one.numerator,
            one.denominator,
            Percent("C", "D", f"{one.percent:f}"),
            one.others_numerator,
            one.others_denominator,
            Percent("F", "G", f"{one.others_percent:f}"),
            one.missing,
            _("是") if one.again else "",
            sentence(source, one),
        ]
        for one in shortcomings(source)
    ]
    book.sheet(_("短板"), _("短板清单"), columns, rows)


def _highlights(book: _Book, source: Source) -> None:
    """亮点: a row for each that a person picked, its pictures beside it."""
    if not source.highlights:
        return
    columns = [(_("点位"), 36), (_("小类"), 18), (_("首次发现"), 13), (_("最后结案"), 13)]
    columns += [(_("复发次数"), 9), (_("安静天数"), 9), (_("巡查天数"), 9)]
    columns += [(_("处置前"), PICTURE_WIDE), (_("处置后"), PICTURE_WIDE)]
    rows: list[list[Cell]] = [
        [
            one.place,
            one.category,
            one.first.isoformat(),
            one.closed.isoformat(),
            one.times,
            one.days,
            one.visits,
        ]
        for one in source.highlights
    ]
    page = book.sheet(_("亮点"), _("亮点"), columns, rows)
    for at, one in enumerate(source.highlights, 2):
        if one.pictures:
            page.set_row_pixels(at, PICTURE_HIGH + 8)
        for column, picture in enumerate(one.pictures, 7):
            with Image.open(picture.path) as opened:
                share = min(PICTURE_HIGH / opened.height, 7 * PICTURE_WIDE / opened.width)
            words = f"{one.place} {one.category} {picture.words}"
            told = {"x_offset": 4, "y_offset": 4, "x_scale": share, "y_scale": share}
            page.insert_image(at, column, str(picture.path), {**told, "description": words})


def _honors(book: _Book, source: Source) -> None:
    columns = [(_("榜"), 14), (source.noun, 28), (_("连续期数"), 10), (_("建议"), 40)]
    columns += [(_("决定"), 30), (_("决定人"), 18), (_("决定日期"), 14), (_("理由"), 50)]
    rows: list[list[Cell]] = []
    for one in source.told["honors"]:
        row: list[Cell] = [
            source.lists[one["list"]].title if one["list"] in source.lists else one["list"],
            source.name(one["code"]),
            one["times"],
            one["proposal"],
        ]
        if made := decision(source, one):
            row += [made.words, deciders(made), made.date.isoformat(), made.reason]
        rows.append(row)
    book.sheet(_("红黑榜"), _("红黑榜"), columns, rows)


def _map(book: _Book, bulletin: Bulletin) -> None:
    """地图: the picture that Word has, on a sheet of its own."""
    drawn = next((block for block in bulletin.blocks if isinstance(block, Map)), None)
    if drawn is None:
        return
    page = book.sheet(_("地图"), drawn.caption, [("", 12)], [])
    share = MAP_WIDE / (WIDE * map_drawn.SCALE)
    told = {"image_data": io.BytesIO(map_drawn.png(drawn)), "description": drawn.label}
    page.insert_image(2, 0, "map.png", {**told, "x_scale": share, "y_scale": share})


def _how(book: _Book, source: Source, bulletin: Bulletin) -> None:
    told, scheme = source.told, source.told["scheme"]
    rows: list[list[Cell]] = [
        [_("评价号"), source.number],
        [_("方案"), f"{scheme['title']} v{scheme['version']} {scheme['sha256']}"],
        [_("考核期"), f"{told['period']['label']} {told['period']['tz']}"],
        [_("事实摘要"), told["inputs"]],
        [_("代码摘要"), told["code"]],
        [_("结果摘要"), source.digest],
        [_("怎样复算"), "changxiao evaluate --bundle bundle.zip"],
    ]
    marks = _("%(title)s（%(weight)s）")
    rows += [[_("计分"), f"{marks % one} = {one['score']}"] for one in told["items"]]
    rows += [[source.measure(key).title, source.measure(key).how] for key in source.keys]
    columns = [(_("项目"), 26), (_("具体内容"), 110)]
    book.sheet(_("怎样算的"), bulletin.title, columns, rows)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
