"""图片头 formats: what the structure of a picture says, before anybody decodes it.

Small parsers of our own for the three formats we take (reliability.md §6.3, steps 2 and 3): JPEG
(ITU-T T.81 annex B), PNG (W3C PNG 3rd edition, §5) and WebP (RFC 9649). Standard library only, for
the cleaning process imports this too. Words for people are chosen in `actions`.
"""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass

JPEG, PNG, WEBP = "image/jpeg", "image/png", "image/webp"
EXTENSIONS = {"jpg": JPEG, "jpeg": JPEG, "png": PNG, "webp": WEBP}
MAX_SIDE = 12_000
MAX_PIXELS = 40_000_000
MAX_WEBP_PIXELS = 28_000_000  # its decoder holds four copies; more would not fit half a gigabyte
RENDITION_SIDE, THUMBNAIL_SIDE = 2560, 480
# The public sees no more than the detector looked at: a face too small for it is too small to know.
PUBLIC_SIDE = 1280
MAX_PARTS = 20_000  # segments or chunks; a real 15 MB photo has fewer than 2,000
MAX_SCANS = 32  # a real progressive JPEG has about 10; each scan walks the whole picture

# JPEG markers, second byte.
SOI, EOI, SOS, DNL, COM, APP0, APP1 = 0xD8, 0xD9, 0xDA, 0xDC, 0xFE, 0xE0, 0xE1
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_DECODABLE = frozenset({0xC0, 0xC1, 0xC2})  # baseline, extended, progressive; all Huffman
_TABLES = frozenset({0xDB, 0xC4, 0xDD})
_COLOUR = (b"JFIF\0", b"Adobe")
_PIXEL_CHUNKS = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")
# Inside a scan FF00 is data and FFD0–FFD7 are restart marks; anything else ends the scan.
_SCAN_END = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")


class BadPicture(Exception):  # noqa: N818 - an answer, not a fault
    """图片不合格: `code` is one of the refusal codes of docs/photos.md."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Header:
    """图片头: type, size in pixels, and the raw EXIF block if there is one."""

    type: str
    width: int
    height: int
    exif: bytes = b""


def sniff(data: bytes) -> str:
    """类型: the picture type by the first twelve bytes, "" for everything else."""
    if data[:3] == b"\xff\xd8\xff":
        return JPEG
    if data[:8] == b"\x89PNG\r\n\x1a\n":
        return PNG
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return WEBP
    return ""


def parse(data: bytes) -> Header:
    """读图片头: type, size and EXIF of one still picture.

    Raises BadPicture: photo_type, photo_broken, photo_animated, photo_pixels (a side over 12,000
    or more than 40 million pixels), photo_costly (more parts or scans than any camera writes).
    """
    readers = {JPEG: _jpeg, PNG: _png, WEBP: _webp}
    kind = sniff(data)
    if not kind:
        raise BadPicture("photo_type")
    try:
        header = readers[kind](data)
    except (struct.error, IndexError):
        raise BadPicture("photo_broken") from None
    if not (header.width and header.height):
        raise BadPicture("photo_broken")
    most = MAX_WEBP_PIXELS if kind == WEBP else MAX_PIXELS
    if max(header.width, header.height) > MAX_SIDE or header.width * header.height > most:
        raise BadPicture("photo_pixels")
    return header


def segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """JPEG 段: (marker, payload start, end) up to EOI, whose end is where the picture ends.

    The end of SOS is the end of its entropy-coded data. Raises BadPicture("photo_broken") when the
    file stops before EOI or holds bytes between segments.
    """
    position = 2
    yield SOI, position, position
    for _count in range(MAX_PARTS):
        if data[position] != 0xFF:
            raise BadPicture("photo_broken")
        while data[position] == 0xFF:  # fill bytes are allowed before a marker (B.1.1.2)
            position += 1
        marker, start = data[position], position + 1
        if marker == EOI:
            yield EOI, start, start
            return
        position = _segment_end(data, marker, start)
        yield marker, start + 2, position
    raise BadPicture("photo_costly")


def _segment_end(data: bytes, marker: int, start: int) -> int:
    if marker < 0xC0 or SOI <= marker <= EOI or 0xD0 <= marker <= 0xD7:
        raise BadPicture("photo_broken")
    length = int(struct.unpack_from(">H", data, start)[0])
    end = start + length
    if length < 2 or end > len(data):
        raise BadPicture("photo_broken")
    if marker != SOS:
        return end
    found = _SCAN_END.search(data, end)
    if found is None:
        raise BadPicture("photo_broken")
    return found.start()


def _jpeg(data: bytes) -> Header:
    frames, scans, exif = [], 0, b""
    for marker, start, end in segments(data):
        if marker in _FRAMES:
            frames.append((marker, start))
        elif marker == SOS:
            scans += len(frames)
        elif marker == APP1 and not exif and data[start : start + 6] == b"Exif\0\0":
            exif = data[start + 6 : end]
    # Hierarchical (two frames), lossless and arithmetic pictures come from no camera.
    if len(frames) != 1 or frames[0][0] not in _DECODABLE or not scans:
        raise BadPicture("photo_broken")
    if scans > MAX_SCANS:
        raise BadPicture("photo_costly")
    height, width = struct.unpack_from(">HH", data, frames[0][1] + 1)
    return Header(JPEG, width, height, exif)


def chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """PNG 块: (name, payload start, end of the payload) up to IEND; what follows is no picture."""
    position = 8
    for _count in range(MAX_PARTS):
        length, name = struct.unpack_from(">I4s", data, position)
        start, position = position + 8, position + 12 + length
        if position > len(data) or not name.isalpha():
            raise BadPicture("photo_broken")
        yield name, start, start + length
        if name == b"IEND":
            return
    raise BadPicture("photo_costly")


def _png(data: bytes) -> Header:
    if data[12:16] != b"IHDR":
        raise BadPicture("photo_broken")
    width, height = struct.unpack_from(">II", data, 16)
    exif, pixels = b"", False
    for name, start, end in chunks(data):
        if name in {b"acTL", b"fcTL", b"fdAT"}:
            raise BadPicture("photo_animated")
        if name == b"eXIf":
            exif = data[start:end]
        pixels = pixels or name == b"IDAT"
    if not pixels:
        raise BadPicture("photo_broken")
    return Header(PNG, width, height, exif)


def _webp(data: bytes) -> Header:
    end = struct.unpack_from("<I", data, 4)[0] + 8
    if end > len(data):
        raise BadPicture("photo_broken")
    position, exif, sizes = 12, b"", set()
    for _count in range(MAX_PARTS):
        if position + 8 > end:
            break
        name, length = struct.unpack_from("<4sI", data, position)
        start, position = position + 8, position + 8 + length + (length & 1)
        if start + length > end:
            raise BadPicture("photo_broken")
        if name in {b"ANIM", b"ANMF"}:
            raise BadPicture("photo_animated")
        if name == b"EXIF":
            exif = data[start : start + length].removeprefix(b"Exif\0\0")
        sizes |= _webp_size(data, name, start)
    if len(sizes) != 1:  # none, or a canvas that differs from its only picture
        raise BadPicture("photo_broken")
    return Header(WEBP, *sizes.pop(), exif)


def _webp_size(data: bytes, name: bytes, start: int) -> set[tuple[int, int]]:
    if name == b"VP8X":
        if data[start] & 0x02:
            raise BadPicture("photo_animated")
        width = int.from_bytes(data[start + 4 : start + 7], "little") + 1
        height = int.from_bytes(data[start + 7 : start + 10], "little") + 1
        return {(width, height)}
    if name == b"VP8 ":
        if data[start + 3 : start + 6] != b"\x9d\x01\x2a":
            raise BadPicture("photo_broken")
        width, height = struct.unpack_from("<HH", data, start + 6)
        return {(width & 0x3FFF, height & 0x3FFF)}
    if name == b"VP8L":
        signature, packed = struct.unpack_from("<BI", data, start)
        if signature != 0x2F:
            raise BadPicture("photo_broken")
        return {((packed & 0x3FFF) + 1, (packed >> 14 & 0x3FFF) + 1)}
    return set()


def public_size(size: tuple[int, int], orientation: int) -> tuple[int, int]:
    """公开尺寸: width and height of the public picture of an original of this size, upright."""
    wide, high = size if orientation < 5 else size[::-1]
    longest = max(wide, high)
    if longest <= PUBLIC_SIDE:
        return wide, high
    return tuple(max(1, round(side * PUBLIC_SIDE / longest)) for side in (wide, high))  # type: ignore[return-value]


def bare(data: bytes) -> bytes:
    """光图: the picture less everything a decoder could trip over: metadata, profiles, trailers.

    JPEG keeps JFIF and Adobe (the colour transform stands there), PNG its palette and transparency;
    WebP stays whole. The data has been through `parse`.
    """
    kind = sniff(data)
    if kind == WEBP:
        return data
    parts = [data[:8] if kind == PNG else data[:2]]
    if kind == PNG:
        for name, start, end in chunks(data):
            if name in _PIXEL_CHUNKS:
                parts.append(data[start - 8 : end + 4])
        return b"".join(parts)
    for marker, start, end in segments(data):
        told = marker not in {SOI, EOI} and marker != COM
        if told and (not 0xE0 <= marker <= 0xEF or data[start : start + 5] in _COLOUR):
            parts.append(data[start - 4 : end])
    return b"".join([*parts, b"\xff\xd9"])


def is_clean(data: bytes) -> bool:
    """已清理: a JPEG of nothing but picture: JFIF alone, no comment, EOI is the last byte."""
    if sniff(data) != JPEG:
        return False
    last = 0
    try:
        for marker, start, end in segments(data):
            last = end
            plain = marker in _DECODABLE | _TABLES | {SOI, SOS, EOI}
            if not plain and not (marker == APP0 and data[start : start + 5] == b"JFIF\0"):
                return False
    except (BadPicture, struct.error, IndexError):
        return False
    return last == len(data)
