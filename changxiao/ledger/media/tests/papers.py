"""PDF made when a test asks: a small good one, and what people try instead, with its verdict."""

import zlib
from collections.abc import Callable, Iterator
from typing import NamedTuple

PDF = "application/pdf"
CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
JAVASCRIPT = b"<</S/JavaScript/JS(app.alert\\(1\\))>>"


class Paper(NamedTuple):
    """One file and what must become of it: "ok" or the code of the refusal."""

    label: str
    made: Callable[[], bytes]
    verdict: str


def pdf(*more: bytes, catalog: bytes = CATALOG, trailer: bytes = b"", pages: int = 1) -> bytes:
    """Pages with nothing on them, objects `more` from number 3 + pages on, a table of objects."""
    kids = b" ".join(b"%d 0 R" % (3 + n) for n in range(pages))
    tree = b"<</Type/Pages/Count %d/Kids[%s]>>" % (pages, kids)
    leaf = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>"
    out, places = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", []
    for number, body in enumerate([catalog, tree, *[leaf] * pages, *more], 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(places) + 1
    head = b"xref\n0 %d\n0000000000 65535 f \n" % size
    end = b"trailer\n<</Size %d/Root 1 0 R%s>>\n" % (size, trailer)
    return out + head + table + end + b"startxref\n%d\n%%%%EOF\n" % len(out)


def stream(content: bytes, told: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (told, len(content), content)


def packed(content: bytes, told: bytes = b"/Type/ObjStm/N 1/First 4") -> bytes:
    """A stream of objects, packed as writers of PDF 1.5 do."""
    return stream(zlib.compress(b"9 0 " + content, 1), told + b"/Filter/FlateDecode")


def papers() -> Iterator[Paper]:
    yield from _taken()
    yield from _broken()
    yield from _mixed()
    yield from _active()
    yield Paper("password", lambda: pdf(trailer=b"/Encrypt 9 0 R"), "document_encrypted")
    yield Paper("password by code", lambda: pdf(trailer=b"/En#63rypt 9 0 R"), "document_encrypted")
    yield Paper("bomb", lambda: pdf(packed(bytes(65 << 20))), "document_costly")
    many = b"/ObjStm stream\n" * 20_000
    yield Paper("streams in one another", lambda: pdf(many + b"endstream"), "document_costly")
    yield Paper("streams", lambda: pdf(b"stream\n" * 60_000), "document_costly")
    yield Paper("over 15 MB", lambda: pdf(stream(bytes(15 << 20))), "document_too_large")


def _taken() -> Iterator[Paper]:
    link = b"<</Type/Annot/Subtype/Link/A<</S/URI/URI(https://example.org)>>>>"
    place = b"<</Type/Catalog/Pages 2 0 R/OpenAction[3 0 R/XYZ null null 0]>>"
    yield Paper("plain", pdf, "ok")
    yield Paper("link", lambda: pdf(link), "ok")
    yield Paper("opens at a place", lambda: pdf(catalog=place), "ok")
    yield Paper("packed objects", lambda: pdf(packed(b"<</Title(x)>>")), "ok")
    yield Paper("outline", lambda: pdf(b"<</First 9 0 R/N 1>>", stream(b"\xff\xd8jpeg")), "ok")
    yield Paper("word like a script", lambda: pdf(b"<</JSON 1/JavaScripts 2/AAA 3>>"), "ok")


def _broken() -> Iterator[Paper]:
    def one(label: str, made: Callable[[], bytes]) -> Paper:
        return Paper(label, made, "document_broken")

    yield one("truncated", lambda: pdf()[:-40])
    yield one("cut in half", lambda: pdf()[: len(pdf()) // 2])
    yield one("no end mark", lambda: pdf().replace(b"%%EOF", b"%%EOP"))
    yield one("no version", lambda: pdf().replace(b"%PDF-1.7", b"%PDF-9.9"))
    yield one("end points nowhere", lambda: pdf().replace(b"startxref\n", b"startxref\n9"))
    yield one("end points at words", lambda: pdf().replace(b"xref\n0 ", b"xxxx\n0 "))
    yield one("no root", lambda: pdf().replace(b"/Root", b"/Boot"))
    yield one("no pages", lambda: pdf().replace(b"/Type/Pages", b"/Type/Paged"))
    yield one("something after the end", lambda: pdf() + b"<script>alert(1)</script>")
    yield one("objects that do not unpack", lambda: pdf(stream(b"xx", b"/Type/ObjStm/Filter/LZW")))
    told = b"/Type/ObjStm/DecodeParms<</Predictor 12>>"
    yield one("objects in rows", lambda: pdf(packed(b"1", told)))
    yield one("objects without type", lambda: pdf(stream(b"xx", b"/First 9/Filter/ASCII85Decode")))


def _mixed() -> Iterator[Paper]:
    archive = b"PK\3\4" + bytes(26) + b"PK\5\6" + bytes(18)
    yield Paper("archive inside", lambda: pdf(stream(archive)), "document_mixed")
    page = b"<</Title(<html><script>alert\\(1\\)</script></html>)>>"
    yield Paper("page at the head", lambda: pdf(page), "document_mixed")
    yield Paper("program at the head", lambda: pdf(b"(<?php system\\(1\\);)"), "document_mixed")
    yield Paper("something before the head", lambda: b"GIF89a" + pdf(), "document_type")
    yield Paper("archive only", lambda: archive, "document_type")


def _active() -> Iterator[Paper]:
    def one(label: str, made: Callable[[], bytes]) -> Paper:
        return Paper(label, made, "document_active")

    def opening(value: bytes) -> bytes:
        return pdf(catalog=b"<</Type/Catalog/Pages 2 0 R" + value + b">>")

    yield one("script", lambda: pdf(JAVASCRIPT))
    yield one("script by code", lambda: pdf(b"<</S/J#61vaScript>>"))
    yield one("script, its word only", lambda: pdf(b"<</JS 9 0 R>>"))
    yield one("script, packed", lambda: pdf(packed(JAVASCRIPT)))
    yield one("script, packed by code", lambda: pdf(packed(JAVASCRIPT, b"/Type/Obj#53tm")))
    yield one("script, packed, untold", lambda: pdf(packed(JAVASCRIPT, b"/N 1/First 4")))
    yield one("script in a plain stream", lambda: pdf(stream(JAVASCRIPT)))
    hidden = b"<</X(stream\n)>>\nendobj\n9 0 obj\n" + packed(JAVASCRIPT)
    yield one("script, packed, behind a stream that is none", lambda: pdf(hidden))
    yield one("starts a program", lambda: pdf(b"<</S/Launch/F(cmd.exe)>>"))
    yield one("file in it", lambda: pdf(stream(b"MZ", b"/Type/EmbeddedFile")))
    yield one("files named", lambda: pdf(b"<</Names<</EmbeddedFiles 9 0 R>>>>"))
    yield one("acts on opening", lambda: opening(b"/OpenAction<</S/URI/URI(http://x)>>"))
    yield one("acts on opening, elsewhere", lambda: opening(b"/OpenAction 9 0 R"))
    yield one("acts on closing", lambda: opening(b"/AA<</WC 9 0 R>>"))
    yield one("form that sends", lambda: pdf(b"<</S/SubmitForm/F(http://x)>>"))
    yield one("form of its own", lambda: pdf(b"<</XFA 9 0 R>>"))
    yield one("film", lambda: pdf(b"<</Subtype/RichMedia>>"))
