"""A PDF is kept as it came, after its structure was looked at; whatever acts is refused whole."""

import hashlib
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from changxiao.kernel import scope
from changxiao.kernel.home import folder
from changxiao.kernel.refused import Refused
from changxiao.ledger import audit_media
from changxiao.ledger.media import actions, files, gates, jobs, pdf, sandbox
from changxiao.ledger.media.formats import BadPicture
from changxiao.ledger.media.models import Photo
from changxiao.ledger.media.tests import papers
from changxiao.ledger.media.tests.conftest import MONDAY
from changxiao.ledger.media.tests.corpus import street
from changxiao.ledger.media.tests.test_actions import kept
from changxiao.ledger.media.tests.test_views import MEMBER, STRANGER, WANG
from changxiao.ledger.models import Entry

PAPERS = {paper.label: paper for paper in papers.papers()}


def verdict(data):
    """As `store` would judge it, in one process: the files are many and the other process is asked
    in tests of its own."""
    try:
        actions.check(data, declared_type=papers.PDF, name="x.pdf", also=actions.PAPERS)
        pdf.look(data)
        return "ok"
    except Refused as no:
        return no.code
    except BadPicture as bad:
        return bad.code


@pytest.fixture
def keep(db, own_home, act):
    def put(data=None, label="paper", **options):
        told = {"declared_type": papers.PDF, "name": "x.pdf", "also": actions.PAPERS} | options
        return actions.store(papers.pdf() if data is None else data, act=act(label), **told)

    return put


@pytest.mark.parametrize("label", PAPERS)
def test_each_paper_gets_its_verdict(label):
    assert verdict(PAPERS[label].made()) == PAPERS[label].verdict


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from([papers.pdf(), papers.pdf(papers.packed(b"<</Title(x)>>"))]),
    st.lists(st.tuples(st.integers(0, 900), st.binary(min_size=1, max_size=9)), max_size=5),
)
def test_the_reader_answers_or_refuses_and_never_falls_over(base, patches):
    data = bytearray(base)
    for at, patch in patches:
        data[at : at + len(patch)] = patch
    assert verdict(bytes(data)) in {"ok"} | {p.verdict for p in PAPERS.values()}


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200), st.integers(0, 3), st.booleans())
def test_no_bytes_beside_it_hide_a_script(noise, coded, is_packed):
    word = b"JavaScript"
    script = (
        b"<</S/" + b"".join(b"#%02x" % letter for letter in word[:coded]) + word[coded:] + b">>"
    )
    data = papers.pdf(papers.stream(noise), papers.packed(script) if is_packed else script)
    assert verdict(data) != "ok"


def test_a_document_lies_in_the_vault_and_nowhere_else(keep, own_home):
    row = keep()

    assert (row.type, row.pages, row.width, row.height) == (papers.PDF, 1, None, None)
    assert row.sha256 == hashlib.sha256(papers.pdf()).hexdigest()
    assert [name for name in kept(own_home) if not name.endswith(files.CLAIM)] == [row.sha256]
    assert b"%PDF" not in files.original_path(row.sha256).read_bytes()
    assert row.sha256 in row.head.body
    assert "x.pdf" not in row.head.body


def test_pages_are_told_only_where_the_file_is_sure_of_them(keep):
    assert keep(papers.pdf(pages=3)).pages == 3
    unsure = papers.pdf(pages=3).replace(b"/Count 3", b"/Count 4")
    assert keep(unsure, "unsure").pages is None


def test_the_same_document_again_is_the_same_row(keep):
    assert keep(label="first") == keep(label="second")
    assert Entry.objects.filter(verb="store_photo").count() == 1


def test_verification_misses_a_document_that_is_gone_or_altered(keep):
    row = keep()
    assert list(audit_media.check()) == []

    path = files.original_path(row.sha256)
    sealed = path.read_bytes()
    path.write_bytes(sealed[:-1] + bytes([sealed[-1] ^ 1]))
    assert len(list(audit_media.check())) == 1
    path.unlink()
    assert len(list(audit_media.check())) == 1


def test_what_a_crash_left_of_a_document_is_swept(own_home, db):
    sha256 = hashlib.sha256(papers.pdf()).hexdigest()
    with files.claim(sha256) as claim:
        claim.lay()
        files.put(files.original_path(sha256), b"sealed")
    from datetime import UTC, datetime, timedelta

    assert jobs.sweep_orphans(datetime.now(UTC) + timedelta(hours=2)) == 1
    assert kept(own_home) == []


@pytest.mark.parametrize("label", ["truncated", "password", "script, packed", "bomb", "over 15 MB"])
def test_a_refused_document_leaves_nothing(keep, own_home, label):
    with pytest.raises(Refused) as refused:
        keep(PAPERS[label].made())

    assert refused.value.code == PAPERS[label].verdict
    assert "PDF" in refused.value.sentence
    assert Photo.objects.count() == Entry.objects.count() == 0
    assert kept(own_home) == []


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"also": actions.PHOTOS_ONLY}, "photo_type"),
        ({"declared_type": "image/jpeg"}, "document_type"),
        ({"name": "x.jpg"}, "document_type"),
        ({"name": "x.pdf\u202egpj.exe"}, "photo_name"),
        ({"quota": 0}, "photo_quota"),
        ({"data": street()}, "document_type"),
    ],
    ids=["photos only", "declared as a picture", "named as a picture", "name", "quota", "picture"],
)
def test_a_door_takes_what_it_says_and_no_more(keep, own_home, options, code):
    with pytest.raises(Refused) as refused:
        keep(**options)

    assert refused.value.code == code
    assert not Photo.objects.exists()
    assert kept(own_home) == []


def test_the_process_that_looks_has_its_limits_and_no_decoder():
    program = (
        "import resource, sys; sys.argv.append('--document');"
        "from changxiao.ledger.media import clean; clean.main();"
        "sys.stderr.write(str(resource.getrlimit(resource.RLIMIT_AS)))"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", program], input=papers.pdf(), capture_output=True, check=True
    )
    assert str(768 << 20).encode() in done.stderr
    assert sandbox.look(papers.pdf()).pages == 1


# -- handing it out --------------------------------------------------------------------------------

GATES = (f"{__name__}.yes",)


def yes(viewer, photo):
    return viewer.name == "wang"


def ask(rf, sha256, viewer=WANG, user=MEMBER, method="get"):
    from changxiao.ledger.media import views

    request = getattr(rf, method)(f"/media/{sha256}.pdf")
    request.user = user
    with scope.viewing(viewer):
        return views.document(request, sha256)


@pytest.fixture
def open_gate(monkeypatch):
    monkeypatch.setattr(gates, "WIRED", f"{__name__}.GATES")


def test_a_member_of_the_case_keeps_the_very_file_and_no_page_of_ours_shows_it(keep, open_gate, rf):
    row = keep()
    answer = ask(rf, row.sha256)

    assert row.url == f"/media/{row.sha256}.pdf"
    assert answer.content == papers.pdf()
    assert answer["Content-Type"] == papers.PDF
    assert answer["Content-Disposition"] == "attachment"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    "options",
    [{"viewer": scope.Viewer("staff", "li")}, {"viewer": scope.PUBLIC}, {"user": STRANGER}],
    ids=["another", "public", "signed out"],
)
def test_nobody_else_learns_that_it_exists(keep, open_gate, rf, options):
    from django.http import Http404

    row = keep()
    with pytest.raises(Http404):
        ask(rf, row.sha256, **options)


def test_a_photo_is_not_had_by_this_address(store, open_gate, rf):
    from django.http import Http404

    with pytest.raises(Http404):
        ask(rf, store().sha256)


def test_without_its_months_key_a_document_is_gone(keep, open_gate, rf):
    row = keep()
    (folder("keys") / f"vault-{MONDAY:%Y-%m}").unlink()

    answer = ask(rf, row.sha256)
    assert answer.status_code == 410
    assert "按保存期限销毁" in answer.content.decode()
