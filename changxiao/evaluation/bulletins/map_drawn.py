"""地图画法: the same patches, letters and legend as SVG and as PNG. Pure."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import cache
from html import escape

from PIL import Image, ImageChops, ImageDraw, ImageFont

from changxiao.evaluation.bulletins.layout import Map, Patch, width
from changxiao.evaluation.bulletins.maps import WIDE
from changxiao.ledger.papers.printing import FONTS

LETTER, LINE, MARGIN = 20.0, 24.0, 6.0  # units
BOX = 18.0  # of a colour in the legend
HALO = 3.0  # around letters, so that they are read on every colour
INK, WHITE, GREY = "#1a1a1a", "#ffffff", "#8a8a8a"
FONT = "Noto Sans SC"
SCALE = 1.8  # pixels a unit: 290 dots an inch across 156 mm


def height(one: Map) -> float:
    """全高 with its legend, in units."""
    rows = max(row for row, *_rest in _legend(one)) + 1
    return one.high + 2 * MARGIN + rows * 1.3 * LINE


def svg(one: Map, *, legend: bool = True) -> str:
    """SVG: text stays text, each patch says what it is."""
    high = height(one) if legend else one.high
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE:g} {high:g}" role="img" '
        f'aria-label="{escape(one.label)}" font-family="{FONT}, sans-serif" font-size="{LETTER:g}">'
    ]
    parts += [_path(patch) for patch in one.patches]
    parts += [_texts(patch) for patch in one.patches if patch.lines]
    for row, left, fill, words in _legend(one) if legend else ():
        top = one.high + MARGIN + row * 1.3 * LINE
        parts.append(
            f'<rect x="{left:g}" y="{top:g}" width="{BOX:g}" height="{BOX:g}" '
            f'fill="{fill or "none"}" stroke="{GREY}"/><text x="{left + BOX + MARGIN:g}" '
            f'y="{top + 0.9 * BOX:g}" fill="currentColor">{escape(words)}</text>'
        )
    return "".join([*parts, "</svg>"])


def png(one: Map) -> bytes:
    """PNG for Word, on white."""
    size = (round(WIDE * SCALE), round(height(one) * SCALE))
    sheet = Image.new("RGB", size, WHITE)
    pen = ImageDraw.Draw(sheet)
    for patch in one.patches:
        _filled(sheet, patch)
    for words, x, y in (line for patch in one.patches for line in _placed(patch)):
        at, around = (x * SCALE, y * SCALE), HALO / 2 * SCALE
        pen.text(at, words, INK, _font(), anchor="ms", stroke_width=around, stroke_fill=WHITE)
    for row, left, fill, words in _legend(one):
        top = one.high + MARGIN + row * 1.3 * LINE
        box = (left * SCALE, top * SCALE, (left + BOX) * SCALE, (top + BOX) * SCALE)
        pen.rectangle(box, fill=fill or WHITE, outline=GREY)
        at = ((left + BOX + MARGIN) * SCALE, (top + 0.9 * BOX) * SCALE)
        pen.text(at, words, INK, _font(), anchor="ls")
    file = io.BytesIO()
    sheet.save(file, "PNG")
    return file.getvalue()


def _legend(one: Map) -> Iterator[tuple[int, float, str, str]]:
    """图例: row, left edge, colour and words of each; as many side by side as go across."""
    row, left = 0, 0.0
    for fill, words in one.legend:
        wide = BOX + MARGIN + LETTER * (width(words) + 1.5)
        if left and left + wide > WIDE:
            row, left = row + 1, 0.0
        yield row, left, fill, words
        left += wide


def _path(patch: Patch) -> str:
    rings = "".join(
        "M" + "L".join(f"{x:g} {y:g}" for x, y in ring[:-1]) + "Z" for ring in patch.rings
    )
    return (
        f'<path d="{rings}" fill="{patch.fill or "none"}" fill-rule="evenodd" '
        f'stroke="{WHITE if patch.fill else GREY}"><title>{escape(patch.words)}</title></path>'
    )


def _texts(patch: Patch) -> str:
    lines = "".join(
        f'<text x="{x:g}" y="{y:g}">{escape(words)}</text>' for words, x, y in _placed(patch)
    )
    return (
        f'<g text-anchor="middle" pointer-events="none" fill="{INK}" stroke="{WHITE}" '
        f'stroke-width="{HALO:g}" paint-order="stroke">{lines}</g>'
    )


def _placed(patch: Patch) -> Iterator[tuple[str, float, float]]:
    """Each line with its middle and its foot, all of them around the widest place."""
    x, y = patch.at
    top = y - len(patch.lines) * LINE / 2
    for n, words in enumerate(patch.lines, 1):
        yield words, round(x, 1), round(top + n * LINE - 0.25 * LETTER, 1)


def _filled(sheet: Image.Image, patch: Patch) -> None:
    """A patch with its holes: a mask, drawn larger and made smaller, so that edges are smooth."""
    xs, ys = zip(*(point for ring in patch.rings for point in ring), strict=True)
    left, top = int(min(xs) * SCALE) - 1, int(min(ys) * SCALE) - 1
    size = (int(max(xs) * SCALE) + 2 - left, int(max(ys) * SCALE) + 2 - top)
    inside, edge = (Image.new("1", (2 * size[0], 2 * size[1])) for _n in range(2))
    for ring in patch.rings:
        points = [(2 * (x * SCALE - left), 2 * (y * SCALE - top)) for x, y in ring]
        one = Image.new("1", inside.size)
        ImageDraw.Draw(one).polygon(points, fill=1)
        inside = ImageChops.logical_xor(inside, one)  # a ring in a ring is a hole
        ImageDraw.Draw(edge).line(points, fill=1, width=4)
    sheet.paste(patch.fill or WHITE, (left, top), inside.convert("L").resize(size))
    sheet.paste(WHITE if patch.fill else GREY, (left, top), edge.convert("L").resize(size))


@cache
def _font() -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONTS / "NotoSansSC-Regular.otf", round(LETTER * SCALE))
