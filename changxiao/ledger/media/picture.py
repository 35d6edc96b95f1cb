"""图片 picture: decode, set upright, shrink, write anew (reliability.md §6.3, steps 4, 5 and 7).

Imports Pillow, as `people`, `plates` and `redacting` do, and only `clean` imports them. The decoder
gets pixels and nothing else (`formats.bare`), and the result holds nothing but pixels.
"""

from __future__ import annotations

from dataclasses import asdict
from io import BytesIO

from PIL import Image
from PIL.Image import Resampling, Transpose
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from changxiao.ledger.media import exif, formats
from changxiao.ledger.media.formats import RENDITION_SIDE, THUMBNAIL_SIDE

PIPELINE = "clean-2"  # goes into every entry; raise it when the same bytes would come out different
QUALITY = 85

# Named classes instead of Image.open: no guessing, no second frame, no multi-picture file.
_READERS: dict[str, type[Image.Image]] = {
    formats.JPEG: JpegImageFile,
    formats.PNG: PngImageFile,
    formats.WEBP: WebPImageFile,
}
# EXIF orientation (CIPA DC-008 4.6.5.1.6) to the turn that makes the picture stand upright.
_TURNS = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}


def clean(data: bytes) -> tuple[dict[str, object], list[bytes]]:
    """清理: what the picture says of itself, and its rendition and thumbnail as bare JPEG.

    Raises BadPicture, MemoryError, or whatever the decoder raises on a broken file.
    """
    _header, evidence, picture = decoded(data, RENDITION_SIDE)
    rendition, likeness = jpeg(picture), dhash(picture)
    picture.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    thumbnail = jpeg(picture)
    said: dict[str, object] = {
        "code": "ok",
        "pipeline": PIPELINE,
        "evidence": asdict(evidence),
        "phash": likeness,
        "sizes": [len(rendition), len(thumbnail)],
    }
    return said, [rendition, thumbnail]


def decoded(data: bytes, side: int) -> tuple[formats.Header, exif.Evidence, Image.Image]:
    """解码: header, evidence, and the picture upright, RGB, at most `side` pixels a side.

    Raises as `clean` does.
    """
    header = formats.parse(data)
    evidence = exif.read(header.exif)
    image = _READERS[header.type](BytesIO(formats.bare(data)))  # type: ignore[call-arg]
    if image.size != (header.width, header.height):
        raise formats.BadPicture("photo_broken")
    # JPEG only: decode at a half, a quarter or an eighth, if that is still large enough.
    image.draft("RGB", (side, side))
    image.load()
    return header, evidence, _upright(_plain(image, side), evidence.orientation)


def _plain(image: Image.Image, side: int) -> Image.Image:
    """RGB of at most `side` pixels a side; what was transparent stands on white."""
    if image.mode.startswith("I"):  # 16 bits of grey: RGB would clip them instead of scaling
        image = image.point(lambda level: level * (1 / 256)).convert("L")
    clear = image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info
    mode = "RGBA" if clear else "RGB"
    if image.mode != mode:
        image = image.convert(mode)
    image.thumbnail((side, side), Resampling.HAMMING, reducing_gap=2.0)
    if not clear:
        return image
    page = Image.new("RGB", image.size, "white")
    page.paste(image, mask=image.getchannel("A"))
    return page


def _upright(image: Image.Image, orientation: int) -> Image.Image:
    # After the resizing, where it costs a fifth; the bound is a square, so the result is the same.
    turn = _TURNS.get(orientation)
    return image if turn is None else image.transpose(turn)


def jpeg(image: Image.Image) -> bytes:
    """光图 JPEG: pixels and nothing else."""
    image.info.clear()  # or a comment of the original is written again (reliability.md, finding 4)
    out = BytesIO()
    image.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def dhash(image: Image.Image) -> str:
    """感知指纹 dHash: 64 bits, is each of 9×8 grey cells darker than its right neighbour."""
    cells = image.convert("L").resize((9, 8), Resampling.BOX).tobytes()
    bits = 0
    for row in range(8):
        for left in range(9 * row, 9 * row + 8):
            bits = bits << 1 | (cells[left] < cells[left + 1])
    return f"{bits:016x}"
