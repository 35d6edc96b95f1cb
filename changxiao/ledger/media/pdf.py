"""材料 PDF: what the structure of a PDF says, without drawing a page of it (docs/photos.md).

No interpreter of ours: ISO 32000-1 §7.5 read as bytes. Its head and its end are asked in the web
process (`parse`); what lies in streams is unpacked in the cleaning process only (`look`). Where a
reader could understand a byte in two ways we take the worse one: a harmless file that is refused
can be printed anew, an active one that is taken waits in a case for whoever opens it.
Standard library only, for the cleaning process imports this.
"""

import re
import zlib
from collections.abc import Iterator

from changxiao.ledger.media.formats import BadPicture

PDF = "application/pdf"
VERSION = "pdf-1"  # goes into every entry; raise it when the same bytes would be judged otherwise
MAX_STREAMS = 50_000
MAX_UNPACKED = 64 * 1024 * 1024  # of all object streams together; they hold words, not pictures
MAX_PAGES = 5_000

_HEAD = re.compile(rb"%PDF-(?:1\.[0-7]|2\.0)[\r\n \t]")
_END = re.compile(rb"startxref[\r\n \t]+(\d{1,10})[\r\n \t]+%%EOF[\r\n \t\0]{0,16}\Z")
_TAIL = 1024
_XREF = re.compile(rb"[\r\n \t]*(?:xref[\r\n \t]|\d{1,10}[ \t\r\n]+\d{1,5}[ \t\r\n]+obj\b)")
# A stranger's reader looks for these at the head (HTML) or at the end (ZIP, with its comment).
_FOREIGN = re.compile(rb"<(?:\?php|script|html|svg|!doctype)", re.IGNORECASE)
_ZIP_END, _ZIP_COMMENT = b"PK\5\6", 65_557
_STREAM = re.compile(rb"(?<!end)stream[ \t]*(?:\r\n|\n|\r)")
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_SPACE = rb"[\0\t\n\f\r ]"
_NAME_END = rb"(?![^\0\t\n\f\r ()<>\[\]{}/%])"
# Long enough never to turn up in packed bytes by chance, so asked of every byte there is.
_ACTIVE = re.compile(
    rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia|SubmitForm|ImportData|GoToE|XFA)" + _NAME_END
    # An array is a place to open at, as LibreOffice writes it, and no action.
    + rb"|/OpenAction" + _NAME_END + rb"(?!" + _SPACE + rb"*\[)"
)  # fmt: skip
_ACTIVE_SHORT = re.compile(rb"/(?:JS|AA)" + _NAME_END)  # asked of words only
_ENCRYPT = re.compile(rb"/Encrypt" + _NAME_END)
_ROOT = re.compile(rb"/Root" + _NAME_END)
# A stream of objects says so, and has a number as /First; an outline's is a reference.
_OBJECTS = re.compile(
    rb"/ObjStm" + _NAME_END + rb"|/First" + _SPACE + rb"*\d{1,10}(?!\d)"
    rb"(?!" + _SPACE + rb"+\d+" + _SPACE + rb"+R)"
)  # fmt: skip
_FILTER, _PREDICTOR = re.compile(rb"/Filter" + _NAME_END), re.compile(rb"/Predictor" + _NAME_END)
_PAGE = re.compile(rb"/Type" + _SPACE + rb"*/Page" + _NAME_END)
_PAGES = re.compile(rb"/Type" + _SPACE + rb"*/Pages" + _NAME_END)
_COUNT = re.compile(rb"/Count" + _SPACE + rb"+(\d{1,7})" + _NAME_END)


def sniff(data: bytes) -> str:
    """类型: PDF by its very first bytes, "" for everything else; nothing may stand before them."""
    return PDF if data[:5] == b"%PDF-" else ""


def parse(data: bytes) -> None:
    """读首尾: version, end mark and the table of objects that the end points at.

    Raises BadPicture: document_broken, document_mixed (two formats in one file).
    """
    if not _HEAD.match(data):
        raise BadPicture("document_broken")
    end = _END.search(data, max(0, len(data) - _TAIL))
    if end is None or not _XREF.match(data, int(end[1])):
        raise BadPicture("document_broken")
    if _FOREIGN.search(data, 0, 1024) or _is_zip(data):
        raise BadPicture("document_mixed")


def look(data: bytes) -> dict[str, object]:
    """查验结构: the number of pages where the file is sure of it, in the cleaning process.

    Raises BadPicture: document_broken, document_encrypted, document_active, document_costly.
    """
    parse(data)
    words = b"\n".join([*_outside(data), *_unpacked(data)])
    if not (_ROOT.search(words) and _PAGES.search(words)):
        raise BadPicture("document_broken")
    return {"code": "ok", "pages": _pages(words), "checked": VERSION}


def _is_zip(data: bytes) -> bool:
    return data.rfind(_ZIP_END, max(0, len(data) - _ZIP_COMMENT)) >= 0


def _outside(data: bytes) -> Iterator[bytes]:
    """The words between streams; Refused where any byte of the file acts or is encrypted."""
    _ask(_plain(data), _ACTIVE)
    at = 0
    while found := _STREAM.search(data, at):
        yield _ask(_plain(data[at : found.start()]), _ACTIVE_SHORT)
        end = data.find(b"endstream", found.end())
        at = len(data) if end < 0 else end
    yield _ask(_plain(data[at:]), _ACTIVE_SHORT)


def _unpacked(data: bytes) -> Iterator[bytes]:
    """What the streams of objects hold: objects like any others, packed.

    Each `stream` counts, even one inside another stream: who reads the table of objects may start
    there. What stands before it, up to the one before, is taken for its dictionary.
    """
    left, at = MAX_UNPACKED, 0
    for number, found in enumerate(_STREAM.finditer(data)):
        if number == MAX_STREAMS:
            raise BadPicture("document_costly")
        head, at = _plain(data[at : found.start()]), found.end()
        if _OBJECTS.search(head):
            words = _objects(data, at, head, left)
            left -= len(words)
            yield _ask(_ask(_plain(words), _ACTIVE), _ACTIVE_SHORT)


def _objects(data: bytes, start: int, head: bytes, most: int) -> bytes:
    end = data.find(b"endstream", start)
    if end < 0 or _PREDICTOR.search(head):
        raise BadPicture("document_broken")  # its rows would have to be put together first
    if end - start > most:
        raise BadPicture("document_costly")
    if not _FILTER.search(head):
        return data[start:end]
    return _inflated(data[start:end], most)


def _inflated(packed: bytes, most: int) -> bytes:
    unpacker = zlib.decompressobj()
    try:
        words = unpacker.decompress(packed, most)
    except zlib.error:
        raise BadPicture("document_broken") from None
    if not unpacker.eof:
        raise BadPicture("document_costly" if len(words) >= most else "document_broken")
    return words


def _ask(words: bytes, active: re.Pattern[bytes]) -> bytes:
    if _ENCRYPT.search(words):
        raise BadPicture("document_encrypted")
    if active.search(words):
        raise BadPicture("document_active")
    return words


def _plain(words: bytes) -> bytes:
    # A name may write any of its letters as #xx: /J#61vaScript.
    return _ESCAPE.sub(lambda hit: bytes([int(hit[1], 16)]), words)


def _pages(words: bytes) -> int | None:
    """页数, where the leaves of the tree and the number that it names agree."""
    leaves = len(_PAGE.findall(words))
    named = max((int(count) for count in _COUNT.findall(words)), default=0)
    return leaves if leaves == named and 0 < leaves <= MAX_PAGES else None
