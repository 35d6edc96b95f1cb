"""表格 xlsx: what the structure of a workbook says, without reading a cell of it (docs/photos.md).

A workbook is a ZIP (APPNOTE.TXT) of parts in XML (ISO/IEC 29500-2). Its head and its end are asked
in the web process (`parse`); it is unpacked in the cleaning process only (`look`). What runs, or
reaches out of the file, is refused whole: macros, embedded objects, links to other workbooks,
connections. Standard library only, for the cleaning process imports this.
"""

import codecs
import io
import re
import zipfile
import zlib

from changxiao.ledger.media.formats import BadPicture

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
VERSION = "xlsx-1"  # goes into every entry; raise it when the same bytes would be judged otherwise
MAX_PARTS = 2_000
MAX_UNPACKED = 64 * 1024 * 1024  # of all parts together
# Names without the mark of UTF-8 are read by it; who confined himself could load it no more.
codecs.lookup("cp437")
_MAGIC, _END, _END_BYTES = b"PK\3\4", b"PK\5\6", 22
_NEEDED = frozenset({"[Content_Types].xml", "xl/workbook.xml"})
_ACTIVE_PART = re.compile(
    r"(?i)(?:^|/)(?:vba|activex|ctrlprops|embeddings|externallinks|macrosheets|dialogsheets|customui"
    r"|connections\.xml|querytables|webextensions)"
)
_KNOWN_PART = re.compile(
    r"(?i).*\.(?:xml|rels|vml|png|jpe?g|gif|bmp|tiff?|svg|emf|wmf)|xl/printersettings/[^/]*\.bin"
)
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
_EXTERNAL = re.compile(rb"TargetMode\s*=\s*[\"']External")
_HYPERLINK = re.compile(rb"Type\s*=\s*[\"'][^\"']*/hyperlink[\"']")


def sniff(data: bytes) -> str:
    """类型: a ZIP by its very first bytes, "" for everything else; `look` says whether it is one of
    a workbook."""
    return XLSX if data[:4] == _MAGIC else ""


def parse(data: bytes) -> None:
    """读首尾: the end of the ZIP is the end of the file, and nothing follows it.

    Raises BadPicture: sheet_broken.
    """
    if data[:4] != _MAGIC or data[-_END_BYTES:][:4] != _END:
        raise BadPicture("sheet_broken")


def look(data: bytes) -> dict[str, object]:
    """查验结构 in the cleaning process: every part is unpacked once, none is understood.

    Raises BadPicture: sheet_broken, sheet_encrypted, sheet_active, sheet_costly.
    """
    parse(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            _look(book)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError):
        raise BadPicture("sheet_broken") from None
    return {"code": "ok", "pages": None, "checked": VERSION}


def _look(book: zipfile.ZipFile) -> None:
    parts = book.infolist()
    names = [part.filename for part in parts]
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise BadPicture("sheet_costly")
    if any(part.flag_bits & 1 for part in parts):
        raise BadPicture("sheet_encrypted")
    if len({name.lower() for name in names}) != len(names) or not set(names) >= _NEEDED:
        raise BadPicture("sheet_broken")
    if any(_ACTIVE_PART.search(name) for name in names):
        raise BadPicture("sheet_active")
    for part in parts:
        if not part.is_dir():
            _ask(part.filename, book.read(part))


def _ask(name: str, words: bytes) -> None:
    if not _KNOWN_PART.fullmatch(name):
        raise BadPicture("sheet_active")
    if not name.lower().endswith((".xml", ".rels", ".vml")):
        return
    if words[:2] in {b"\xff\xfe", b"\xfe\xff"} or b"\0" in words[:4]:
        raise BadPicture("sheet_broken")  # in another encoding it could say what we do not find
    if b"<!DOCTYPE" in words or b"<!ENTITY" in words:
        raise BadPicture("sheet_active")
    if name == "[Content_Types].xml" and b"macroEnabled" in words:
        raise BadPicture("sheet_active")
    if name.endswith(".rels") and any(_reaches_out(one) for one in _RELATION.findall(words)):
        raise BadPicture("sheet_active")


def _reaches_out(relation: bytes) -> bool:
    """A link that a reader may press is none of it."""
    return bool(_EXTERNAL.search(relation)) and not _HYPERLINK.search(relation)
