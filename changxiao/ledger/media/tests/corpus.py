"""The hostile files of A-12, made by hand: label, file name, declared type, bytes, verdict."""

import struct
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from io import BytesIO
from typing import NamedTuple

from PIL import Image, ImageDraw

JPEG, PNG, WEBP = "image/jpeg", "image/png", "image/webp"
SCRIPT = b"<script>alert(document.cookie)</script>"


class Hostile(NamedTuple):
    """One file and what must become of it: "ok" (neutralised) or the code of the refusal."""

    label: str
    name: str
    declared: str
    made: bytes | Callable[[], bytes]
    verdict: str

    @property
    def data(self) -> bytes:
        """Its bytes. The dear ones are made when their test asks, not by whoever collects tests."""
        return self.made() if callable(self.made) else self.made


@cache
def street(width: int = 320, height: int = 240, mode: str = "RGB", form: str = "JPEG") -> bytes:
    """A small picture with an asymmetric pattern, so that turns and likeness can be told."""
    image = Image.new("RGB", (width, height), (90, 120, 150))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, height * 2 // 3, width, height), fill=(80, 80, 80))
    draw.ellipse((width // 8, height // 8, width // 2, height // 2), fill=(200, 40, 40))
    out = BytesIO()
    image.convert(mode).save(out, form)
    return out.getvalue()


def jpeg(*inserted: bytes, after: bytes = b"") -> bytes:
    base = street()
    return base[:2] + b"".join(inserted) + base[2:] + after


def segment(marker: int, payload: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(payload) + 2) + payload


def chunk(name: bytes, payload: bytes) -> bytes:
    crc = zlib.crc32(name + payload)
    return struct.pack(">I", len(payload)) + name + payload + struct.pack(">I", crc)


def png(width: int, height: int, *inserted: bytes, rows: bytes = b"", depth: int = 8) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, 2, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(rows or b"\0" * 4))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(inserted) + pixels + chunk(b"IEND", b"")


def small_png(*inserted: bytes) -> bytes:
    return png(8, 8, *inserted, rows=(b"\0" + b"\x40\x80\xc0" * 8) * 8)


def tiff(*directories: list[tuple[int, int, int, bytes]], order: str = "<") -> bytes:
    """An EXIF block: IFD0, then the directories to which its tags 0x8769 and 0x8825 point."""
    blocks, offsets, position = [], [], 8
    for entries in directories:
        offsets.append(position)
        position += 2 + 12 * len(entries) + 4
        for _tag, _kind, _count, value in entries:
            position += len(value) if len(value) > 4 else 0
    for index, entries in enumerate(directories):
        extra_at = offsets[index] + 2 + 12 * len(entries) + 4
        table, extra = struct.pack(order + "H", len(entries)), b""
        for tag, kind, count, given in entries:
            pointed = {0x8769: 1, 0x8825: 2}.get(tag)
            value = given if pointed is None else struct.pack(order + "I", offsets[pointed])
            if len(value) > 4:
                place = struct.pack(order + "I", extra_at + len(extra))
                extra += value
            else:
                place = value.ljust(4, b"\0")
            table += struct.pack(order + "HHI", tag, kind, count) + place
        blocks.append(table + b"\0\0\0\0" + extra)
    mark = b"II*\0" if order == "<" else b"MM\0*"
    return mark + struct.pack(order + "I", 8) + b"".join(blocks)


def ratios(*values: tuple[int, int], order: str = "<") -> bytes:
    return b"".join(struct.pack(order + "II", *value) for value in values)


def exif_block(orientation: int = 6, order: str = "<") -> bytes:
    """A phone at 汕头 小公园 on the morning of the fixed Monday."""
    first = [
        (0x010F, 2, 7, b"HUAWEI\0"),
        (0x0110, 2, 9, b"P60\0\0\0\0\0\0"),
        (0x0112, 3, 1, struct.pack(order + "H", orientation)),
        (0x0131, 2, 10, b"Snapseed2\0"),
        (0x013B, 2, 12, b"Zhang Owner\0"),
        (0x8769, 4, 1, b""),
        (0x8825, 4, 1, b""),
    ]
    shot = [
        (0x9003, 2, 20, b"2026:03:02 09:00:00\0"),
        (0x9011, 2, 7, b"+08:00\0"),
        (0xA431, 2, 9, b"SN-12345\0"),
    ]
    place = [
        (1, 2, 2, b"N\0"),
        (2, 5, 3, ratios((23, 1), (21, 1), (1234, 100), order=order)),
        (3, 2, 2, b"E\0"),
        (4, 5, 3, ratios((116, 1), (40, 1), (3000, 100), order=order)),
        (5, 1, 1, b"\0"),
        (6, 5, 1, ratios((52, 10), order=order)),
        (0x11, 5, 1, ratios((18055, 100), order=order)),
        (0x1F, 5, 1, ratios((48, 10), order=order)),
    ]
    return tiff(first, shot, place, order=order)


def with_exif(block: bytes) -> bytes:
    return jpeg(segment(0xE1, b"Exif\0\0" + block))


def animated(form: str) -> bytes:
    frames = [Image.new("RGB", (32, 32), color) for color in ("red", "blue")]
    out = BytesIO()
    frames[0].save(out, form, save_all=True, append_images=frames[1:], duration=100)
    return out.getvalue()


def saved(form: str, image: Image.Image | None = None, **options: object) -> bytes:
    out = BytesIO()
    (image or Image.open(BytesIO(street()))).save(out, form, **options)
    return out.getvalue()


def blank(width: int, height: int, mode: str = "RGB") -> Image.Image:
    return Image.new(mode, (width, height))


def swollen(name: bytes, head: bytes, size: int) -> bytes:
    """A small PNG with a chunk that grows to `size` bytes when it is read."""
    return small_png(chunk(name, head + zlib.compress(bytes(size), 9)))


def many_scans(count: int) -> bytes:
    base = saved("JPEG", progressive=True)
    last = base.rindex(b"\xff\xda")
    return base[:-2] + base[last:-2] * count + b"\xff\xd9"


def resized_header(height: int, width: int) -> bytes:
    base = bytearray(street())
    frame = base.index(b"\xff\xc0")
    base[frame + 5 : frame + 9] = struct.pack(">HH", height, width)
    return bytes(base)


def corpus() -> Iterator[Hostile]:
    yield from _foreign()
    yield from _names()
    yield from _jpegs()
    yield from _pngs()
    yield from _webps()


def _foreign() -> Iterator[Hostile]:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"
    others = {
        "svg": (svg, "x.svg", "image/svg+xml"),
        "svg as png": (svg, "x.png", PNG),
        "html as jpeg": (b"<html>" + SCRIPT, "x.jpg", JPEG),
        "eps renamed": (b"%!PS-Adobe-3.0 EPSF-3.0\n(id) file", "x.jpg", JPEG),
        "pdf renamed": (b"%PDF-1.7\n1 0 obj", "x.jpg", JPEG),
        "tiff renamed": (b"II*\0\x08\0\0\0\0\0", "x.jpg", JPEG),
        "gif": (b"GIF89a" + b"\1\0\1\0\0\0\0;", "x.gif", "image/gif"),
        "gif named jpg": (b"GIF89a" + b"\1\0\1\0\0\0\0;", "x.jpg", JPEG),
        "avif renamed": (b"\0\0\0\x1cftypavif\0\0\0\0avifmif1", "x.jpg", JPEG),
        "heic renamed": (heic, "x.jpg", JPEG),
        "bmp renamed": (b"BM" + b"\0" * 60, "x.png", PNG),
        "psd renamed": (b"8BPS\0\1" + b"\0" * 20, "x.jpg", JPEG),
        "zip renamed": (b"PK\3\4" + b"\0" * 40, "x.jpg", JPEG),
        "elf renamed": (b"\x7fELF" + b"\0" * 60, "x.webp", WEBP),
        "gzip body": (b"\x1f\x8b\x08\0" + street(), "x.jpg", JPEG),
        "wav as webp": (b"RIFF\x24\0\0\0WAVEfmt ", "x.webp", WEBP),
        "png declared jpeg": (small_png(), "x.jpg", JPEG),
        "jpeg declared png": (street(), "x.jpg", PNG),
        "jpeg with png extension": (street(), "x.png", JPEG),
        "jpeg declared octets": (street(), "x.jpg", "application/octet-stream"),
    }
    for label, (data, name, declared) in others.items():
        yield Hostile(label, name, declared, data, "photo_type")
    yield Hostile("empty", "x.jpg", JPEG, b"", "photo_empty")
    yield Hostile("one byte", "x.jpg", JPEG, b"\xff", "photo_type")
    yield Hostile("magic alone", "x.jpg", JPEG, b"\xff\xd8\xff", "photo_broken")
    yield Hostile("over 15 MB", "x.jpg", JPEG, street() + bytes(15 << 20), "photo_too_large")


def _names() -> Iterator[Hostile]:
    good = street()
    for label, name, verdict in [
        ("path in the name", "../../../../etc/cron.d/x.jpg", "ok"),
        ("windows path", "C:\\Windows\\x.jpg", "ok"),
        ("device name", "CON.jpg", "ok"),
        ("chinese name", "井盖 破损（东侧）.JPEG", "ok"),
        ("NUL in the name", "x.php\0.jpg", "photo_name"),
        ("line break in the name", "x.jpg\r\nSet-Cookie: a=b.jpg", "photo_name"),
        ("right-to-left override", "x\u202egpj.exe.jpg", "photo_name"),
        ("4096 byte name", "x" * 4092 + ".jpg", "photo_name"),
        ("no extension", "photo", "photo_type"),
        ("double extension", "x.jpg.php", "photo_type"),
        ("dot file", ".jpg", "photo_type"),
    ]:
        yield Hostile(label, name, JPEG, good, verdict)


def _jpegs() -> Iterator[Hostile]:
    loop = b"II*\0\x08\0\0\0" + struct.pack("<HHHII", 1, 0x8769, 4, 1, 8) + b"\x08\0\0\0"
    entries = [(0x010F, 2, 2, b"A\0")] * 10_000
    first_table = street().index(b"\xff\xdb")
    cmyk = Image.new("CMYK", (64, 64), (10, 200, 30, 40))
    for label, data, verdict in [
        ("trailing html", jpeg(after=b"<html>" + SCRIPT), "ok"),
        ("trailing phar", jpeg(after=b"<?php __HALT_COMPILER(); ?>"), "ok"),
        ("gifar: jpeg and zip", jpeg(after=b"PK\3\4" + b"\0" * 30 + b"PK\5\6" + b"\0" * 18), "ok"),
        ("script in a comment", jpeg(segment(0xFE, SCRIPT)), "ok"),
        ("comment opens with script", jpeg(segment(0xFE, b"/*" + SCRIPT + b"*/=1")), "ok"),
        ("php in APP13", jpeg(segment(0xED, b"Photoshop 3.0\0<?php system($_GET[0]);")), "ok"),
        ("xmp of 5 MB", jpeg(*[segment(0xE1, b"x" * 65_000)] * 80), "ok"),
        ("icc bomb", jpeg(*[segment(0xE2, b"ICC_PROFILE\0\1\xff" + b"\xff" * 60_000)] * 60), "ok"),
        ("exif loop", with_exif(loop), "ok"),
        ("exif of 10 000 tags", with_exif(tiff(entries)[:60_000]), "ok"),
        ("exif beyond its end", with_exif(b"II*\0\xff\xff\xff\x7f"), "ok"),
        ("exif of noise", with_exif(bytes(range(256)) * 100), "ok"),
        ("multi-picture file", jpeg(segment(0xE2, b"MPF\0II*\0"), after=street()), "ok"),
        ("cmyk", saved("JPEG", cmyk), "ok"),
        ("progressive", lambda: saved("JPEG", progressive=True), "ok"),
        ("10 000 scans", lambda: many_scans(10_000), "photo_costly"),
        ("20 000 empty segments", jpeg(*[segment(0xFE, b"")] * 20_001), "photo_costly"),
        ("truncated", street()[: len(street()) // 2], "photo_broken"),
        ("without its end", street()[:-2], "photo_broken"),
        ("header only", street()[:first_table], "photo_broken"),
        ("zero height", resized_header(0, 320), "photo_broken"),
        ("height it does not have", resized_header(6_000, 320), "ok"),  # gray below
        ("40 megapixels", lambda: saved("JPEG", blank(7_900, 5_000), progressive=True), "ok"),
        ("50 megapixels by header", resized_header(7_000, 7_200), "photo_pixels"),
        ("65 535 square", resized_header(65_535, 65_535), "photo_pixels"),
        ("two frame headers", jpeg(segment(0xC0, b"\x08\0\x10\0\x10\1\1\x11\0")), "photo_broken"),
        ("arithmetic coding", street().replace(b"\xff\xc0", b"\xff\xc9", 1), "photo_broken"),
        ("segment over the end", b"\xff\xd8\xff\xe0\xff\xff" + b"\0" * 50, "photo_broken"),
        ("no tables", jpeg().replace(b"\xff\xdb", b"\xff\xfe"), "photo_broken"),
    ]:
        yield Hostile(label, "x.jpg", JPEG, data, verdict)


def _pngs() -> Iterator[Hostile]:
    gray = Image.new("I;16", (64, 64), 40_000)
    clear = Image.new("RGBA", (64, 64), (255, 0, 0, 0))
    animation = chunk(b"acTL", struct.pack(">II", 2, 0))
    for label, data, verdict in [
        ("plain png", small_png(), "ok"),
        (
            "40 megapixel palette",
            lambda: saved("PNG", blank(7_900, 5_000, "P"), transparency=0),
            "ok",
        ),
        ("900 megapixel bomb", png(30_000, 30_000, rows=bytes(1 << 20)), "photo_pixels"),
        ("50 megapixel png", png(7_000, 7_200, rows=bytes(1 << 20)), "photo_pixels"),
        ("1 × 2³¹", png(1, 2**31 - 1), "photo_pixels"),
        ("zero height png", png(8, 0), "photo_broken"),
        ("animated png", small_png(animation), "photo_animated"),
        ("animated by Pillow", animated("PNG"), "photo_animated"),
        ("zTXt bomb", lambda: swollen(b"zTXt", b"Comment\0\0", 200 << 20), "ok"),
        ("iCCP bomb", lambda: swollen(b"iCCP", b"icc\0\0", 50 << 20), "ok"),
        ("script in tEXt", small_png(chunk(b"tEXt", b"a\0" + SCRIPT)), "ok"),
        ("html after IEND", small_png() + SCRIPT, "ok"),
        ("16 bits of gray", saved("PNG", gray), "ok"),
        ("transparent", saved("PNG", clear), "ok"),
        ("truncated png", small_png()[:-20], "photo_broken"),
        ("wrong checksum", small_png().replace(b"IDATx", b"IDATy"), "photo_broken"),
        ("too few rows", png(64, 64, rows=b"\0" * 10), "photo_broken"),
        ("no IHDR", b"\x89PNG\r\n\x1a\n" + chunk(b"IEND", b""), "photo_broken"),
        ("chunk over the end", small_png()[:33] + b"\x7f\xff\xff\xffIDAT", "photo_broken"),
        ("50 000 chunks", lambda: small_png(*[chunk(b"tEXt", b"")] * 50_000), "photo_costly"),
    ]:
        yield Hostile(label, "x.png", PNG, data, verdict)


def _webps() -> Iterator[Hostile]:
    still = saved("WEBP")
    lossless = saved("WEBP", lossless=True)
    canvas = b"VP8X" + struct.pack("<I", 10) + b"\0\0\0\0" + b"\xff\x3f\0" + b"\xff\x3f\0"
    huge = b"RIFF" + struct.pack("<I", 4 + len(canvas) + len(still) - 12) + b"WEBP"
    for label, data, verdict in [
        ("plain webp", still, "ok"),
        ("lossless webp", lossless, "ok"),
        ("28 megapixel webp", lambda: saved("WEBP", blank(7_000, 4_000, "RGBA"), method=0), "ok"),
        ("40 megapixel webp", lambda: saved("WEBP", blank(7_900, 5_000), method=0), "photo_pixels"),
        ("webp with a trailer", still + SCRIPT, "ok"),
        ("animated webp", animated("WEBP"), "photo_animated"),
        ("truncated webp", still[: len(still) // 2], "photo_broken"),
        ("canvas of another size", huge + canvas + still[12:], "photo_broken"),
        ("no picture inside", b"RIFF\4\0\0\0WEBP", "photo_broken"),
    ]:
        yield Hostile(label, "x.webp", WEBP, data, verdict)
