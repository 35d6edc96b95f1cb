"""A workbook is kept as it came, after its parts were looked at; whatever runs, or reaches out of
the file, is refused whole."""

import io
import zipfile

import pytest
from django.http import Http404
from hypothesis import given, settings
from hypothesis import strategies as st
from xlsxwriter import Workbook

from changxiao.kernel import scope, sheets
from changxiao.kernel.refused import Refused
from changxiao.ledger import audit_media
from changxiao.ledger.media import actions, gates, views, workbook
from changxiao.ledger.media.formats import BadPicture
from changxiao.ledger.media.tests import papers
from changxiao.ledger.media.tests.test_views import MEMBER, WANG

STRANGER_HERE = scope.Viewer("staff", "chen", (scope.Grant("intake"),))
TYPES = '<Types xmlns="t"><Override PartName="/xl/workbook.xml" ContentType="{kind}"/></Types>'
PLAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
MACRO = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
LINK = '<Relationships><Relationship Id="1" Type="http://x/{type}" TargetMode="External"/>'


def book(*more, kind=PLAIN, leave=()):
    """The least a workbook has, and parts `more`."""
    parts = [("[Content_Types].xml", TYPES.format(kind=kind)), ("xl/workbook.xml", "<workbook/>")]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, words in [*parts, *more]:
            if name not in leave:
                made.writestr(name, words)
    return out.getvalue()


def written():
    """As xlsxwriter writes it: two rows, a picture, a link that can be pressed."""
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as made:
        page = made.add_worksheet("整改")
        page.write_row(0, 0, ["点位", "整改前", "整改后"])
        page.write_url(1, 0, "https://example.org/")
    return out.getvalue()


def locked(data):
    """The flag of encryption set in the table of parts."""
    at = data.index(b"PK\1\2")
    return data[: at + 8] + bytes([data[at + 8] | 1]) + data[at + 9 :]


CASES = {
    "least": (book(), "ok"),
    "written": (written(), "ok"),
    "filled in": (sheets.write("表", [["项目"], ["1"]], (9,)).read(), "ok"),
    "printer": (book(("xl/printerSettings/printerSettings1.bin", b"\0")), "ok"),
    "link": (book(("xl/worksheets/_rels/sheet1.xml.rels", LINK.format(type="hyperlink"))), "ok"),
    "template": (book(("_rels/.rels", LINK.format(type="attachedTemplate"))), "sheet_active"),
    "picture afar": (book(("xl/d/_rels/1.xml.rels", LINK.format(type="image"))), "sheet_active"),
    "macro": (book(("xl/vbaProject.bin", b"\0")), "sheet_active"),
    "macro by name": (book(("xl/macros/VbaData.xml", "<x/>")), "sheet_active"),
    "macro by type": (book(kind=MACRO), "sheet_active"),
    "object": (book(("xl/embeddings/oleObject1.bin", b"\0")), "sheet_active"),
    "control": (book(("xl/activeX/activeX1.xml", "<x/>")), "sheet_active"),
    "other workbook": (book(("xl/externalLinks/externalLink1.xml", "<x/>")), "sheet_active"),
    "connection": (book(("xl/connections.xml", "<x/>")), "sheet_active"),
    "program": (book(("xl/media/tool.exe", b"MZ")), "sheet_active"),
    "entities": (book(("xl/styles.xml", "<!DOCTYPE x [<!ENTITY a 'b'>]><x/>")), "sheet_active"),
    "other encoding": (book(("xl/styles.xml", "<x/>".encode("utf-16"))), "sheet_broken"),
    "no workbook": (book(leave={"xl/workbook.xml"}), "sheet_broken"),
    "word": (book(("word/document.xml", "<x/>"), leave={"xl/workbook.xml"}), "sheet_broken"),
    "something behind": (book() + b"MZ", "sheet_broken"),
    "cut": (book()[:-9], "sheet_broken"),
    "password": (locked(book()), "sheet_encrypted"),
    "bomb": (book(("xl/styles.xml", b" " * (65 << 20))), "sheet_costly"),
    "parts": (book(*[(f"xl/{n}.xml", "<x/>") for n in range(2_000)]), "sheet_costly"),
    "empty": (b"", "photo_empty"),
    "old xls": (b"\xd0\xcf\x11\xe0" + bytes(600), "sheet_type"),
}


def verdict(data):
    """As `store` would judge it, in one process."""
    try:
        actions.check(data, declared_type=workbook.XLSX, name="x.xlsx", also=actions.PROOFS)
        workbook.look(data)
        return "ok"
    except Refused as no:
        return no.code
    except BadPicture as bad:
        return bad.code


@pytest.mark.parametrize("label", CASES)
def test_each_workbook_gets_its_verdict(label):
    data, expected = CASES[label]
    assert verdict(data) == expected


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 900), st.binary(min_size=1, max_size=9)), max_size=5))
def test_the_reader_answers_or_refuses_and_never_falls_over(patches):
    data = bytearray(CASES["written"][0])
    for at, patch in patches:
        data[at : at + len(patch)] = patch
    assert verdict(bytes(data)) in {"ok"} | {code for _data, code in CASES.values()}


def test_a_workbook_is_taken_only_where_proofs_are(act, own_home, db):
    told = {"declared_type": workbook.XLSX, "name": "x.xlsx"}
    for also, code in ((actions.PHOTOS_ONLY, "photo_type"), (actions.PAPERS, "document_type")):
        with pytest.raises(Refused) as no:
            actions.store(written(), act=act("taken"), also=also, **told)
        assert no.value.code == code
    for data, code in (CASES["macro"], CASES["bomb"]):
        with pytest.raises(Refused) as no:  # the cleaning process says so
            actions.store(data, act=act(code), also=actions.PROOFS, **told)
        assert no.value.code == code
    pdf = actions.store(
        papers.pdf(), declared_type=papers.PDF, name="x.pdf", act=act("pdf"), also=actions.PROOFS
    )
    assert pdf.pages == 1


def test_it_is_handed_out_as_it_came_to_who_may_see_it(act, own_home, db, monkeypatch, rf):
    data = written()
    row = actions.store(
        data, declared_type=workbook.XLSX, name="x.xlsx", act=act("out"), also=actions.PROOFS
    )
    assert (row.is_document, row.is_picture, row.pages, row.width) == (True, False, None, None)
    assert row.url == f"/media/{row.sha256}.xlsx" and list(audit_media.check()) == []

    monkeypatch.setattr(gates, "WIRED", "changxiao.ledger.media.tests.test_views.GATES")
    request = rf.get(row.url)
    request.user = MEMBER
    with scope.viewing(WANG):
        answer = views.document(request, row.sha256, kind=workbook.XLSX)
    assert answer.content == data and answer["Content-Disposition"] == "attachment"
    with scope.viewing(WANG), pytest.raises(Http404):
        views.document(request, row.sha256)
    with scope.viewing(STRANGER_HERE), pytest.raises(Http404):
        views.document(request, row.sha256, kind=workbook.XLSX)
