"""框 boxes as they are typed: four numbers a row of a form, or one line of an address. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from changxiao.kernel.refused import Refused

SIDES = ("x", "y", "w", "h")
MOST = 99_999


@dataclass(frozen=True, slots=True)
class Box:
    """框: left, top, width, height as typed (so that a draft comes back as it was); what it is."""

    x: str
    y: str
    w: str
    h: str
    kind: str = "drawn"
    score: int = 0

    @property
    def words(self) -> str:
        """是什么: a face with the detector's certainty, a hint, or what a person drew."""
        named = {"face": _("人脸"), "plate": _("疑似车牌")}
        return named.get(self.kind, _("手画"))

    @property
    def percent(self) -> int:
        return round(self.score / 10) if self.kind == "face" else 0


def of_rows(rows: Sequence[Sequence[Any]]) -> list[Box]:
    """所提的框, or those that a person left: four numbers and perhaps score and kind."""
    found = []
    for row in rows:
        x, y, w, h = (str(n) for n in row[:4])
        kind, score = (str(row[5]), int(row[4])) if len(row) > 4 else ("drawn", 0)
        found.append(Box(x, y, w, h, kind, score))
    return found


def typed(sent: QueryDict) -> list[Box]:
    """表单中的框; a row left blank is none."""
    kinds = sent.getlist("kind")
    rows = []
    for place, four in enumerate(zip(*(sent.getlist(side) for side in SIDES), strict=False)):
        if any(one.strip() for one in four):
            x, y, w, h = (one.strip() for one in four)
            rows.append(Box(x, y, w, h, kinds[place] if place < len(kinds) else "drawn"))
    return rows


def places(rows: Sequence[Box]) -> list[list[int]]:
    """四个整数 of each; Refused("box_unreadable") names the row and the number."""
    found = []
    for number, row in enumerate(rows, 1):
        four = []
        for side in SIDES:
            text = getattr(row, side)
            if not (text.isascii() and text.isdecimal() and int(text) <= MOST):
                message = _("第 %(row)d 个框的“%(side)s”是“%(value)s”，请填像素数，如 120")
                told = {"row": number, "side": _named(side), "value": text[:12]}
                raise Refused("box_unreadable", message % told, field="boxes")
            four.append(int(text))
        found.append(four)
    return found


def line(rows: Sequence[Box]) -> str:
    """一行: x,y,w,h;… for the address of a preview."""
    return ";".join(",".join(getattr(row, side) for side in SIDES) for row in rows)


def of_line(text: str) -> list[list[int]]:
    """读一行; Refused("box_unreadable")."""
    try:
        rows = [Box(x, y, w, h) for x, y, w, h in (p.split(",") for p in text.split(";") if p)]
    except ValueError:
        message = _("框“%(value)s”须是四个数：左、上、宽、高")
        told = {"value": text[:40]}
        raise Refused("box_unreadable", message % told, field="boxes") from None
    return places(rows)


def _named(side: str) -> str:
    names: Mapping[str, str] = {"x": _("左"), "y": _("上"), "w": _("宽"), "h": _("高")}
    return names[side]
