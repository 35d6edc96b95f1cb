"""材料 as PDF: brought where a document is asked for, told by our own name and its hash."""

import hashlib
import json
from dataclasses import replace

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from changxiao.cases import actions, jobs
from changxiao.cases.actions import Shown
from changxiao.cases.dossier import telling
from changxiao.cases.models import Case, CasePhoto
from changxiao.cases.models_evidence import EvidenceFlag, PhotoPrint
from changxiao.cases.tests.pages import forget_catalog, key_in, person, signed_in
from changxiao.kernel.act import Act
from changxiao.kernel.home import folder
from changxiao.kernel.refused import Refused
from changxiao.ledger.media import actions as media
from changxiao.ledger.media.models import Photo
from changxiao.ledger.media.tests import papers
from changxiao.ledger.models import Entry
from changxiao.ledger.papers import printing
from tests.support.cast import act, at

SENT = "王小明家检测报告.pdf"


@pytest.fixture(autouse=True)
def _monday():
    forget_catalog()
    with time_machine.travel(at(2, 10), tick=False):
        yield


@pytest.fixture
def papered(dispatched, damaged):
    """A case whose closing needs a document."""
    damaged.closing_needs = ["document"]
    damaged.save(update_fields=["closing_needs"])
    return dispatched


@pytest.fixture
def report(db):
    """A stored PDF."""
    told = {"declared_type": papers.PDF, "name": SENT, "also": media.PAPERS}
    return media.store(papers.pdf(), act=Act(actor="zhao", key="paper-key-0001"), **told)


def upload(data, name=SENT):
    return SimpleUploadedFile(name, data, content_type=papers.PDF)


def send(client, url, **told):
    key = key_in(client.get(url))
    return client.post(url, {"key": key, "note": "已检测", "outcome": "restored"} | told)


def state():
    lying = sorted(p.name for name in ("vault", "media") for p in folder(name).rglob("*"))
    return Photo.objects.count(), CasePhoto.objects.count(), Entry.objects.count(), lying


@pytest.mark.parametrize("page", ["desk", "guided"])
def test_a_handler_feeds_back_with_a_pdf(papered, roads, page):
    client = signed_in("zhao", unit=roads)
    desk = reverse("case_do", args=[papered.number, "feed_back"])
    url = desk if page == "desk" else reverse("case_feedback", args=[papered.number])
    assert "目前缺少：材料<" in client.get(url).content.decode()

    assert send(client, url, photos_document=upload(papers.pdf())).status_code == 302
    row = Case.everything.get(pk=papered.pk).photos.get()
    assert (row.role, row.photo.type, row.photo.pages) == ("document", papers.PDF, 1)
    assert Case.everything.get(pk=papered.pk).stage == "handled"


def test_a_squad_brings_it_by_its_link(papered, roads):
    person("zhao", unit=roads)
    lending = act("feed_back", at(2, 9, 30), origin="test")
    _link, token = actions.issue_link(papered, squad="抢修一班", act=lending)

    client, url = Client(), reverse("squad", args=[token])
    assert send(client, url, photos_document=upload(papers.pdf())).status_code == 200
    assert papered.photos.get().photo.is_document


@pytest.mark.parametrize("page", ["desk", "guided"])
@pytest.mark.parametrize(
    ("data", "words"),
    [
        (papers.pdf()[:-40], "不完整"),
        (papers.pdf(trailer=b"/Encrypt 9 0 R"), "密码"),
        (papers.pdf(papers.packed(papers.JAVASCRIPT)), "打印成不带脚本的 PDF 再传"),
        (b"PK\3\4" + bytes(40), "材料只收 PDF"),
    ],
    ids=["truncated", "encrypted", "active", "no pdf"],
)
def test_a_refusal_names_file_and_remedy_keeps_the_text_and_stores_nothing(
    papered, roads, page, data, words
):
    client = signed_in("zhao", unit=roads)
    desk = reverse("case_do", args=[papered.number, "feed_back"])
    url = desk if page == "desk" else reverse("case_feedback", args=[papered.number])
    before = state()
    answer = send(client, url, photos_document=upload(data))

    assert answer.status_code == 422
    shown = answer.content.decode()
    assert f"{SENT}：" in shown
    assert words in shown
    assert "已检测" in shown
    assert state() == before
    assert Case.everything.get(pk=papered.pk).stage == "dispatched"


def test_a_pdf_is_no_photo_after(papered, report, roads):
    client = signed_in("zhao", unit=roads)
    before = state()
    url = reverse("case_do", args=[papered.number, "feed_back"])
    answer = send(client, url, photos_after=upload(papers.pdf(b"<</Title(other)>>")))

    assert answer.status_code == 422
    assert "照片只收 JPEG" in answer.content.decode()
    assert state() == before


@pytest.mark.parametrize("role", sorted(set(CasePhoto.Role.values) - {"document"}))
def test_no_other_role_takes_a_stored_pdf(report, role):
    with pytest.raises(Refused, match="PDF 只能作为“材料”") as refused:
        Shown(report, role)
    assert refused.value.code == "photo_role"


@pytest.fixture
def brought(papered, report):
    return actions.add_photo(
        papered, photos=[Shown(report, "document")], act=act("add_photo", at(2, 9, 30), by="zhao")
    )


@pytest.mark.parametrize("who", ["handler", "dispatcher"])
def test_the_page_names_it_by_our_name_and_offers_it_to_keep(brought, report, roads, who):
    client = signed_in("zhao", unit=roads) if who == "handler" else signed_in("li")
    page = client.get(reverse("case", args=[brought.number])).content.decode()

    assert f'href="/media/{report.sha256}.pdf" download="材料-1.pdf"' in page
    assert "1 页" in page
    assert f"校验值 {report.sha256}" in page
    assert "王小明" not in page
    assert 'class="photo"' not in page
    kept = client.get(report.url)
    assert (kept.content, kept["Content-Disposition"]) == (papers.pdf(), "attachment")


def test_paper_tells_its_hash_and_draws_nothing_of_it(brought, report):
    client = signed_in("li")
    page = client.get(reverse("case_print", args=[brought.number])).content.decode()
    assert f"材料-1.pdf · {report.bytes}" in page
    assert report.sha256 in page

    from changxiao.kernel import scope

    with scope.viewing(scope.Viewer("staff", "li")):
        data, pictures = telling.dossier(brought)
    assert [one["hash"] for one in data["documents"]] == [report.sha256]
    assert data["photos"] == []
    assert not any(name.startswith("photo") for name in pictures)
    assert report.sha256 in json.dumps(data["story"], ensure_ascii=False)
    printed = printing.pdf(telling.TEMPLATE, data, pictures)
    assert printed[:5] == b"%PDF-"


def test_the_same_document_in_another_case_is_flagged(brought, report, problem):
    papers_of_another = replace(problem, photos=[Shown(report, "document")])
    second = actions.report(papers_of_another, act=act("report", at(2, 9, 50)))
    assert jobs.flag_evidence(second.head) == 1

    flag = EvidenceFlag.everything.get()
    assert (flag.kind, flag.photo, flag.other_case) == ("reused", report, brought)
    assert not PhotoPrint.objects.exists()
    page = signed_in("huang").get("/flags/").content.decode()
    assert "同一份材料" in page
    assert f"/media/{report.sha256}.pdf" in page
    assert "size=thumb" not in page


def test_the_log_names_it_by_its_hash_and_never_by_its_name(brought, report):
    bodies = "".join(Entry.objects.values_list("body", flat=True))
    assert report.sha256 == hashlib.sha256(papers.pdf()).hexdigest()
    assert report.sha256 in bodies
    assert "王小明" not in bodies
