"""拍摄信息 EXIF: where and when a camera says a photo was taken (CIPA DC-008, Exif 3.0).

Reads the few tags that are evidence, within bounds, and nothing else: thumbnails, maker notes,
owner names and serial numbers are never looked at (reliability.md §6.3, step 5). Three directories
are read and no chain is followed, so there is no loop to fall into. Standard library only.
"""

import re
import struct
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

MAX_ENTRIES = 1_000
MAX_TEXT = 64
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 9: 4, 10: 8}
_MAKE, _MODEL, _ORIENTATION, _SOFTWARE = 0x010F, 0x0110, 0x0112, 0x0131
_EXIF, _GPS, _TAKEN, _OFFSET = 0x8769, 0x8825, 0x9003, 0x9011
_WHEN = re.compile(r"(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d):(\d\d)", re.ASCII)
_UNFIT = re.compile(r"[^\w .,:;/()+\-]")

Entry = tuple[int, int, int]  # type, count, where the value stands
Directory = dict[int, Entry]


@dataclass(frozen=True, slots=True)
class Evidence:
    """证据: what the picture says of itself; numbers are decimal strings, "" is not said.

    `lat`, `lon` in degrees WGS-84, `altitude` and `accuracy` in metres, `direction` in degrees from
    north; `taken` is local time without zone, `offset` like "+08:00".
    """

    lat: str = ""
    lon: str = ""
    altitude: str = ""
    accuracy: str = ""
    direction: str = ""
    taken: str = ""
    offset: str = ""
    make: str = ""
    model: str = ""
    software: str = ""
    orientation: int = 1


def read(block: bytes) -> Evidence:
    """读拍摄信息: the evidence of one EXIF block; what is absent, absurd or broken stays empty."""
    tiff = _Tiff(block)
    first = tiff.directory(tiff.start)
    shot = tiff.directory(tiff.number(first, _EXIF))
    gps = tiff.directory(tiff.number(first, _GPS))
    lat, lon = _position(tiff, gps)
    orientation = tiff.number(first, _ORIENTATION)
    return Evidence(
        lat=lat,
        lon=lon,
        altitude=_altitude(tiff, gps),
        accuracy=_bounded(_first(tiff.ratios(gps, 0x1F)), 0, 100_000, "0.1"),
        direction=_bounded(_first(tiff.ratios(gps, 0x11)), 0, 360, "0.1"),
        taken=_moment(tiff.text(shot, _TAKEN)),
        offset=_offset(tiff.text(shot, _OFFSET)),
        make=_words(tiff.text(first, _MAKE)),
        model=_words(tiff.text(first, _MODEL)),
        software=_words(tiff.text(first, _SOFTWARE)),
        orientation=orientation if 1 <= orientation <= 8 else 1,
    )


class _Tiff:
    """Bounded look-ups in a TIFF structure; every miss is an empty answer, never an exception."""

    def __init__(self, block: bytes) -> None:
        self.block = block
        self.order = {b"II*\0": "<", b"MM\0*": ">"}.get(block[:4], "")
        self.start = self._unpack("I", 4) if self.order else 0

    def _unpack(self, form: str, offset: int) -> int:
        try:
            return int(struct.unpack_from(self.order + form, self.block, offset)[0])
        except struct.error:
            return 0

    def directory(self, offset: int) -> Directory:
        if not self.order or offset < 8:
            return {}
        found: Directory = {}
        for index in range(min(self._unpack("H", offset), MAX_ENTRIES)):
            place = offset + 2 + 12 * index
            if place + 12 > len(self.block):
                break
            tag, kind, count = struct.unpack_from(self.order + "HHI", self.block, place)
            size = _SIZES.get(kind, 0) * count
            where = place + 8 if size <= 4 else self._unpack("I", place + 8)
            if 0 < size <= len(self.block) - where:
                found.setdefault(tag, (kind, count, where))
        return found

    def number(self, directory: Directory, tag: int) -> int:
        kind, _count, where = directory.get(tag, (0, 0, 0))
        form = {1: "B", 3: "H", 4: "I"}.get(kind, "")
        return self._unpack(form, where) if form else 0

    def text(self, directory: Directory, tag: int) -> str:
        kind, count, where = directory.get(tag, (0, 0, 0))
        if kind != 2:
            return ""
        raw = self.block[where : where + min(count, MAX_TEXT)]
        return raw.split(b"\0")[0].decode("utf-8", "replace").strip()

    def ratios(self, directory: Directory, tag: int) -> list[Decimal]:
        kind, count, where = directory.get(tag, (0, 0, 0))
        if kind != 5:
            return []
        pairs = [
            (self._unpack("I", where + 8 * i), self._unpack("I", where + 8 * i + 4))
            for i in range(min(count, 3))
        ]
        if not all(below for _above, below in pairs):
            return []
        return [Decimal(above) / below for above, below in pairs]


def _first(values: list[Decimal]) -> Decimal | None:
    return values[0] if values else None


def _position(tiff: _Tiff, gps: Directory) -> tuple[str, str]:
    lat = _degrees(tiff, gps, 1, 90)
    lon = _degrees(tiff, gps, 3, 180)
    # Phones without a fix write 0, 0; a place in the Gulf of Guinea is no evidence.
    if lat is None or lon is None or not (lat or lon):
        return "", ""
    return f"{lat:.7f}", f"{lon:.7f}"


def _degrees(tiff: _Tiff, gps: Directory, tag: int, most: int) -> Decimal | None:
    sign = {"N": 1, "E": 1, "S": -1, "W": -1}.get(tiff.text(gps, tag))
    parts = tiff.ratios(gps, tag + 1)
    if sign is None or len(parts) != 3:
        return None
    value = parts[0] + parts[1] / 60 + parts[2] / 3600
    return sign * value if value <= most else None


def _altitude(tiff: _Tiff, gps: Directory) -> str:
    value = _first(tiff.ratios(gps, 6))
    below_sea = tiff.number(gps, 5) == 1
    return _bounded(-value if value and below_sea else value, -500, 9_000, "0.1")


def _bounded(value: Decimal | None, least: int, most: int, step: str) -> str:
    if value is None or not least <= value <= most:
        return ""
    return str(value.quantize(Decimal(step)))


def _moment(text: str) -> str:
    found = _WHEN.fullmatch(text)
    try:
        # Not strptime: it imports a module on first use, and by then nobody may read modules.
        return datetime(*map(int, found.groups())).isoformat() if found else ""  # type: ignore[arg-type]
    except ValueError:
        return ""


def _offset(text: str) -> str:
    return text if re.fullmatch(r"[+-](0\d|1[0-4]):[0-5]\d", text) else ""


def _words(text: str) -> str:
    return _UNFIT.sub("", text)[:MAX_TEXT].strip()
