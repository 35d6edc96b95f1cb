"""Word 通报 in the layout of GB/T 9704-2012: A4, 22 lines of 28 characters, 仿宋 三号.

Fonts are named, never embedded; each has another name to fall back on where a machine lacks it.
The chart is Word's own, so that the office can restyle it. There is no red head 版头: the office
prints it.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import docx
import segno
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shape import InlineShape
from docx.shared import Emu, Mm, Pt

from changxiao.evaluation.bulletins import map_drawn, word_chart
from changxiao.evaluation.bulletins.layout import (
    Bars,
    Block,
    Bulletin,
    Heading,
    Map,
    Para,
    Pictures,
    Table,
    width,
)
from changxiao.evaluation.bulletins.word_parts import (
    FALLBACKS,
    FIRST,
    FIVE,
    FOUR,
    LATIN,
    LINE,
    SECOND,
    SMALL,
    TEXT,
    THREE,
    TITLE,
    TWO,
    Look,
    paragraph,
    run,
    table,
)
from changxiao.kernel.words import gettext as _

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
W = nsdecls("w")
HEAD = Look(font=TITLE, size=TWO, align="center")
NOTE = Look(size=FIVE, tight=True)
CAPTION = replace(NOTE, align="center", before=120, keep=True)
GAP = Look(size=1, tight=True, after=160)  # after a table; on a page of its own it takes none
HALF, HIGH = 75, 60  # millimetres that a photo may take
WHOLE = 156  # millimetres of a line
ACROSS = 18  # characters of 二号 in a line


def write(bulletin: Bulletin, made_at: datetime) -> bytes:
    """写 Word 通报; the same bulletin and moment say the same."""
    paper = docx.Document()
    _properties(paper, bulletin, made_at)
    _page(paper)
    _fonts(paper)
    _head(paper, bulletin)
    _blocks(paper, bulletin.blocks)
    _tail(paper, bulletin)
    for n, annex in enumerate(bulletin.annexes, 1):
        name = bulletin.annex_name(n)
        _add(paper, paragraph(name, Look(font=FIRST, new_page=True)))
        # 7.3.7: its title is in the third line
        title = "\n".join(annex.lines(ACROSS))
        _add(paper, paragraph(title, replace(HEAD, before=LINE, after=LINE)))
        _blocks(paper, annex.blocks)
    file = io.BytesIO()
    paper.save(file)
    return file.getvalue()


def _properties(paper: Document, bulletin: Bulletin, made_at: datetime) -> None:
    core = paper.core_properties
    core.title, core.author, core.comments = bulletin.title, bulletin.signed, bulletin.digest
    core.created = core.modified = made_at.astimezone(UTC).replace(tzinfo=None)
    core.last_modified_by, core.revision = "", 1


def _page(paper: Document) -> None:
    """5.2.1, 7.1 and 7.5: A4, the core of 156 × 225 mm, its grid, the page number."""
    body = paper.sections[0]
    body.page_width, body.page_height = Mm(210), Mm(297)
    body.top_margin, body.bottom_margin = Mm(37), Mm(35)
    body.left_margin, body.right_margin = Mm(28), Mm(26)
    # The dashes stand 7 mm below the core, in the middle of a line of 18 points.
    body.footer_distance = Mm(35 - 7) - Pt(9)
    for old in body._sectPr.findall(qn("w:docGrid")):
        body._sectPr.remove(old)
    body._sectPr.append(parse_xml(f'<w:docGrid {W} w:type="lines" w:linePitch="{LINE}"/>'))
    paper.settings.odd_and_even_pages_header_footer = True
    for footer, side in ((body.footer, "right"), (body.even_page_footer, "left")):
        footer.is_linked_to_previous = False
        line = footer.paragraphs[0]._p
        line.getparent().replace(line, parse_xml(_number(side)))


def _number(side: str) -> str:
    """— 1 — 四号, outside: right on odd pages, left on even ones, one character in."""
    field = f'<w:fldSimple w:instr="PAGE">{run("1", font=SMALL, size=FOUR)}</w:fldSimple>'
    dash = (run("— ", font=SMALL, size=FOUR), run(" —", font=SMALL, size=FOUR))
    inset = f'w:{side}Chars="100" w:{side}="{round(20 * FOUR)}"'
    layout = (
        '<w:pPr><w:snapToGrid w:val="0"/><w:spacing w:after="0" w:line="360" w:lineRule="exact"/>'
        f'<w:ind {inset}/><w:jc w:val="{side}"/></w:pPr>'
    )
    return f"<w:p {W}>{layout}{dash[0]}{field}{dash[1]}</w:p>"


def _fonts(paper: Document) -> None:
    """字体: the body's in the style, and for each what stands in where it is not there."""
    font = paper.styles["Normal"].element.get_or_add_rPr()
    for old in list(font):
        font.remove(old)
    names = f'w:ascii="{LATIN}" w:hAnsi="{LATIN}" w:eastAsia="{TEXT}"'
    font.append(parse_xml(f"<w:rFonts {W} {names}/>"))
    font.append(parse_xml(f'<w:sz {W} w:val="{round(2 * THREE)}"/>'))
    # Lines are broken by the rules of Chinese, and no word of it is underlined as misspelt.
    font.append(parse_xml(f'<w:lang {W} w:val="en-US" w:eastAsia="zh-CN"/>'))
    entries = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{others}"/><w:charset w:val="86"/></w:font>'
        for name, others in FALLBACKS.items()
    )
    part = next(
        one for one in paper.part.package.iter_parts() if one.partname.endswith("/fontTable.xml")
    )
    part._blob = f"<?xml version='1.0' encoding='UTF-8'?><w:fonts {W}>{entries}</w:fonts>".encode()


# -- text -----------------------------------------------------------------------------------


def _add(paper: Document, xml: str) -> Any:
    element = parse_xml(xml)
    paper.element.body.insert(len(paper.element.body) - 1, element)  # the section stands last
    return element


def _head(paper: Document, bulletin: Bulletin) -> None:
    lines = "\n".join(bulletin.title_lines(ACROSS))
    _add(paper, paragraph(lines, replace(HEAD, before=LINE, after=0 if bulletin.note else LINE)))
    if bulletin.note:
        _add(paper, paragraph(bulletin.note, Look(font=SECOND, align="center", after=LINE)))
    _add(paper, paragraph(bulletin.addressee))


def _blocks(paper: Document, blocks: Sequence[Block]) -> None:
    for block in blocks:
        if isinstance(block, Heading):
            font = FIRST if block.level == 1 else SECOND
            _add(paper, paragraph(block.text, Look(font=font, indent=2, keep=True)))
        elif isinstance(block, Para):
            _add(
                paper, paragraph(block.text, Look(indent=2, align="left" if block.code else "both"))
            )
        elif isinstance(block, Table):
            _add(paper, paragraph(block.caption, CAPTION))
            _add(paper, table(block))
            _add(paper, paragraph("", GAP))
        elif isinstance(block, Bars):
            _add(paper, word_chart.inline(paper, block))
        elif isinstance(block, Map):
            _add(paper, paragraph(block.caption, CAPTION))
            _picture(paper, map_drawn.png(block), wide=WHOLE, words=block.label)
        elif isinstance(block, Pictures):
            _photos(paper, block)


def _tail(paper: Document, bulletin: Bulletin) -> None:
    """7.3.4 附件说明, 7.3.5 署名 and 成文日期; then the digest as a code to scan."""
    for n, line in enumerate(bulletin.annex_lines()):
        look = Look(indent=5 if n else 2, before=0 if n else LINE, keep=True)
        _add(paper, paragraph(line, look))
    # 7.3.5.1: the date ends four characters from the right, the name is centred above it.
    gap = math.floor((width(bulletin.dated) - width(bulletin.signed)) / 2)
    look = Look(align="right", right=max(0, 4 + gap), before=2 * LINE, keep=True)
    _add(paper, paragraph(bulletin.signed, look))
    _add(paper, paragraph(bulletin.dated, Look(align="right", right=4)))
    code = io.BytesIO()
    segno.make(bulletin.digest, error="m").save(code, kind="png", scale=6, border=2)
    _picture(paper, code.getvalue(), wide=24, words=_("本通报结果摘要的二维码"), keep=True)
    _add(paper, paragraph(_("扫码核对摘要"), NOTE))


def _photos(paper: Document, block: Pictures) -> None:
    """照片 in one line, below it their words."""
    line = paper.add_paragraph()
    line.alignment, line.paragraph_format.keep_with_next = WD_ALIGN_PARAGRAPH.CENTER, True
    for one, words in block.labelled():
        picture = line.add_run().add_picture(str(one.path))
        size = min(Mm(HALF) / picture.width, Mm(HIGH) / picture.height)
        picture.width, picture.height = Emu(size * picture.width), Emu(size * picture.height)
        _described(picture, words)
        line.add_run(" ")
    told = " · ".join(one.words for one in block.pictures)
    _add(paper, paragraph(told, replace(NOTE, align="center", after=160)))


def _picture(paper: Document, data: bytes, *, wide: int, words: str, keep: bool = False) -> None:
    """图 `wide` millimetres across, with what a screen reader says of it; `keep`: with the next.

    Off the grid, which would give it the room of so many whole lines.
    """
    picture = paper.add_picture(io.BytesIO(data), width=Mm(wide))
    _described(picture, words)
    layout = paper.paragraphs[-1].paragraph_format
    layout.keep_with_next, layout.line_spacing = keep, 1.0
    layout.space_after = Pt(0 if keep else 10)
    spacing = layout.element.get_or_add_pPr().find(qn("w:spacing"))
    spacing.addprevious(parse_xml(f'<w:snapToGrid {W} w:val="0"/>'))


def _described(picture: InlineShape, words: str) -> None:
    """Words, and no room around: what is not said of that, programs other than Word make up."""
    picture._inline.docPr.set("descr", words)
    for side in "TBLR":
        picture._inline.set(f"dist{side}", "0")
