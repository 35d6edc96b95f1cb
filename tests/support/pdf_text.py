"""PDF 的文字: what our own papers say, read back out of their bytes; for typst's PDFs only.

Each stretch of text (one BT … ET, a line or a part of one) is an item; figures of a table's cell
are so one item each.
"""

import re
import zlib

_OBJECT = re.compile(rb"(?:^|\n)(\d+) 0 obj\s*(.*?)\nendobj", re.S)
_SHOWN = re.compile(rb"/(f\d+) [\d.]+ Tf|\((?:\\.|[^\\()])*\)|<[0-9A-Fa-f]+>|\bET\b", re.S)
_TAGGED = re.compile(rb"<<.*?>>\s*BDC", re.S)  # what stands in for text when it is copied
_ESCAPED = re.compile(rb"\\([0-7]{1,3}|.)", re.S)
_LETTERS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def texts(pdf: bytes) -> list[str]:
    """文字 of the whole document, in the order they were set."""
    objects = {int(number): body for number, body in _OBJECT.findall(pdf)}
    found = []
    for body in objects.values():
        if body.startswith(b"<</Type/Page/"):
            resources = objects[_link(body, b"Resources")]
            fonts = {
                name: _signs(objects, objects[int(number)])
                for name, number in re.findall(rb"/(f\d+) (\d+) 0 R", resources)
            }
            found += _shown(_stream(objects[_link(body, b"Contents")]), fonts)
    return found


def _link(body: bytes, name: bytes) -> int:
    return int(re.search(rb"/%s (\d+) 0 R" % name, body)[1])


def _stream(body: bytes) -> bytes:
    return zlib.decompress(body.split(b"stream", 1)[1].lstrip(b"\r\n"))


def _signs(objects: dict[int, bytes], font: bytes) -> dict[int, str]:
    """What each glyph of a font stands for (ToUnicode)."""
    pairs = re.findall(
        rb"<([0-9A-F]{4})> <([0-9A-F]+)>\n", _stream(objects[_link(font, b"ToUnicode")])
    )
    return {
        int(glyph, 16): bytes.fromhex(sign.decode()).decode("utf-16-be") for glyph, sign in pairs
    }


def _shown(stream: bytes, fonts: dict[bytes, dict[int, str]]) -> list[str]:
    found, line, font = [], "", {}
    for token in _SHOWN.finditer(_TAGGED.sub(b"", stream)):
        if token[1]:
            font = fonts[token[1]]
        elif token[0] == b"ET":
            found.append(line)
            line = ""
        else:
            inner = token[0][1:-1]
            plain = token[0].startswith(b"(")
            codes = _ESCAPED.sub(_plain, inner) if plain else bytes.fromhex(inner.decode())
            pairs = (codes[n : n + 2] for n in range(0, len(codes), 2))
            line += "".join(font.get(int.from_bytes(pair), "\ufffd") for pair in pairs)
    return found


def _plain(escape: re.Match[bytes]) -> bytes:
    told = escape[1]
    return bytes([int(told, 8)]) if told[:1].isdigit() else _LETTERS.get(told, told)
