"""车牌提示 plates: blue, yellow and green patches in the shape of a number plate (GA 36).

Colour and shape only, for no detector with a clean licence comes inside a wheel. It misses plates
that are dirty, slanted or far, and points at signboards. So its finds are hints to a person, and
never a reason to say that there is none.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from changxiao.ledger.media import patches

Place = tuple[int, int, int, int]
Mask = NDArray[np.bool_]

MOST = 12
SCORE = 100  # thousandths: a hint
# Hue (of 256) from, to; least saturation and value: 蓝牌, 黄牌, 绿牌 (新能源).
COLOURS = ((143, 178, 110, 60), (22, 43, 120, 90), (70, 122, 45, 90))
# A plate is 440 × 140 mm, new energy 480 × 140, a lorry's rear one 440 × 220; seen aslant, less.
SLIMMEST, WIDEST = 1.6, 4.8
LEAST, GREATEST = 22, 0.35  # pixels wide; of the picture's width
FULL = 0.45  # of the box is of that colour …
WRITTEN = (0.04, 0.55)  # … and this much of it is not: the characters


def hints(image: Image.Image) -> list[tuple[Place, int]]:
    """车牌提示 of a picture: places in its pixels, each a little enlarged."""
    bands = [np.asarray(band) for band in image.convert("HSV").split()]
    found = [place for colour in COLOURS for place in _patches(_of_colour(bands, colour))]
    found.sort(key=lambda place: -place[2] * place[3])
    return [(_enlarged(place, image.size), SCORE) for place in found[:MOST]]


def _of_colour(bands: Sequence[NDArray[np.uint8]], colour: tuple[int, int, int, int]) -> Mask:
    low, high, least, faintest = colour
    hue, saturation, value = bands
    mask: Mask = (hue >= low) & (hue <= high)
    return mask & (saturation >= least) & (value >= faintest)


def _patches(mask: Mask) -> list[Place]:
    # Characters part the colour: what lies three pixels off belongs together.
    found = patches.patches(patches.closed(mask, 1, 3))
    width, height = found[:, 2], found[:, 3]
    wide = (width >= LEAST) & (width <= GREATEST * mask.shape[1])
    shaped = (width >= SLIMMEST * height) & (width <= WIDEST * height)
    places = [(left, top, w, h) for left, top, w, h in found[wide & shaped].tolist()]
    return [p for p in places if _looks_written(mask[p[1] : p[1] + p[3], p[0] : p[0] + p[2]])]


def _looks_written(patch: Mask) -> bool:
    """A plain patch is a wall or a lorry; a plate has characters in the middle."""
    share = float(patch.mean())
    high, wide = patch.shape
    inner = patch[high // 5 : -(high // 5) or None, wide // 10 : -(wide // 10) or None]
    other = 1 - float(inner.mean()) if inner.size else 0
    return share >= FULL and WRITTEN[0] <= other <= WRITTEN[1]


def _enlarged(place: Place, size: tuple[int, int]) -> Place:
    x, y, width, height = place
    left, top = max(0, x - width // 8), max(0, y - height // 8)
    right = min(size[0], x + width + width // 8 + 1)
    bottom = min(size[1], y + height + height // 8 + 1)
    return left, top, right - left, bottom - top
