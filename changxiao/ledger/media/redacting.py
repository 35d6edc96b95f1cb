"""遮挡 redacting: the public picture of an original, each box of it made unreadable (§6.3, step 8).

Made anew from the original's pixels, so nothing of a metadata block, a colour profile or an earlier
JPEG comes along. A box becomes at most four by four flat cells; each is an average, cut to a few
levels and shifted by chance, so that sixteen colours are all that is left of whatever was there.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

from PIL import Image
from PIL.Image import Resampling

from changxiao.ledger.media import formats, picture
from changxiao.ledger.media.formats import THUMBNAIL_SIDE

PIPELINE = "public-2"  # in every entry; raise it when the same boxes would come out different
CELLS = 4  # a side; a face is more than sixteen colours
FINEST = 6  # pixels: a box too small for cells of this size gets fewer
LEVEL = 32  # colours are cut to steps of this …
SHIFT = 24  # … and moved by up to half of this

Place = tuple[int, int, int, int]


def opened(data: bytes) -> Image.Image:
    """公开尺寸: the upright picture at the size that the public may see."""
    header, evidence, image = picture.decoded(data, formats.PUBLIC_SIDE)
    wanted = formats.public_size((header.width, header.height), evidence.orientation)
    return image if image.size == wanted else image.resize(wanted, Resampling.HAMMING)


def redact(data: bytes, places: Sequence[Place]) -> tuple[dict[str, object], list[bytes]]:
    """遮挡: the public picture and its thumbnail as bare JPEG, everything in `places` gone."""
    image = opened(data)
    for place in places:
        _cover(image, place)
    shown = picture.jpeg(image)
    image.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    small = picture.jpeg(image)
    said: dict[str, object] = {
        "code": "ok",
        "pipeline": PIPELINE,
        "sizes": [len(shown), len(small)],
    }
    return said, [shown, small]


def _cover(image: Image.Image, place: Place) -> None:
    x, y, width, height = place
    box = (max(0, x), max(0, y), min(image.width, x + width), min(image.height, y + height))
    wide, high = box[2] - box[0], box[3] - box[1]
    if wide <= 0 or high <= 0:
        return
    cells = (_cells(wide), _cells(high))
    small = image.crop(box).resize(cells, Resampling.BOX)
    chance = os.urandom(3 * cells[0] * cells[1])
    levels = bytes(map(_moved, small.tobytes(), chance))
    flat = Image.frombytes("RGB", cells, levels).resize((wide, high), Resampling.NEAREST)
    image.paste(flat, box[:2])


def _cells(side: int) -> int:
    return max(1, min(CELLS, side // FINEST))


def _moved(level: int, chance: int) -> int:
    moved = level // LEVEL * LEVEL + LEVEL // 2 + chance % (SHIFT + 1) - SHIFT // 2
    return max(0, min(255, moved))
