"""PDF 通报 by typst: the same blocks, the same layout of GB/T 9704-2012, bars, the digest as QR.

The same bulletin and moment give the same bytes.
"""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path
from typing import Any

import segno

from changxiao.evaluation.bulletins import map_drawn
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
from changxiao.kernel.words import gettext as _
from changxiao.ledger.papers import printing

PDF = "application/pdf"
TEMPLATE = Path(__file__).with_name("bulletin.typ")
ACROSS = 18  # characters of 二号 in a line


def write(bulletin: Bulletin, made_at: datetime) -> bytes:
    """印 PDF 通报. Refused `paper_busy`, `paper_failed`."""
    code = io.BytesIO()
    segno.make(bulletin.digest, error="m").save(code, kind="svg", border=2, light="#fff")
    files = {"digest.svg": code.getvalue()} | {
        f"{one.sha256}.jpg": one.path
        for block in bulletin.blocks
        if isinstance(block, Pictures)
        for one in block.pictures
    }
    return printing.pdf(TEMPLATE, told(bulletin, made_at), files)


def told(bulletin: Bulletin, made_at: datetime) -> dict[str, Any]:
    """模板的数据: strings, never markup."""
    names = ("year", "month", "day", "hour", "minute", "second")
    gap = (width(bulletin.dated) - width(bulletin.signed)) / 2
    return {
        "title": bulletin.title,
        "title_lines": bulletin.title_lines(ACROSS),
        "note": bulletin.note,
        "author": bulletin.signed,
        "made": {name: getattr(made_at, name) for name in names},
        "addressee": bulletin.addressee,
        "blocks": [_block(one) for one in bulletin.blocks],
        "annex_lines": bulletin.annex_lines(),
        "annexes": [
            {
                "name": bulletin.annex_name(n),
                "title_lines": one.lines(ACROSS),
                "blocks": [_block(block) for block in one.blocks],
            }
            for n, one in enumerate(bulletin.annexes, 1)
        ],
        "signed": bulletin.signed,
        "signed_right": max(0, 4 + gap),
        "dated": bulletin.dated,
        "scan": _("扫码核对摘要"),
        "code": _("本通报结果摘要的二维码"),
    }


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Heading():
            return {"is": "heading", "level": block.level, "text": block.text}
        case Para():
            return {"is": "para", "text": block.text, "code": block.code}
        case Bars():
            bars = [
                {"label": bar.label, "text": bar.text, "share": float(bar.value / block.most)}
                for bar in block.bars
            ]
            return {"is": "bars", "caption": block.caption, "bars": bars}
        case Map():
            drawn = map_drawn.svg(block)
            return {"is": "map", "caption": block.caption, "alt": block.label, "svg": drawn}
        case Pictures():
            pictures = [
                {"file": f"{one.sha256}.jpg", "words": one.words, "alt": words}
                for one, words in block.labelled()
            ]
            return {"is": "pictures", "pictures": pictures}
        case Table():
            return {
                "is": "table",
                "caption": block.caption,
                "wide": [column.wide for column in block.columns],
                "figure": [column.figure for column in block.columns],
                "head": [column.title for column in block.columns],
                "rows": block.rows,
            }
