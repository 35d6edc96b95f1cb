"""Word 的段落与表 as WordprocessingML (ISO/IEC 29500-1). Written as text: cell by cell through an
object model, a table of a hundred units takes seconds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.sax.saxutils import escape

from docx.oxml.ns import nsdecls

from changxiao.evaluation.bulletins.layout import Column, Table

LINE = 579  # twips: 225 mm in 22 lines
WIDTH = 8844  # twips: 156 mm
# Twips that 28 characters of 16 pt must give up each to fit 156 mm. A grid of characters would say
# the same, but programs other than Word give each character two places of it.
CLOSER = -5
CHARACTER = 315
TEXT, TITLE, FIRST, SECOND, SMALL = "仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312", "宋体"
LATIN = "Times New Roman"
FALLBACKS = {
    TEXT: "仿宋,FangSong,STFangsong",
    TITLE: "小标宋体,FZXiaoBiaoSong-B05S,宋体,SimSun",
    FIRST: "SimHei,STHeiti",
    SECOND: "楷体,KaiTi,STKaiti",
    SMALL: "SimSun,STSong",
}
THREE, TWO, FOUR, FIVE = 16.0, 22.0, 14.0, 10.5  # 三号 二号 四号 五号, in points
_CHINESE = re.compile("[\u4e00-\u9fff]")
_W = nsdecls("w")


def run(text: str, *, font: str = "", size: float = THREE) -> str:
    """一段字; a line break where the text has one.

    Quotation marks, dashes and dots belong to both scripts: in Chinese text the hint has them set
    in its font, as wide as a character, else Word takes the Latin one.
    """
    latin = SMALL if font == SMALL else LATIN
    names = f' w:ascii="{latin}" w:hAnsi="{latin}" w:eastAsia="{font}"' if font else ""
    hint = ' w:hint="eastAsia"' if _CHINESE.search(text) else ""
    names = f"<w:rFonts{hint}{names}/>" if hint or names else ""
    close = f'<w:spacing w:val="{CLOSER}"/>' if size == THREE else ""
    style = f'<w:rPr>{names}{close}<w:sz w:val="{round(2 * size)}"/></w:rPr>'
    lines = "<w:br/>".join(
        f'<w:t xml:space="preserve">{escape(one)}</w:t>' for one in text.split("\n")
    )
    return f"<w:r>{style}{lines}</w:r>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """段落样子: indents in characters, space before and after in twips; `tight`: off the grid,
    `keep`: with what follows, `new_page`: on top of one."""

    font: str = ""
    size: float = THREE
    align: str = "left"
    indent: int = 0
    right: int = 0
    before: int = 0
    after: int = 0
    keep: bool = False
    tight: bool = False
    new_page: bool = False


PLAIN = Look()


def paragraph(text: str, look: Look = PLAIN) -> str:
    """一段."""
    hold = "<w:keepNext/>" if look.keep else ""
    page = "<w:pageBreakBefore/>" if look.new_page else ""
    snap = '<w:snapToGrid w:val="0"/>' if look.tight else ""
    rule = (_pitch(look.size), "exact")
    if look.tight:
        rule = (260, "atLeast") if look.size > 1 else (20, "exact")
    pitch = f'w:line="{rule[0]}" w:lineRule="{rule[1]}"'
    space = f'<w:spacing w:before="{look.before}" w:after="{look.after}" {pitch}/>'
    # in characters, as the standard says it, and in twips for who cannot count those
    inset = (
        f'<w:ind w:rightChars="{100 * look.right}" w:right="{CHARACTER * look.right}"'
        f' w:firstLineChars="{100 * look.indent}" w:firstLine="{CHARACTER * look.indent}"/>'
    )
    mark = f'<w:rPr><w:sz w:val="{round(2 * look.size)}"/></w:rPr>'
    layout = f'<w:pPr>{hold}{page}{snap}{space}{inset}<w:jc w:val="{look.align}"/>{mark}</w:pPr>'
    words = run(text, font=look.font, size=look.size) if text else ""
    return f"<w:p {_W}>{layout}{words}</w:p>"


def _pitch(size: float) -> int:
    """The title's lines are higher than the text's."""
    return LINE if size <= THREE else LINE * 6 // 5


def table(told: Table) -> str:
    """表: its heading repeats on every page, a row is never split between two."""
    whole = sum(column.wide for column in told.columns)
    widths = [WIDTH * column.wide // whole for column in told.columns]
    edge = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    margins = '<w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/>'
    layout = (
        f'<w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{edge}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        f'<w:tblCellMar>{margins}</w:tblCellMar><w:tblLook w:firstRow="1" w:firstColumn="0"/>'
        f'<w:tblCaption w:val="{escape(told.caption, {chr(34): "&quot;"})}"/></w:tblPr>'
    )
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    head = _row([column.title for column in told.columns], told.columns, widths, head=True)
    rows = "".join(_row(row, told.columns, widths) for row in told.rows)
    return f"<w:tbl {_W}>{layout}<w:tblGrid>{grid}</w:tblGrid>{head}{rows}</w:tbl>"


def _row(
    cells: tuple[str, ...] | list[str],
    columns: tuple[Column, ...],
    widths: list[int],
    *,
    head: bool = False,
) -> str:
    repeated = "<w:tblHeader/>" if head else ""
    found = "".join(
        _cell(text, column, width, head)
        for text, column, width in zip(cells, columns, widths, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>{found}</w:tr>"


def _cell(text: str, column: Column, width: int, head: bool) -> str:
    align = "center" if head else "right" if column.figure else "left"
    shade = '<w:shd w:val="clear" w:color="auto" w:fill="F2F2F2"/>' if head else ""
    layout = (
        f'<w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{shade}<w:vAlign w:val="center"/></w:tcPr>'
    )
    space = '<w:spacing w:before="20" w:after="20" w:line="260" w:lineRule="atLeast"/>'
    words = run(text, font=FIRST if head else "", size=FIVE)
    return (
        f'<w:tc>{layout}<w:p><w:pPr><w:snapToGrid w:val="0"/>{space}<w:jc w:val="{align}"/>'
        f'<w:rPr><w:sz w:val="{round(2 * FIVE)}"/></w:rPr></w:pPr>{words}</w:p></w:tc>'
    )
