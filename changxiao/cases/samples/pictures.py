"""演示图片 pictures: small drawn scenes, labelled 演示, before and after. Ours, and plainly drawn.

Pillow is asked for by the demo builder only; web and worker never load it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from io import BytesIO
from random import Random
from typing import Any

WIDE, HIGH = 640, 480
SKY, WALL, PAVE, ROAD = (206, 224, 236), (214, 205, 190), (186, 182, 174), (98, 100, 104)
DARK, GREEN, BROWN, RED = (40, 40, 42), (92, 140, 84), (120, 88, 60), (178, 60, 50)
# The two characters 演示, dot by dot: no font of the machine is needed.
LABEL = (
    "#.....#.......#########.",
    ".#..#######.............",
    "....#.....#.............",
    "#....#####.......#......",
    ".#.....#.....###########",
    "....#######......#......",
    "....#..#..#......#......",
    "..#.#######...#..#..#...",
    ".#..#..#..#..#...#...#..",
    "#...#######.#....#....#.",
    "#....#...#.......#......",
    "....#.....#....###......",
)


def drawn(scene: str, which: str) -> bytes:
    """画一张: the scene before or after as PNG bytes, always the same."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (WIDE, HIGH), SKY)
    pen = ImageDraw.Draw(image)
    if which == "document":
        _document(pen)
    else:
        _street(pen)
        SCENES[scene](pen, which == "before", Random(scene))
    _label(pen)
    out = BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _street(pen: Any) -> None:
    pen.rectangle((0, 120, WIDE, 270), fill=WALL)
    for left in range(30, WIDE, 130):
        pen.rectangle((left, 150, left + 80, 230), fill=(150, 170, 184), outline=DARK, width=2)
    pen.rectangle((0, 270, WIDE, 340), fill=PAVE)
    for left in range(0, WIDE, 40):
        pen.line((left, 270, left - 30, 340), fill=(160, 156, 148))
    pen.rectangle((0, 340, WIDE, HIGH), fill=ROAD)
    for left in range(10, WIDE, 120):
        pen.rectangle((left, 440, left + 60, 448), fill=(230, 230, 225))


def _label(pen: Any) -> None:
    size = 4
    pen.rectangle((8, 8, 16 + len(LABEL[0]) * size, 16 + len(LABEL) * size), fill=(255, 255, 255))
    for y, line in enumerate(LABEL):
        for x, dot in enumerate(line):
            if dot == "#":
                left, top = 12 + x * size, 12 + y * size
                pen.rectangle((left, top, left + size - 1, top + size - 1), fill=RED)


def _document(pen: Any) -> None:
    pen.rectangle((150, 30, 490, 460), fill=(255, 255, 252), outline=DARK, width=3)
    for top in range(110, 400, 30):
        pen.line((185, top, 455, top), fill=(150, 150, 150), width=3)
    pen.ellipse((360, 350, 450, 440), outline=RED, width=5)


def _cover(pen: Any, before: bool, _rng: Random) -> None:
    pen.ellipse((230, 355, 410, 425), fill=(70, 70, 72), outline=DARK, width=4)
    for left in range(255, 400, 24):
        pen.line((left, 368, left - 8, 412), fill=(110, 110, 112), width=4)
    if before:
        pen.pieslice((230, 355, 410, 425), 300, 60, fill=(10, 10, 10))
        pen.line((320, 360, 300, 420), fill=(10, 10, 10), width=6)


def _pothole(pen: Any, before: bool, rng: Random) -> None:
    points = [(250 + rng.randint(-8, 8), 390), (300, 362), (380, 370), (410, 402), (330, 428)]
    pen.polygon(points, fill=(30, 30, 32) if before else (70, 72, 76))


def _litter(pen: Any, before: bool, rng: Random) -> None:
    pen.rectangle((440, 250, 500, 335), fill=GREEN, outline=DARK, width=3)
    for _bag in range(14 if before else 0):
        x, y = rng.randint(330, 560), rng.randint(305, 345)
        tint = rng.choice([DARK, (190, 190, 60), (200, 200, 205), RED])
        pen.ellipse((x, y, x + 34, y + 26), fill=tint)


def _lamp(pen: Any, before: bool, _rng: Random) -> None:
    pen.rectangle((0, 0, WIDE, 120), fill=(36, 40, 62))
    for left in (120, 330, 540):
        pen.rectangle((left, 60, left + 8, 330), fill=DARK)
        pen.ellipse((left - 16, 40, left + 24, 74), fill=DARK if before else (250, 226, 130))


def _tree(pen: Any, before: bool, rng: Random) -> None:
    pen.rectangle((300, 160, 326, 330), fill=BROWN)
    pen.ellipse((220, 60, 410, 200), fill=(120, 116, 70) if before else GREEN)
    for _leaf in range(16 if before else 0):
        x, y = rng.randint(180, 470), rng.randint(290, 340)
        pen.line((x, y, x + 26, y - 8), fill=BROWN, width=5)


def _sign(pen: Any, before: bool, _rng: Random) -> None:
    lean = 60 if before else 0
    pen.line((320, 330, 320 + lean, 150), fill=DARK, width=9)
    pen.ellipse((280 + lean, 90, 360 + lean, 170), fill=(255, 255, 255), outline=RED, width=10)


def _poster(pen: Any, before: bool, rng: Random) -> None:
    for _sheet in range(12 if before else 0):
        x, y = rng.randint(20, 580), rng.randint(140, 220)
        pen.rectangle((x, y, x + 34, y + 44), fill=rng.choice([(250, 240, 120), (255, 255, 255)]))
        pen.line((x + 5, y + 14, x + 28, y + 14), fill=RED, width=3)


def _stall(pen: Any, before: bool, rng: Random) -> None:
    if before:
        pen.polygon([(200, 190), (440, 190), (470, 230), (170, 230)], fill=RED)
        pen.rectangle((190, 270, 450, 325), fill=BROWN)
        for left in range(200, 440, 26):
            pen.ellipse((left, 250, left + 22, 272), fill=rng.choice([(240, 160, 40), GREEN]))


def _parking(pen: Any, before: bool, _rng: Random) -> None:
    for number in range(5):
        left, top = (90 + number * 95, 285) if before else (300 + number * 62, 262)
        pen.ellipse((left, top, left + 34, top + 34), outline=DARK, width=5)
        pen.ellipse((left + 46, top, left + 80, top + 34), outline=DARK, width=5)
        pen.line((left + 17, top + 17, left + 63, top + 17), fill=(230, 150, 30), width=6)


def _water(pen: Any, before: bool, _rng: Random) -> None:
    if before:
        pen.ellipse((110, 330, 560, 450), fill=(110, 146, 168))
        pen.ellipse((200, 355, 460, 425), outline=(180, 206, 220), width=4)


def _rubble(pen: Any, before: bool, rng: Random) -> None:
    for _stone in range(22 if before else 0):
        x, y = rng.randint(180, 460), rng.randint(285, 345)
        tint = rng.choice([(170, 150, 130), BROWN, (200, 196, 190)])
        pen.polygon([(x, y), (x + 30, y - 10), (x + 42, y + 12), (x + 10, y + 18)], fill=tint)


def _site(pen: Any, before: bool, _rng: Random) -> None:
    for left in range(40, 600, 80):
        lean = 22 if before and left == 280 else 0
        pen.polygon(
            [(left + lean, 210), (left + 76 + lean, 210 + lean), (left + 76, 335), (left, 335)],
            fill=(70, 120, 170),
            outline=DARK,
        )


SCENES: Mapping[str, Callable[[Any, bool, Random], None]] = {
    "cover": _cover,
    "pothole": _pothole,
    "litter": _litter,
    "lamp": _lamp,
    "tree": _tree,
    "sign": _sign,
    "poster": _poster,
    "stall": _stall,
    "parking": _parking,
    "water": _water,
    "rubble": _rubble,
    "site": _site,
}
